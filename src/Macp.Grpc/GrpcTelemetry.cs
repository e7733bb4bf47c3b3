namespace Macp.Grpc;

/// <summary>The names under which calls are measured.</summary>
public static class GrpcTelemetry
{
    /// <summary>
    /// The name of the meter with <c>rpc.server.call.duration</c>, in seconds: by <c>rpc.method</c>, as <c>package.v1.Service/Method</c>, and
    /// <c>rpc.response.status_code</c>, as <c>OK</c>.
    /// </summary>
    public const string MeterName = "Macp.Grpc";
}

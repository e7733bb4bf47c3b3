namespace Macp.Grpc;

/// <summary>The names of statuses, as gRPC's documents and OpenTelemetry write them.</summary>
public static class GrpcStatusNames
{
    static readonly string[] s_names =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ];

    /// <summary>The name of a status, such as <c>DEADLINE_EXCEEDED</c>; the number of one that there is not.</summary>
    public static string Name(this GrpcStatusCode code) => (uint)code < (uint)s_names.Length ? s_names[(int)code] : code.ToString("D");
}

using Google.Protobuf;
using Google.Protobuf.Reflection;
using Macp.Grpc;
using Macp.Wire.Health.V1;
using Macp.Server.Service;
using ServingStatus = Macp.Wire.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Macp.Server.Health;

/// <summary>
/// gRPC's health protocol, for load balancers and probes: of the server as a whole, by the empty name, and of the runtime's service. Needs no authentication.
/// </summary>
sealed class HealthService(Readiness readiness)
{
    static readonly ServiceDescriptor Service = HealthReflection.Descriptor.Services[0];

    static readonly string[] Services = ["", RuntimeMethods.ServiceName];

    /// <summary>The service's full name.</summary>
    public static string Name => Service.FullName;

    /// <summary>The service with its handlers, to be mapped.</summary>
    public static GrpcService Create(Readiness readiness)
    {
        var service = new HealthService(readiness);
        return new GrpcService(Name)
            .Unary(Method("Check", HealthCheckRequest.Parser, HealthCheckResponse.Parser), (request, _) => new(service.Check(request)))
            .Unary(Method("List", HealthListRequest.Parser, HealthListResponse.Parser), (_, _) => new(service.List()))
            .ServerStreaming(Method("Watch", HealthCheckRequest.Parser, HealthCheckResponse.Parser), service.WatchAsync);
    }

    HealthCheckResponse Check(HealthCheckRequest request) =>
        Services.Contains(request.Service) ? Status(readiness.IsServing) : throw Statuses.Exception(GrpcStatusCode.NotFound, $"there is no service '{request.Service}' here");

    HealthListResponse List()
    {
        var list = new HealthListResponse();
        foreach (string service in Services) list.Statuses.Add(service, Status(readiness.IsServing));
        return list;
    }

    async Task WatchAsync(HealthCheckRequest request, IGrpcStreamWriter<HealthCheckResponse> responses, GrpcServerCall call)
    {
        if (!Services.Contains(request.Service))
        {
            await responses.WriteAsync(new() { Status = ServingStatus.ServiceUnknown }, call.CancellationToken).ConfigureAwait(false);
            await Task.Delay(Timeout.Infinite, call.CancellationToken).ConfigureAwait(false);
        }
        bool? told = null;
        while (!call.CancellationToken.IsCancellationRequested)
        {
            var (isServing, changed) = readiness.Now;
            await responses.WriteAsync(Status(isServing), call.CancellationToken).ConfigureAwait(false);
            told = isServing;
            await changed.WaitAsync(call.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        // The host stops, and that may have been told already; to a client that has gone this is said in vain.
        if (told is not false) await responses.WriteAsync(Status(false), CancellationToken.None).ConfigureAwait(false);
    }

    static HealthCheckResponse Status(bool isServing) => new() { Status = isServing ? ServingStatus.Serving : ServingStatus.NotServing };

    static GrpcMethod<TRequest, TResponse> Method<TRequest, TResponse>(string name, MessageParser<TRequest> request, MessageParser<TResponse> response)
        where TRequest : class, IMessage<TRequest>, IBufferMessage
        where TResponse : class, IMessage<TResponse>, IBufferMessage => new(Service.FullName, Service.FindMethodByName(name).Name, request, response);
}

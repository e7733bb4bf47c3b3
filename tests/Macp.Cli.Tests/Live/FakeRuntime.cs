using System.Net;
using Google.Protobuf;
using Macp.Grpc;
using Macp.Wire.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Macp.Cli.Tests.Live;

/// <summary>A gRPC server that says what a real runtime would not, or not when a test needs it.</summary>
sealed class FakeRuntime : IAsyncDisposable
{
    const string Service = "macp.v1.MACPRuntimeService";

    readonly WebApplication _app;

    FakeRuntime()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        _app = builder.Build();
        _app.UseGrpc(new GrpcService(Service)
            .Unary(Method("GetSession", GetSessionRequest.Parser, GetSessionResponse.Parser), (_, _) => new(new GetSessionResponse { Metadata = Session }))
            .Unary(Method("ListSessions", ListSessionsRequest.Parser, ListSessionsResponse.Parser), (_, _) => new(new ListSessionsResponse { Sessions = { Session } }))
            .ServerStreaming(Method("WatchSessions", WatchSessionsRequest.Parser, WatchSessionsResponse.Parser), (_, responses, _) => OnWatchSessions(responses))
            .ServerStreaming(Method("WatchSignals", WatchSignalsRequest.Parser, WatchSignalsResponse.Parser), (_, responses, _) => OnWatchSignals(responses))
            .Duplex(Method("StreamSession", StreamSessionRequest.Parser, StreamSessionResponse.Parser), async (requests, responses, _) => await OnStream((await requests.ReadAsync())!, responses)));
    }

    public Uri Endpoint => new(_app.Urls.Single());

    public SessionMetadata Session { get; init; } = new() { SessionId = "s", Mode = "macp.mode.decision.v1", ModeVersion = "1.0.0", Initiator = "ann", Participants = { "bob" }, State = SessionState.Open };

    public Func<IGrpcStreamWriter<WatchSessionsResponse>, Task> OnWatchSessions { get; set; } = _ => Task.CompletedTask;

    public Func<IGrpcStreamWriter<WatchSignalsResponse>, Task> OnWatchSignals { get; set; } = _ => Task.CompletedTask;

    public Func<StreamSessionRequest, IGrpcStreamWriter<StreamSessionResponse>, Task> OnStream { get; set; } = (_, _) => Task.CompletedTask;

    public static async Task<FakeRuntime> StartAsync(SessionMetadata? session = null)
    {
        var runtime = session is null ? new FakeRuntime() : new FakeRuntime { Session = session };
        await runtime._app.StartAsync();
        return runtime;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    static GrpcMethod<TRequest, TResponse> Method<TRequest, TResponse>(string name, MessageParser<TRequest> request, MessageParser<TResponse> response)
        where TRequest : class, IMessage<TRequest>, IBufferMessage
        where TResponse : class, IMessage<TResponse>, IBufferMessage => new(Service, name, request, response);
}

using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Macp.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Macp.Client.Tests;

/// <summary>A real gRPC server on a free loopback port that records what it is asked and answers what the test says. It knows no rules.</summary>
sealed class FakeRuntime : IAsyncDisposable
{
    public static readonly DateTimeOffset AcceptedAt = DateTimeOffset.Parse("2026-01-02T03:04:05.678Z");

    readonly WebApplication _app;

    FakeRuntime(X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (certificate is not null) listen.UseHttps(certificate);
        }));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        _app = builder.Build();
        _app.UseGrpc(new GrpcService(RuntimeMethods.Send.Service)
            .Unary(RuntimeMethods.Initialize, (r, c) => Answer(r, c, OnInitialize))
            .Unary(RuntimeMethods.Send, (r, c) =>
            {
                Sent.Enqueue(r.Envelope);
                return Answer(r, c, OnSend);
            })
            .Unary(RuntimeMethods.GetSession, (r, c) => Answer(r, c, OnGetSession))
            .Unary(RuntimeMethods.CancelSession, (r, c) => Answer(r, c, OnCancel))
            .Unary(RuntimeMethods.SuspendSession, (r, c) => Answer(r, c, OnSuspend))
            .Unary(RuntimeMethods.ResumeSession, (r, c) => Answer(r, c, OnResume))
            .Unary(RuntimeMethods.ListModes, (r, c) => Answer(r, c, OnListModes))
            .Unary(RuntimeMethods.GetManifest, (r, c) => Answer(r, c, OnGetManifest))
            .Unary(RuntimeMethods.ListExtModes, (r, c) => Answer(r, c, OnListExtModes))
            .Unary(RuntimeMethods.RegisterExtMode, (r, c) => Answer(r, c, OnRegisterExtMode))
            .Unary(RuntimeMethods.UnregisterExtMode, (r, c) => Answer(r, c, OnUnregisterExtMode))
            .Unary(RuntimeMethods.PromoteMode, (r, c) => Answer(r, c, OnPromoteMode))
            .ServerStreaming(RuntimeMethods.WatchModeRegistry, (_, responses, c) => Tell(responses, c, OnWatchModeRegistry))
            .Unary(RuntimeMethods.ListRoots, (r, c) => Answer(r, c, OnListRoots))
            .ServerStreaming(RuntimeMethods.WatchRoots, (_, responses, c) => Tell(responses, c, OnWatchRoots))
            .Unary(RuntimeMethods.ListSessions, (r, c) => Answer(r, c, OnListSessions))
            .ServerStreaming(RuntimeMethods.WatchSessions, (_, responses, c) => Tell(responses, c, OnWatchSessions))
            .ServerStreaming(RuntimeMethods.WatchSignals, (_, responses, c) => Tell(responses, c, OnWatchSignals))
            .Unary(RuntimeMethods.RegisterPolicy, (r, c) => Answer(r, c, OnRegisterPolicy))
            .Unary(RuntimeMethods.UnregisterPolicy, (r, c) => Answer(r, c, OnUnregisterPolicy))
            .Unary(RuntimeMethods.GetPolicy, (r, c) => Answer(r, c, OnGetPolicy))
            .Unary(RuntimeMethods.ListPolicies, (r, c) => Answer(r, c, OnListPolicies))
            .ServerStreaming(RuntimeMethods.WatchPolicies, (_, responses, c) => Tell(responses, c, OnWatchPolicies))
            .Duplex(RuntimeMethods.StreamSession, async (requests, responses, call) =>
            {
                Note(call);
                await OnStream(requests, responses, call);
            }));
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The credential of each call, in order; null where there was none.</summary>
    public ConcurrentQueue<string?> Credentials { get; } = [];

    /// <summary>The metadata of each call, in order.</summary>
    public ConcurrentQueue<GrpcMetadata> Headers { get; } = [];

    /// <summary>The requests of unary calls, in order.</summary>
    public ConcurrentQueue<object> Requests { get; } = [];

    /// <summary>The envelopes of Send, in order.</summary>
    public ConcurrentQueue<Envelope> Sent { get; } = [];

    public Func<InitializeRequest, GrpcServerCall, ValueTask<InitializeResponse>> OnInitialize { get; set; } =
        (_, _) => ValueTask.FromResult(new InitializeResponse { SelectedProtocolVersion = "1.0", RuntimeInfo = new() { Name = "fake" } });

    public Func<SendRequest, GrpcServerCall, ValueTask<SendResponse>> OnSend { get; set; } = (r, _) => ValueTask.FromResult(Accept(r.Envelope));

    public Func<GetSessionRequest, GrpcServerCall, ValueTask<GetSessionResponse>> OnGetSession { get; set; } =
        (r, _) => ValueTask.FromResult(new GetSessionResponse { Metadata = new() { SessionId = r.SessionId } });

    public Func<CancelSessionRequest, GrpcServerCall, ValueTask<CancelSessionResponse>> OnCancel { get; set; } =
        (r, _) => ValueTask.FromResult(new CancelSessionResponse { Ack = new() { Ok = true, SessionId = r.SessionId, SessionState = SessionState.Cancelled } });

    public Func<SuspendSessionRequest, GrpcServerCall, ValueTask<SuspendSessionResponse>> OnSuspend { get; set; } =
        (r, _) => ValueTask.FromResult(new SuspendSessionResponse { Ack = new() { Ok = true, SessionId = r.SessionId, SessionState = SessionState.Suspended } });

    public Func<ResumeSessionRequest, GrpcServerCall, ValueTask<ResumeSessionResponse>> OnResume { get; set; } =
        (r, _) => ValueTask.FromResult(new ResumeSessionResponse { Ack = new() { Ok = true, SessionId = r.SessionId, SessionState = SessionState.Open } });

    public Func<ListModesRequest, GrpcServerCall, ValueTask<ListModesResponse>> OnListModes { get; set; } =
        (_, _) => ValueTask.FromResult(new ListModesResponse { Modes = { new ModeDescriptor { Mode = Notes.Mode } } });

    public Func<GetManifestRequest, GrpcServerCall, ValueTask<GetManifestResponse>> OnGetManifest { get; set; } =
        (r, _) => ValueTask.FromResult(new GetManifestResponse { Manifest = new() { AgentId = r.AgentId } });

    public Func<ListExtModesRequest, GrpcServerCall, ValueTask<ListExtModesResponse>> OnListExtModes { get; set; } = (_, _) => new(new ListExtModesResponse());

    public Func<RegisterExtModeRequest, GrpcServerCall, ValueTask<RegisterExtModeResponse>> OnRegisterExtMode { get; set; } = (_, _) => new(new RegisterExtModeResponse { Ok = true });

    public Func<UnregisterExtModeRequest, GrpcServerCall, ValueTask<UnregisterExtModeResponse>> OnUnregisterExtMode { get; set; } =
        (_, _) => new(new UnregisterExtModeResponse { Ok = true });

    public Func<PromoteModeRequest, GrpcServerCall, ValueTask<PromoteModeResponse>> OnPromoteMode { get; set; } = (_, _) => new(new PromoteModeResponse { Ok = true });

    public Func<IGrpcStreamWriter<WatchModeRegistryResponse>, GrpcServerCall, Task> OnWatchModeRegistry { get; set; } = (_, _) => Task.CompletedTask;

    public Func<ListRootsRequest, GrpcServerCall, ValueTask<ListRootsResponse>> OnListRoots { get; set; } = (_, _) => new(new ListRootsResponse());

    public Func<IGrpcStreamWriter<WatchRootsResponse>, GrpcServerCall, Task> OnWatchRoots { get; set; } = (_, _) => Task.CompletedTask;

    public Func<ListSessionsRequest, GrpcServerCall, ValueTask<ListSessionsResponse>> OnListSessions { get; set; } = (_, _) => new(new ListSessionsResponse());

    public Func<IGrpcStreamWriter<WatchSessionsResponse>, GrpcServerCall, Task> OnWatchSessions { get; set; } = (_, _) => Task.CompletedTask;

    public Func<IGrpcStreamWriter<WatchSignalsResponse>, GrpcServerCall, Task> OnWatchSignals { get; set; } = (_, _) => Task.CompletedTask;

    public Func<RegisterPolicyRequest, GrpcServerCall, ValueTask<RegisterPolicyResponse>> OnRegisterPolicy { get; set; } =
        (_, _) => ValueTask.FromResult(new RegisterPolicyResponse { Ok = true });

    public Func<UnregisterPolicyRequest, GrpcServerCall, ValueTask<UnregisterPolicyResponse>> OnUnregisterPolicy { get; set; } =
        (_, _) => ValueTask.FromResult(new UnregisterPolicyResponse { Ok = true });

    public Func<GetPolicyRequest, GrpcServerCall, ValueTask<GetPolicyResponse>> OnGetPolicy { get; set; } =
        (r, _) => throw new GrpcException(GrpcStatusCode.NotFound, $"Policy '{r.PolicyId}' not found");

    public Func<ListPoliciesRequest, GrpcServerCall, ValueTask<ListPoliciesResponse>> OnListPolicies { get; set; } =
        (_, _) => ValueTask.FromResult(new ListPoliciesResponse());

    public Func<IGrpcStreamWriter<WatchPoliciesResponse>, GrpcServerCall, Task> OnWatchPolicies { get; set; } = (_, _) => Task.CompletedTask;

    public Func<IGrpcStreamReader<StreamSessionRequest>, IGrpcStreamWriter<StreamSessionResponse>, GrpcServerCall, Task> OnStream { get; set; } =
        async (requests, _, _) => await requests.ReadAsync();

    public static async Task<FakeRuntime> StartAsync(X509Certificate2? certificate = null)
    {
        var runtime = new FakeRuntime(certificate);
        await runtime._app.StartAsync();
        return runtime;
    }

    public MacpClient Connect(MacpAuth? auth = null, Func<MacpClientOptions, MacpClientOptions>? configure = null)
    {
        var options = new MacpClientOptions { Endpoint = Address, AllowInsecure = true, Auth = auth };
        return new(configure?.Invoke(options) ?? options);
    }

    public static SendResponse Accept(Envelope envelope) => new()
    {
        Ack = new()
        {
            Ok = true,
            MessageId = envelope.MessageId,
            SessionId = envelope.SessionId,
            AcceptedAtUnixMs = AcceptedAt.ToUnixTimeMilliseconds(),
            SessionState = SessionState.Open,
        },
    };

    public static SendResponse Duplicate(Envelope envelope) => new() { Ack = new() { Ok = false, Duplicate = true, MessageId = envelope.MessageId, SessionId = envelope.SessionId } };

    public static SendResponse Refuse(Envelope envelope, string code, string message = "no", string details = "") => new()
    {
        Ack = new()
        {
            MessageId = envelope.MessageId,
            SessionId = envelope.SessionId,
            Error = new() { Code = code, Message = message, Details = Google.Protobuf.ByteString.CopyFromUtf8(details) },
        },
    };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    void Note(GrpcServerCall call)
    {
        Credentials.Enqueue(call.Header("authorization"));
        Headers.Enqueue(call.RequestHeaders);
    }

    ValueTask<TResponse> Answer<TRequest, TResponse>(TRequest request, GrpcServerCall call, Func<TRequest, GrpcServerCall, ValueTask<TResponse>> answer)
        where TRequest : notnull
    {
        Note(call);
        Requests.Enqueue(request);
        return answer(request, call);
    }

    // Headers at once, as runtimes do.
    async Task Tell<TResponse>(IGrpcStreamWriter<TResponse> responses, GrpcServerCall call, Func<IGrpcStreamWriter<TResponse>, GrpcServerCall, Task> tell)
        where TResponse : class
    {
        Note(call);
        await responses.FlushAsync();
        await tell(responses, call);
    }
}

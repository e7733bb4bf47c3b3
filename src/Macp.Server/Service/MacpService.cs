using Macp.Grpc;
using Macp.Protocol;
using Macp.Runtime;
using Macp.Server.Authentication;
using Macp.Wire.V1;

namespace Macp.Server.Service;

/// <summary>
/// The runtime service: it authenticates, asks the kernel, and tells the outcome as gRPC. A plain class over protobuf messages, so that another
/// gRPC library needs no more than another <see cref="Create"/>.
/// </summary>
sealed class MacpService(MacpRuntime runtime, IAuthenticator authenticator)
{
    readonly HotFrames _frames = new();

    /// <summary>The service with its handlers, to be mapped.</summary>
    public static GrpcService Create(MacpRuntime runtime, IAuthenticator authenticator)
    {
        var service = new MacpService(runtime, authenticator);
        return new GrpcService(RuntimeMethods.ServiceName)
            .Unary(RuntimeMethods.Initialize, (request, _) => new(Statuses.ValueOf(runtime.Initialize(request))))
            .Unary(RuntimeMethods.Send, service.SendAsync)
            .Unary(RuntimeMethods.GetSession, service.GetSessionAsync)
            .Unary(RuntimeMethods.CancelSession, service.CancelSessionAsync)
            .Unary(RuntimeMethods.SuspendSession, service.SuspendSessionAsync)
            .Unary(RuntimeMethods.ResumeSession, service.ResumeSessionAsync)
            .Unary(RuntimeMethods.GetManifest, (request, _) => new(Statuses.ValueOf(runtime.GetManifest(request.AgentId))))
            .Unary(RuntimeMethods.ListModes, (_, _) => new(runtime.ListModes()))
            .Unary(RuntimeMethods.ListExtModes, (_, _) => new(runtime.ListExtModes()))
            .Unary(RuntimeMethods.RegisterPolicy, service.Changing((RegisterPolicyRequest request, Identity? identity, CancellationToken token) => runtime.Policies.RegisterAsync(identity, request.PolicyDescriptor, token)))
            .Unary(RuntimeMethods.UnregisterPolicy, service.Changing((UnregisterPolicyRequest request, Identity? identity, CancellationToken token) => runtime.Policies.UnregisterAsync(identity, request.PolicyId, token)))
            .Unary(RuntimeMethods.GetPolicy, service.As((GetPolicyRequest request, Identity? identity) => runtime.Policies.Get(identity, request.PolicyId)))
            .Unary(RuntimeMethods.ListPolicies, service.As((ListPoliciesRequest request, Identity? identity) => runtime.Policies.List(identity, request.Mode)))
            .ServerStreaming(RuntimeMethods.WatchPolicies, service.Watching<WatchPoliciesRequest, WatchPoliciesResponse>(runtime.Policies.Watch))
            .Unary(RuntimeMethods.RegisterExtMode, service.Changing((RegisterExtModeRequest request, Identity? identity, CancellationToken token) => runtime.Modes.RegisterAsync(identity, request.ModeDescriptor, token)))
            .Unary(RuntimeMethods.UnregisterExtMode, service.Changing((UnregisterExtModeRequest request, Identity? identity, CancellationToken token) => runtime.Modes.UnregisterAsync(identity, request.Mode, token)))
            .Unary(RuntimeMethods.PromoteMode, service.Changing((PromoteModeRequest request, Identity? identity, CancellationToken token) => runtime.Modes.PromoteAsync(identity, request.Mode, request.PromotedModeName, token)))
            .ServerStreaming(RuntimeMethods.WatchModeRegistry, service.Watching<WatchModeRegistryRequest, WatchModeRegistryResponse>(runtime.Modes.Watch))
            .Unary(RuntimeMethods.ListSessions, service.ListSessionsAsync)
            .ServerStreaming(RuntimeMethods.WatchSessions, service.Watching<WatchSessionsRequest, WatchSessionsResponse>(runtime.WatchSessions))
            .ServerStreaming(RuntimeMethods.WatchSignals, service.Watching<WatchSignalsRequest, WatchSignalsResponse>(runtime.WatchSignals))
            .Unary(RuntimeMethods.ListRoots, (_, _) => new(runtime.ListRoots()))
            .ServerStreaming(RuntimeMethods.WatchRoots, service.Watching<WatchRootsRequest, WatchRootsResponse>(runtime.WatchRoots))
            .Duplex(RuntimeMethods.StreamSession, service.StreamSessionAsync);
    }

    // Every refusal is a nack inside an OK response, a missing credential included; only a request without an envelope is not. The path of most
    // messages: no state machine where nothing waits, and no token, since a message is judged in less time than it takes to make one.
    ValueTask<SendResponse> SendAsync(SendRequest request, GrpcServerCall call)
    {
        if (request.Envelope is not { } envelope) throw Statuses.Exception(GrpcStatusCode.InvalidArgument, "INVALID_REQUEST: envelope must be set");
        var identity = authenticator.AuthenticateAsync(call);
        if (!identity.IsCompletedSuccessfully) return AwaitedAsync(identity, envelope, call);
        var ack = runtime.SendAsync(identity.Result, envelope, TraceHeaders.ContextOf(call), default);
        return ack.IsCompletedSuccessfully ? new(new SendResponse { Ack = ack.Result }) : AnsweredAsync(ack);
    }

    async ValueTask<SendResponse> AwaitedAsync(ValueTask<Identity?> identity, Envelope envelope, GrpcServerCall call) =>
        new() { Ack = await runtime.SendAsync(await identity.ConfigureAwait(false), envelope, TraceHeaders.ContextOf(call), default).ConfigureAwait(false) };

    static async ValueTask<SendResponse> AnsweredAsync(ValueTask<Ack> ack) => new() { Ack = await ack.ConfigureAwait(false) };

    async ValueTask<GetSessionResponse> GetSessionAsync(GetSessionRequest request, GrpcServerCall call)
    {
        var identity = await authenticator.AuthenticateAsync(call).ConfigureAwait(false);
        return new() { Metadata = Statuses.ValueOf(await runtime.GetSessionAsync(identity, request.SessionId).ConfigureAwait(false)) };
    }

    async ValueTask<CancelSessionResponse> CancelSessionAsync(CancelSessionRequest request, GrpcServerCall call)
    {
        var identity = await authenticator.AuthenticateAsync(call).ConfigureAwait(false);
        return new() { Ack = Statuses.ValueOf(await runtime.CancelAsync(identity, request.SessionId, request.Reason, TraceHeaders.ContextOf(call)).ConfigureAwait(false)) };
    }

    async ValueTask<SuspendSessionResponse> SuspendSessionAsync(SuspendSessionRequest request, GrpcServerCall call)
    {
        var identity = await authenticator.AuthenticateAsync(call).ConfigureAwait(false);
        return new() { Ack = Statuses.ValueOf(await runtime.SuspendAsync(identity, request.SessionId, request.Reason, TraceHeaders.ContextOf(call)).ConfigureAwait(false)) };
    }

    async ValueTask<ResumeSessionResponse> ResumeSessionAsync(ResumeSessionRequest request, GrpcServerCall call)
    {
        var identity = await authenticator.AuthenticateAsync(call).ConfigureAwait(false);
        return new() { Ack = Statuses.ValueOf(await runtime.ResumeAsync(identity, request.SessionId, request.Reason, TraceHeaders.ContextOf(call)).ConfigureAwait(false)) };
    }

    async ValueTask<ListSessionsResponse> ListSessionsAsync(ListSessionsRequest request, GrpcServerCall call)
    {
        var identity = await authenticator.AuthenticateAsync(call).ConfigureAwait(false);
        bool includeFinished = call.Header(MacpProtocol.FinishedSessionsHeader) == "1";
        return Statuses.ValueOf(await runtime.ListSessionsAsync(identity, request, includeFinished, call.CancellationToken).ConfigureAwait(false));
    }

    /// <summary>A call to a registry, by whoever calls.</summary>
    Func<TRequest, GrpcServerCall, ValueTask<TResponse>> As<TRequest, TResponse>(Func<TRequest, Identity?, Outcome<TResponse>> ask)
        where TResponse : class => async (request, call) =>
            Statuses.ValueOf(ask(request, await authenticator.AuthenticateAsync(call).ConfigureAwait(false)));

    /// <summary>A call that changes a registry, by whoever calls.</summary>
    Func<TRequest, GrpcServerCall, ValueTask<TResponse>> Changing<TRequest, TResponse>(Func<TRequest, Identity?, CancellationToken, ValueTask<Outcome<TResponse>>> change)
        where TResponse : class => async (request, call) =>
        {
            var identity = await authenticator.AuthenticateAsync(call).ConfigureAwait(false);
            return Statuses.ValueOf(await change(request, identity, call.CancellationToken).ConfigureAwait(false));
        };

    /// <summary>A stream of what happens, for whoever calls, until the caller ends it. The response's headers say that nothing is missed from now on.</summary>
    Func<TRequest, IGrpcStreamWriter<TResponse>, GrpcServerCall, Task> Watching<TRequest, TResponse>(Func<Identity?, Outcome<IAsyncEnumerable<TResponse>>> watch)
        where TResponse : class => async (_, responses, call) =>
        {
            var happenings = Statuses.ValueOf(watch(await authenticator.AuthenticateAsync(call).ConfigureAwait(false)));
            await responses.FlushAsync(call.CancellationToken).ConfigureAwait(false);
            try
            {
                await foreach (var happening in happenings.WithCancellation(call.CancellationToken).ConfigureAwait(false))
                    await responses.WriteAsync(happening, call.CancellationToken).ConfigureAwait(false);
            }
            catch (FellBehindException e)
            {
                throw Statuses.Exception(GrpcStatusCode.ResourceExhausted, e.Message);
            }
        };

    // Authenticated once, when the stream opens.
    async Task StreamSessionAsync(IGrpcStreamReader<StreamSessionRequest> requests, IGrpcStreamWriter<StreamSessionResponse> responses, GrpcServerCall call)
    {
        var identity = await authenticator.AuthenticateAsync(call).ConfigureAwait(false)
            ?? throw Statuses.Exception(GrpcStatusCode.Unauthenticated, "UNAUTHENTICATED: a credential is needed");
        bool annotations = call.Header(MacpProtocol.AnnotationsHeader) == "1";
        // Some clients wait for the headers before they send a frame.
        await responses.FlushAsync(call.CancellationToken).ConfigureAwait(false);
        await new SessionStream(runtime, identity, TraceHeaders.ContextOf(call), annotations, requests, new(responses, _frames)).RunAsync(call.CancellationToken).ConfigureAwait(false);
    }
}

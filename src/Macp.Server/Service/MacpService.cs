using System.Diagnostics;
using Macp.Grpc;
using Macp.Protocol;
using Macp.Runtime;
using Macp.Server.Authentication;
using Macp.Server.Telemetry;
using Macp.Wire.V1;

namespace Macp.Server.Service;

/// <summary>
/// The runtime service: it authenticates, asks the kernel, and tells the outcome as gRPC. A plain class over protobuf messages, so that another
/// gRPC library needs no more than another <see cref="Create"/>.
/// </summary>
sealed class MacpService(MacpRuntime runtime, IAuthenticator authenticator, SecurityLog log)
{
    readonly HotFrames _frames = new();

    /// <summary>The service with its handlers, to be mapped.</summary>
    public static GrpcService Create(MacpRuntime runtime, IAuthenticator authenticator, SecurityLog log)
    {
        var service = new MacpService(runtime, authenticator, log);
        var registries = new RegistryCalls(runtime, authenticator, log);
        return new GrpcService(RuntimeMethods.ServiceName)
            .Unary(RuntimeMethods.Initialize, (request, _) => new(Statuses.ValueOf(runtime.Initialize(request))))
            .Unary(RuntimeMethods.Send, service.SendAsync)
            .Unary(RuntimeMethods.GetSession, service.GetSessionAsync)
            .Unary(RuntimeMethods.CancelSession, (request, call) => service.ControlAsync(call, request.SessionId, request.Reason, runtime.CancelAsync, SessionState.Cancelled, "cancelled", ack => new CancelSessionResponse { Ack = ack }))
            .Unary(RuntimeMethods.SuspendSession, (request, call) => service.ControlAsync(call, request.SessionId, request.Reason, runtime.SuspendAsync, SessionState.Suspended, "suspended", ack => new SuspendSessionResponse { Ack = ack }))
            .Unary(RuntimeMethods.ResumeSession, (request, call) => service.ControlAsync(call, request.SessionId, request.Reason, runtime.ResumeAsync, SessionState.Open, "resumed", ack => new ResumeSessionResponse { Ack = ack }))
            .Unary(RuntimeMethods.GetManifest, (request, _) => new(Statuses.ValueOf(runtime.GetManifest(request.AgentId))))
            .Unary(RuntimeMethods.ListModes, (_, _) => new(runtime.ListModes()))
            .Unary(RuntimeMethods.ListExtModes, (_, _) => new(runtime.ListExtModes()))
            .Unary(RuntimeMethods.RegisterPolicy, registries.RegisterPolicyAsync)
            .Unary(RuntimeMethods.UnregisterPolicy, registries.UnregisterPolicyAsync)
            .Unary(RuntimeMethods.GetPolicy, registries.GetPolicyAsync)
            .Unary(RuntimeMethods.ListPolicies, registries.ListPoliciesAsync)
            .ServerStreaming(RuntimeMethods.WatchPolicies, service.Watching<WatchPoliciesRequest, WatchPoliciesResponse>(runtime.Policies.Watch))
            .Unary(RuntimeMethods.RegisterExtMode, registries.RegisterModeAsync)
            .Unary(RuntimeMethods.UnregisterExtMode, registries.UnregisterModeAsync)
            .Unary(RuntimeMethods.PromoteMode, registries.PromoteModeAsync)
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
        return ack.IsCompletedSuccessfully ? new(Answer(call, identity.Result, envelope, ack.Result)) : AnsweredAsync(call, identity.Result, envelope, ack);
    }

    async ValueTask<SendResponse> AwaitedAsync(ValueTask<Identity?> identity, Envelope envelope, GrpcServerCall call)
    {
        var caller = await identity.ConfigureAwait(false);
        return Answer(call, caller, envelope, await runtime.SendAsync(caller, envelope, TraceHeaders.ContextOf(call), default).ConfigureAwait(false));
    }

    async ValueTask<SendResponse> AnsweredAsync(GrpcServerCall call, Identity? identity, Envelope envelope, ValueTask<Ack> ack) =>
        Answer(call, identity, envelope, await ack.ConfigureAwait(false));

    SendResponse Answer(GrpcServerCall call, Identity? identity, Envelope envelope, Ack ack)
    {
        if (!ack.Ok) log.Refused(call, identity, envelope, ack.Error);
        return new() { Ack = ack };
    }

    async ValueTask<GetSessionResponse> GetSessionAsync(GetSessionRequest request, GrpcServerCall call)
    {
        var identity = await authenticator.AuthenticateAsync(call).ConfigureAwait(false);
        return new() { Metadata = Statuses.ValueOf(log.Heard(call, identity, request.SessionId, await runtime.GetSessionAsync(identity, request.SessionId).ConfigureAwait(false))) };
    }

    async ValueTask<TResponse> ControlAsync<TResponse>(
        GrpcServerCall call, string sessionId, string reason, Func<Identity?, string, string, ActivityContext, ValueTask<Outcome<Ack>>> ask, SessionState wanted, string done, Func<Ack, TResponse> answer)
    {
        var identity = await authenticator.AuthenticateAsync(call).ConfigureAwait(false);
        var ack = Statuses.ValueOf(log.Heard(call, identity, sessionId, await ask(identity, sessionId, reason, TraceHeaders.ContextOf(call)).ConfigureAwait(false)));
        // What had ended before in another way was not cancelled, and the ack tells so.
        if (ack.Ok && ack.SessionState == wanted) log.Controlled(identity, done, sessionId);
        return answer(ack);
    }

    async ValueTask<ListSessionsResponse> ListSessionsAsync(ListSessionsRequest request, GrpcServerCall call)
    {
        var identity = await authenticator.AuthenticateAsync(call).ConfigureAwait(false);
        bool includeFinished = call.Header(MacpProtocol.FinishedSessionsHeader) == "1";
        return Statuses.ValueOf(await runtime.ListSessionsAsync(identity, request, includeFinished, call.CancellationToken).ConfigureAwait(false));
    }

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
        // Some clients wait for the headers before they send a frame.
        await responses.FlushAsync(call.CancellationToken).ConfigureAwait(false);
        await new SessionStream(runtime, identity, call, log, requests, new(responses, _frames)).RunAsync(call.CancellationToken).ConfigureAwait(false);
    }
}

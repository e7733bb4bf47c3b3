using Google.Protobuf;
using Macp.Grpc.Wire;
using Microsoft.AspNetCore.Http;

namespace Macp.Grpc.Server;

/// <summary>A call that may live long and answers with any number of messages.</summary>
sealed class StreamingHandler<TRequest, TResponse>(
    GrpcMethod<TRequest, TResponse> method, Func<RequestStream<TRequest>, ResponseStream<TResponse>, GrpcServerCall, Task> handler, ServerEnvironment server, bool hasOneRequest)
    : MethodHandler
    where TRequest : class, IMessage<TRequest>, IBufferMessage
    where TResponse : class, IMessage<TResponse>, IBufferMessage
{
    public override async Task InvokeAsync(HttpContext context)
    {
        var call = new GrpcServerCall(context, server, method.FullName, streaming: true);
        if (call.Refusal is { } refusal)
        {
            await call.EndAsync(refusal).ConfigureAwait(false);
            return;
        }

        BodyLimits.LiftSize(context);
        BodyLimits.LiftRate(context);
        var lifetime = call.Watched();
        try
        {
            if (hasOneRequest) call.BeginLimit();
            else await call.TakeTurnAsync().ConfigureAwait(false);
            var messages = new MessageReader<TRequest>(context.Request.BodyReader, method.RequestParser, server.Rules, method.RequestCheck)
            {
                // A stream may be silent between messages, and not within one: what has come of it is held in memory.
                AwaitsRest = hasOneRequest ? null : awaits => { if (awaits) call.BeginLimit(); else call.EndLimit(); },
            };
            var requests = new RequestStream<TRequest>(messages, lifetime);
            await handler(requests, new ResponseStream<TResponse>(call, lifetime), call).ConfigureAwait(false);
            await call.EndAsync(lifetime.Verdict ?? GrpcStatus.Ok).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await call.FailAsync(e).ConfigureAwait(false);
        }
    }
}

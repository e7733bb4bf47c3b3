using Google.Protobuf;
using Macp.Grpc.Wire;
using Microsoft.AspNetCore.Http;

namespace Macp.Grpc.Server;

/// <summary>
/// One request, one response. When the request is there already and the handler answers at once, the call runs through without
/// an asynchronous state machine; headers, message and trailers then leave in one write, when the request completes.
/// </summary>
sealed class UnaryHandler<TRequest, TResponse>(
    GrpcMethod<TRequest, TResponse> method, Func<TRequest, GrpcServerCall, ValueTask<TResponse>> handler, ServerEnvironment server) : MethodHandler
    where TRequest : class, IMessage<TRequest>, IBufferMessage
    where TResponse : class, IMessage<TResponse>, IBufferMessage
{
    public override Task InvokeAsync(HttpContext context)
    {
        var call = new GrpcServerCall(context, server, method.FullName, streaming: false);
        if (call.Refusal is { } refusal) return call.EndAsync(refusal);

        BodyLimits.LiftSize(context);
        return call.TryEnter() ? HandleAsync(call) : WaitAndHandleAsync(call);
    }

    async Task WaitAndHandleAsync(GrpcServerCall call)
    {
        try
        {
            await call.EnterAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await call.FailAsync(e).ConfigureAwait(false);
            return;
        }

        await HandleAsync(call).ConfigureAwait(false);
    }

    Task HandleAsync(GrpcServerCall call)
    {
        ValueTask<TResponse> answer;
        try
        {
            if (!TryRead(call.HttpContext, out var request)) return ReadAndAnswerAsync(call);

            answer = handler(request!, call);
        }
        catch (Exception e)
        {
            return call.FailAsync(e);
        }

        return answer.IsCompletedSuccessfully ? call.ReplyAsync(answer.Result) : AnswerAsync(call, answer);
    }

    bool TryRead(HttpContext context, out TRequest? request)
    {
        try
        {
            return MessageReader<TRequest>.TryReadSingle(context.Request.BodyReader, method.RequestParser, server.Rules, method.RequestCheck, out request);
        }
        catch (IOException e)
        {
            throw CallLifetime.ClientGone(e);
        }
    }

    async ValueTask<TRequest> ReadAsync(HttpContext context)
    {
        try
        {
            var messages = new MessageReader<TRequest>(context.Request.BodyReader, method.RequestParser, server.Rules, method.RequestCheck);
            return await messages.ReadSingleAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw CallLifetime.ClientGone(e);
        }
    }

    async Task ReadAndAnswerAsync(GrpcServerCall call)
    {
        ValueTask<TResponse> answer;
        try
        {
            call.KeepTime();
            // Where there is a limit, it is that which ends a slow body, and not the whole connection as Kestrel does.
            if (server.RequestTimeout is not null) BodyLimits.LiftRate(call.HttpContext);
            answer = handler(await ReadAsync(call.HttpContext).ConfigureAwait(false), call);
        }
        catch (Exception e)
        {
            await call.FailAsync(e).ConfigureAwait(false);
            return;
        }

        await AnswerAsync(call, answer).ConfigureAwait(false);
    }

    static async Task AnswerAsync(GrpcServerCall call, ValueTask<TResponse> answer)
    {
        try
        {
            call.KeepTime();
            var response = await answer.ConfigureAwait(false);
            await call.ReplyAsync(response).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await call.FailAsync(e).ConfigureAwait(false);
        }
    }
}

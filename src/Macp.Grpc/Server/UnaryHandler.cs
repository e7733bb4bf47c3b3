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
        return HandleAsync(call);
    }

    Task HandleAsync(GrpcServerCall call)
    {
        ValueTask<TResponse> answer;
        try
        {
            if (!TryRead(call.HttpContext, out var request) || !call.TryEnter()) return WaitAndAnswerAsync(call, request);

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
        // Where there is a limit, it is that which ends a slow body, and not the whole connection as Kestrel does.
        if (server.RequestTimeout is not null) BodyLimits.LiftRate(context);
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

    // A place is taken when the request is there, and never while it is waited for: those that wait for a place would hold, unread, the window of the
    // connection that those with one wait for (RFC 9113 section 5.2.2).
    async Task WaitAndAnswerAsync(GrpcServerCall call, TRequest? request)
    {
        ValueTask<TResponse> answer;
        try
        {
            call.KeepTime();
            request ??= await ReadAsync(call.HttpContext).ConfigureAwait(false);
            if (!call.TryEnter()) await call.EnterAsync().ConfigureAwait(false);
            answer = handler(request, call);
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

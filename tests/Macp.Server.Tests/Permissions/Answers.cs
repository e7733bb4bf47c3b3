using System.Text.RegularExpressions;
using Google.Protobuf;
using Macp.Grpc;
using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>What a caller is answered, in the words of the table: a status, the code of a nack or of an inline error, or what a registry says.</summary>
static class Answers
{
    public const string Ok = "OK";

    public static string Of(GrpcException e) => Regex.Replace(e.Status.Code.ToString(), "(?<!^)([A-Z])", "_$1").ToUpperInvariant();

    public static string Of(Ack ack) => ack.Ok ? Ok : ack.Error.Code;

    public static string Of(bool ok) => ok ? Ok : "ok: false";

    /// <summary>A call of one answer.</summary>
    public static async Task<string> CallAsync<TRequest, TResponse>(this Stage stage, GrpcMethod<TRequest, TResponse> method, TRequest request, string caller, Func<TResponse, string>? read = null)
        where TRequest : class, IMessage<TRequest>, IBufferMessage
        where TResponse : class, IMessage<TResponse>, IBufferMessage
    {
        try
        {
            var answer = await stage.Runtime.Channel.UnaryAsync(method, request, Callers.As(caller)).Happens();
            return read?.Invoke(answer) ?? Ok;
        }
        catch (GrpcException e)
        {
            return Of(e);
        }
    }

    public static Task<string> SendAsync(this Stage stage, string caller, Envelope envelope) =>
        stage.CallAsync(Rpc.Send, new() { Envelope = envelope }, caller, answer => Of(answer.Ack));

    /// <summary>A watch, to the first thing that it tells.</summary>
    public static async Task<string> WatchAsync<TRequest, TResponse>(this Stage stage, GrpcMethod<TRequest, TResponse> method, string caller)
        where TRequest : class, IMessage<TRequest>, IBufferMessage, new()
        where TResponse : class, IMessage<TResponse>, IBufferMessage
    {
        try
        {
            await using var watch = await stage.Runtime.WatchAsync(method, Callers.Credential(caller));
            await watch.NextAsync();
            return Ok;
        }
        catch (GrpcException e)
        {
            return Of(e);
        }
    }

    /// <summary>A stream with one frame, to its end. Whoever is refused is to hear nothing of the session.</summary>
    /// <param name="stage">Where.</param>
    /// <param name="caller">Who.</param>
    /// <param name="frame">What; null for a stream that is opened and no more.</param>
    /// <param name="isEchoed">Whether an envelope is the answer; else there is none.</param>
    public static async Task<string> StreamAsync(this Stage stage, string caller, StreamSessionRequest? frame, bool isEchoed = true)
    {
        try
        {
            await using var stream = stage.Runtime.Stream(Callers.Credential(caller));
            if (frame is not null) await stream.WriteAsync(frame);
            await stream.CompleteAsync();
            var first = await stream.NextAsync();
            if (first?.Error is { } error) return await stream.NextAsync() is null ? error.Code : error.Code + ", and more";
            return isEchoed == first?.Envelope is not null ? Ok : first is null ? "silence" : "an envelope";
        }
        catch (GrpcException e)
        {
            return Of(e);
        }
    }
}

using System.Net;
using Google.Protobuf;
using Macp.Grpc.Server;
using Macp.Grpc.Wire;
using Microsoft.AspNetCore.Http;

namespace Macp.Grpc;

/// <summary>What a handler knows of its call. Not to be used once the handler has returned.</summary>
public sealed partial class GrpcServerCall
{
    readonly HttpContext _context;
    readonly string _method;
    readonly bool _streaming;
    long _begun;
    CallLifetime? _lifetime;
    GrpcMetadata? _requestHeaders, _responseHeaders, _responseTrailers;
    bool _hasHeaders;

    internal GrpcServerCall(HttpContext context, ServerEnvironment server, string method, bool streaming)
    {
        (_context, Server, _method, _streaming) = (context, server, method, streaming);
        _begun = server.Meter.Begin();
        var timeout = context.Request.Headers[HeaderName.Timeout];
        if (timeout.Count != 0) (Deadline, Refusal) = DeadlineAfter(timeout.ToString(), server.Time.GetUtcNow());
    }

    /// <summary>The HTTP request and response beneath: connection, client certificate, services. The response belongs to the call.</summary>
    public HttpContext HttpContext => _context;

    /// <summary>
    /// When the client gives up, by <see cref="GrpcServerOptions.TimeProvider"/>; null when it waits for ever. Once it has passed the
    /// client is answered with DEADLINE_EXCEEDED at once, whether or not the handler heeds the token.
    /// </summary>
    public DateTimeOffset? Deadline { get; }

    /// <summary>
    /// Fires when the client cancels or is gone, when the deadline or the server's own limit passes, and, on streaming calls only, when the host begins to stop:
    /// the handler may then write what it has at hand, and whatever it returns the stream ends with UNAVAILABLE. Unary calls are left
    /// to complete within the host's shutdown timeout.
    /// </summary>
    public CancellationToken CancellationToken =>
        _lifetime is not null || _streaming || HasTime ? Watched().Token : _context.RequestAborted;

    /// <summary>The client's address and port, such as <c>127.0.0.1:50123</c>; empty when the transport has none.</summary>
    public string Peer => _context.Connection.RemoteIpAddress is { } address
        ? new IPEndPoint(address, _context.Connection.RemotePort).ToString()
        : "";

    /// <summary>All of the request's metadata. <see cref="Header"/> is cheaper for one entry.</summary>
    public GrpcMetadata RequestHeaders => _requestHeaders ??= MetadataHeaders.Received(_context.Request.Headers);

    /// <summary>Metadata to send ahead of the first message. Ignored once that has gone, or when the call fails before it.</summary>
    public GrpcMetadata ResponseHeaders => _responseHeaders ??= [];

    /// <summary>Metadata to send with the status.</summary>
    public GrpcMetadata ResponseTrailers => _responseTrailers ??= [];

    internal ServerEnvironment Server { get; }

    /// <summary>Why the call is not even begun; null when it is.</summary>
    internal GrpcStatus? Refusal { get; }

    /// <summary>One header of the request as it arrived, without building a collection; null when it is absent. The last one when it is repeated.</summary>
    /// <param name="name">The name, in any case. The value of a <c>-bin</c> header is base64.</param>
    public string? Header(string name) => _context.Request.Headers[name] is { Count: > 0 } values ? values[^1] : null;

    /// <summary>The call's lifetime, watched from now on.</summary>
    internal CallLifetime Watched()
    {
        if (Volatile.Read(ref _lifetime) is { } watched) return watched;

        var lifetime = CallLifetime.Of(this);
        if (Interlocked.CompareExchange(ref _lifetime, lifetime, null) is { } other) return other;

        if (_streaming) KeepDeadline();
        else KeepTime();
        lifetime.Watch(_context.RequestAborted, _streaming ? Server.Stopping : CancellationToken.None);
        return lifetime;
    }

    /// <summary>Sends the headers ahead of the first message. Under the lifetime's gate, where there is one.</summary>
    internal void EnsureHeaders()
    {
        if (_hasHeaders) return;
        _hasHeaders = true;
        Leave();
        ResponseTrailer.WriteHeaders(_context.Response, _responseHeaders);
    }

    /// <summary>Sets the status. It is sent when the request completes.</summary>
    internal void SetStatus(GrpcStatus status, GrpcMetadata? trailers = null)
    {
        Measure(status.Code);
        if (status.IsOk) EnsureHeaders();
        trailers ??= _responseTrailers;
        if (_hasHeaders) ResponseTrailer.Write(_context, status, trailers);
        else ResponseTrailer.WriteOnly(_context, status, trailers);
    }

    /// <summary>Measures the call, once: it ends with this.</summary>
    internal void Measure(GrpcStatusCode code)
    {
        if (_begun == 0) return;
        Server.Meter.End(_begun, _method, code);
        _begun = 0;
    }

    /// <summary>Sets the status and sends it now.</summary>
    internal async Task CompleteAsync(GrpcStatus status)
    {
        try
        {
            SetStatus(status);
            await _context.Response.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has gone; the status was for it.
        }
    }

    /// <summary>Wakes a read and a flush that wait.</summary>
    internal void CancelPending()
    {
        _context.Response.BodyWriter.CancelPendingFlush();
        try
        {
            _context.Request.BodyReader.CancelPendingRead();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has reset the call: no read waits any more. On a timer's thread the exception would end the process.
        }
    }

    /// <summary>Ends a unary call with its response, unless it has ended already.</summary>
    internal Task ReplyAsync<T>(T message) where T : IMessage
    {
        if (!TryRelease(out var ended)) return ended;
        try
        {
            MessageFrame.Write(_context.Response.BodyWriter, message, Server.MaxSendBytes);
            SetStatus(GrpcStatus.Ok);
        }
        catch (Exception e)
        {
            var (status, trailers) = StatusOf(e);
            SetStatus(status, trailers);
        }
        return Task.CompletedTask;
    }

    /// <summary>Ends the call as its handler's exception says.</summary>
    internal Task FailAsync(Exception exception)
    {
        var (status, trailers) = StatusOf(exception);
        return EndAsync(status, trailers);
    }

    /// <summary>Ends the call unless it has ended already; then waits until what it got is sent.</summary>
    internal Task EndAsync(GrpcStatus status, GrpcMetadata? trailers = null)
    {
        if (TryRelease(out var ended)) SetStatus(status, trailers);
        return ended;
    }

    // True if the outcome is still to be sent; false when the call was ended from outside, with the reply it got.
    bool TryRelease(out Task ended)
    {
        ended = Task.CompletedTask;
        ForgetTime();
        Leave();
        if (Interlocked.CompareExchange(ref _lifetime, CallLifetime.Over, null) is not { } lifetime) return true;

        bool mine = lifetime.TryEnd();
        lifetime.Release();
        if (!mine) ended = lifetime.Reply;
        return mine;
    }

    (GrpcStatus Status, GrpcMetadata? Trailers) StatusOf(Exception exception)
    {
        if (exception is GrpcException { Status.IsOk: false } failure) return (failure.Status, failure.Trailers.Count == 0 ? null : failure.Trailers);
        if (exception is OperationCanceledException && _lifetime?.Verdict is { } verdict) return (verdict, null);
        // A reset of the request stream may be read before the token fires; it is told by the call's own token.
        bool isEnd = exception is OperationCanceledException { CancellationToken: var token } && token == _lifetime?.Token;
        if (isEnd || (exception is OperationCanceledException or IOException && _context.RequestAborted.IsCancellationRequested))
            return (CallLifetime.Cancelled, null);

        // Not a word of it on the wire: it may name files, hosts and people.
        Log.HandlerFailed(Server.Logger, _context.Request.Path.Value ?? "", exception);
        return (new(GrpcStatusCode.Unknown, "The handler failed."), null);
    }

    static (DateTimeOffset?, GrpcStatus?) DeadlineAfter(string timeout, DateTimeOffset now)
    {
        if (!CallTimeout.TryParse(timeout, out var duration)) return (null, new(GrpcStatusCode.Internal, "The grpc-timeout header is malformed."));
        if (duration == TimeSpan.Zero) return (now, CallLifetime.DeadlinePassed);

        // The largest timeout, 99999999 hours, ends after the calendar does.
        return (duration < DateTimeOffset.MaxValue - now ? now + duration : DateTimeOffset.MaxValue, null);
    }
}

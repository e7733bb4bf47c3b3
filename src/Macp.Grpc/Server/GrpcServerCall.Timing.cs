using Macp.Grpc.Server;

namespace Macp.Grpc;

/// <summary>
/// The time that a call has, by its client's deadline and by the server's limit. Timers run for calls that wait, and for nothing else; a lifetime is made when
/// one of them fires.
/// </summary>
public sealed partial class GrpcServerCall
{
    // A timer's limit is 2^32 - 2 milliseconds. No call lives for that many days.
    static readonly TimeSpan s_longestTimer = TimeSpan.FromDays(49);

    ITimer? _deadline, _limit;

    bool HasTime => Deadline is not null || Server.RequestTimeout is not null;

    /// <summary>Keeps the deadline and the limit, from when the call first waits.</summary>
    internal void KeepTime()
    {
        KeepDeadline();
        BeginLimit();
    }

    /// <summary>Keeps the client's deadline.</summary>
    internal void KeepDeadline()
    {
        if (Deadline is { } deadline)
            _deadline ??= After(deadline - Server.Time.GetUtcNow(), static call => ((GrpcServerCall)call!).Expire(CallLifetime.DeadlinePassed));
    }

    /// <summary>The server's limit runs from now on, unless it does already, or the client's deadline is the earlier one.</summary>
    internal void BeginLimit()
    {
        if (Server.RequestTimeout is { } limit && !(Deadline - Server.Time.GetUtcNow() <= limit))
            _limit ??= After(limit, static call => ((GrpcServerCall)call!).Expire(((GrpcServerCall)call).Server.LimitPassed));
    }

    /// <summary>What the limit is for came in time.</summary>
    internal void EndLimit()
    {
        _limit?.Dispose();
        _limit = null;
    }

    void ForgetTime()
    {
        _deadline?.Dispose();
        _limit?.Dispose();
    }

    // Whoever ends the call meanwhile has put a lifetime there, one that is over; expiring that one does nothing.
    void Expire(GrpcStatus verdict)
    {
        var lifetime = CallLifetime.Of(this);
        (Interlocked.CompareExchange(ref _lifetime, lifetime, null) ?? lifetime).Expire(verdict);
    }

    ITimer? After(TimeSpan time, TimerCallback callback) => time < s_longestTimer
        ? Server.Time.CreateTimer(callback, this, time > TimeSpan.Zero ? time : TimeSpan.Zero, Timeout.InfiniteTimeSpan)
        : null;
}

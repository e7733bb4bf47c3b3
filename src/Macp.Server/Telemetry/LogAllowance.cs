namespace Macp.Server.Telemetry;

/// <summary>
/// How much may be written to a log of what anybody can cause: so many entries in ten seconds, and then how many were left out. Whoever calls with wrong
/// credentials all day fills no disk.
/// </summary>
sealed class LogAllowance(int eventId, TimeProvider time)
{
    public const int Entries = 20;

    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    readonly Lock _gate = new();
    long _since = time.GetTimestamp();
    int _written, _leftOut;

    /// <summary>The event that it is for.</summary>
    public int EventId => eventId;

    /// <summary>Whether an entry may be written, and how many were left out before it.</summary>
    public bool TryTake(out int leftOut)
    {
        lock (_gate)
        {
            leftOut = 0;
            if (time.GetElapsedTime(_since) >= Window) (_since, _written) = (time.GetTimestamp(), 0);
            if (_written == Entries)
            {
                _leftOut++;
                return false;
            }
            _written++;
            (leftOut, _leftOut) = (_leftOut, 0);
            return true;
        }
    }
}

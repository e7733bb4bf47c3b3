using System.Runtime.InteropServices;

namespace Macp.Cli;

/// <summary>Turns SIGINT and SIGTERM into cancellation. Once one has come, the next are swallowed: whoever repeats a signal wants the same clean end.</summary>
sealed class Signals : IDisposable
{
    readonly CancellationTokenSource _cancellation;
    readonly PosixSignalRegistration[] _registrations;
    bool _signalled;

    public Signals(CancellationToken cancellationToken)
    {
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel)];
    }

    /// <summary>Cancelled by the first signal, and by the caller's own token.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>Hands the signals back, unless one has come: then the process is about to end, and a late one must not change its exit status.</summary>
    public void Dispose()
    {
        if (Volatile.Read(ref _signalled)) return;
        foreach (var registration in _registrations) registration.Dispose();
        _cancellation.Dispose();
    }

    void Cancel(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Interlocked.Exchange(ref _signalled, true)) return;
        // Not on the thread of the signals: the next one must find it free.
        _ = _cancellation.CancelAsync();
    }
}

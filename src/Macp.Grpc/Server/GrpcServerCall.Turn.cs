namespace Macp.Grpc;

/// <summary>The call's place among those of its connection that are worked on.</summary>
public sealed partial class GrpcServerCall
{
    SemaphoreSlim? _place;

    /// <summary>Takes a place, if one is free or none is needed.</summary>
    internal bool TryEnter()
    {
        if (Server.Places?.Of(_context) is not { } places) return true;
        if (!places.Wait(0, CancellationToken.None)) return false;
        _place = places;
        return true;
    }

    /// <summary>Waits for a place, behind those that wait already. The call's time runs meanwhile, and its end frees its place in the queue.</summary>
    internal async Task EnterAsync()
    {
        KeepTime();
        var places = Server.Places!.Of(_context)!;
        await places.WaitAsync(Watched().Token).ConfigureAwait(false);
        _place = places;
    }

    /// <summary>Waits for a stream's place, within the limit, which ends then.</summary>
    internal async ValueTask TakeTurnAsync()
    {
        if (!TryEnter()) await EnterAsync().ConfigureAwait(false);
        EndLimit();
    }

    /// <summary>Makes room for the next: the call is done, or it is a stream that is open.</summary>
    void Leave()
    {
        if (_place is not null) Interlocked.Exchange(ref _place, null)?.Release();
    }
}

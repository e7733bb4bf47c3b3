namespace Macp.Client;

/// <summary>Somebody waits until something holds of a projection.</summary>
/// <param name="what">What is waited for, in words.</param>
/// <param name="condition">Whether it holds.</param>
sealed class ProjectionWait(string what, Func<bool> condition)
{
    // Whoever waits goes on elsewhere, not in the middle of the stream.
    readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    volatile bool _isLeft;

    public string What => what;

    public Task Task => _done.Task;

    /// <summary>Whether the wait is over: what was waited for holds, or cannot be asked.</summary>
    public bool IsSettled()
    {
        if (_isLeft) return true;
        try
        {
            return condition() && _done.TrySetResult();
        }
        catch (Exception e)
        {
            // The condition is its author's, and whoever waits is who should hear of it; the stream goes on.
            GiveUp(e);
            return true;
        }
    }

    public void GiveUp(Exception why)
    {
        _done.TrySetException(why);
        // Whoever waited may have left.
        _ = _done.Task.Exception;
    }

    /// <summary>Nobody waits any more.</summary>
    public void Leave() => _isLeft = true;
}

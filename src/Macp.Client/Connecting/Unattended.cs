namespace Macp.Client;

/// <summary>Work that whoever began it may leave.</summary>
static class UnattendedTasks
{
    /// <summary>The same task; when it fails and nobody waits for it any more, that is nobody's concern.</summary>
    public static Task<T> Unattended<T>(this Task<T> task)
    {
        if (!task.IsCompletedSuccessfully)
            task.ContinueWith(static failed => _ = failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return task;
    }
}

namespace Macp.Client;

/// <summary>
/// Watches the sessions that the caller may read, across broken connections. Of each it tells <c>CREATED</c>, then <c>SUSPENDED</c> and <c>RESUMED</c> in
/// turns, then one end, after which nothing follows.
/// <list type="bullet">
/// <item><description>Sessions that are there when the watch begins are told first, marked <see cref="SessionChange.IsSnapshot"/>; a suspended one as created and
/// suspended.</description></item>
/// <item><description>After a break it looks for what it missed: whatever ended is told once, whatever started and ended as created and ended
/// (<see cref="WatchOptions.FindMissed"/>), whatever was suspended or resumed by what it came to. What it found so is marked
/// <see cref="SessionChange.IsResynchronized"/>. A session of which the runtime tells nothing any more has <see cref="SessionChangeType.Gone"/>.</description></item>
/// <item><description>What started and ended in the break is known by its start, which is no earlier than what was told before, by the runtime's clock; before
/// anything was, by this machine's, as long as the two differ by five minutes at the most. A session that had ended shortly before the watch began may thus be told.</description></item>
/// </list>
/// It keeps in mind the open sessions, and those that ended within a minute.
/// </summary>
/// <param name="client">The connection.</param>
/// <param name="options">The credential, when to connect again, and what to look for then.</param>
public sealed class SessionLifecycleWatcher(MacpClient client, WatchOptions? options = null) : MacpWatcher<SessionChange>(client, options)
{
    internal override IAsyncEnumerable<SessionChange> Begin(CancellationToken cancellationToken) => new SessionWatch(Client, Options).RunAsync(cancellationToken);

    internal override bool IsSnapshot(SessionChange told) => told.IsSnapshot;
}

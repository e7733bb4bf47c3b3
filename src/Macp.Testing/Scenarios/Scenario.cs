using Macp.Client;

namespace Macp.Testing;

/// <summary>Begins scenarios.</summary>
public static class Scenario
{
    /// <summary>Starts a session in a runtime, and attaches it.</summary>
    /// <param name="runtime">The runtime; on a <see cref="TestClock"/> where the scenario moves time.</param>
    /// <param name="initiator">Who starts the session.</param>
    /// <param name="session">Makes the typed session of a client, such as <c>client => new DecisionSession(client)</c>.</param>
    /// <param name="start">What the session is started with.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="MacpException">The start was refused.</exception>
    public static async Task<Scenario<TSession>> StartAsync<TSession>(
        TestRuntime runtime, string initiator, Func<MacpClient, TSession> session, SessionStartOptions start, CancellationToken cancellationToken = default)
        where TSession : class, IModeSession
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(session);
        var own = session(runtime.Connect(initiator));
        await own.StartAsync(start, cancellationToken: cancellationToken).ConfigureAwait(false);
        await own.AttachAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return new(runtime, own);
    }
}

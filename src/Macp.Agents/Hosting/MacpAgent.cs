using Macp.Client;
using Microsoft.Extensions.Logging;

namespace Macp.Agents;

/// <summary>An agent that a host runs; <see cref="MacpAgent{TSession}"/> implements it.</summary>
public interface IMacpAgent
{
    /// <summary>Takes part in a session until it ends, or until the token fires.</summary>
    /// <param name="client">The connection.</param>
    /// <param name="bootstrap">Which session, and as whom.</param>
    /// <param name="logger">The agent's log.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<ParticipantResult> RunAsync(MacpClient client, MacpBootstrap bootstrap, ILogger logger, CancellationToken cancellationToken);
}

/// <summary>An agent for the sessions of one mode. It registers its handlers and strategies; a host makes it, with what its constructor asks for, and runs it.</summary>
/// <typeparam name="TSession">The session client of the mode; <see cref="ExtensionSession"/> for a mode that has none.</typeparam>
public abstract class MacpAgent<TSession> : IMacpAgent
    where TSession : class, IModeSession
{
    /// <inheritdoc/>
    public Task<ParticipantResult> RunAsync(MacpClient client, MacpBootstrap bootstrap, ILogger logger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bootstrap);
        var participant = bootstrap.CreateParticipant(client, CreateSession(bootstrap), logger);
        Configure(participant);
        return participant.RunAsync(cancellationToken);
    }

    /// <summary>Registers handlers and strategies.</summary>
    /// <param name="participant">The participant, which does not run yet.</param>
    protected abstract void Configure(MacpParticipant<TSession> participant);

    /// <summary>How the session is made; null for the modes that come with this library. An agent of a mode of one's own overrides it.</summary>
    /// <param name="bootstrap">Which session, and as whom.</param>
    protected virtual Func<MacpClient, SessionOptions, TSession>? CreateSession(MacpBootstrap bootstrap) => null;
}

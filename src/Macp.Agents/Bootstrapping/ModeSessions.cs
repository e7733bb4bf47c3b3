using Macp.Client;
using Macp.Modes.MultiRound;
using Macp.Modes.Standard;

namespace Macp.Agents;

/// <summary>Sessions by the name of their mode.</summary>
static class ModeSessions
{
    /// <exception cref="MacpConfigurationException">The mode's session is another one.</exception>
    public static TSession Create<TSession>(MacpClient client, string mode, SessionOptions options)
        where TSession : class, IModeSession
    {
        IModeSession session = typeof(TSession) == typeof(ExtensionSession) ? new ExtensionSession(client, mode, options) : Create(client, mode, options);
        return session as TSession ?? throw new MacpConfigurationException($"The bootstrap is for {mode}, and the agent for a {typeof(TSession).Name}.");
    }

    static IModeSession Create(MacpClient client, string mode, SessionOptions options) =>
        mode == DecisionMode.Descriptor.Identifier ? new DecisionSession(client, options)
        : mode == ProposalMode.Descriptor.Identifier ? new ProposalSession(client, options)
        : mode == TaskMode.Descriptor.Identifier ? new TaskSession(client, options)
        : mode == HandoffMode.Descriptor.Identifier ? new HandoffSession(client, options)
        : mode == QuorumMode.Descriptor.Identifier ? new QuorumSession(client, options)
        : mode == MultiRoundMode.Descriptor.Identifier ? new MultiRoundSession(client, options)
        : new ExtensionSession(client, mode, options);
}

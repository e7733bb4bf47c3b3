using Macp.Modes;

namespace Macp.Runtime;

/// <summary>Who may read a session: observers, the initiator, the participants, and whoever the bound policy designates to commit (decisions 24).</summary>
static class SessionReaders
{
    public static bool Include(Identity identity, SessionContext context) =>
        identity.IsObserver || identity.Sender == context.Initiator || context.IsParticipant(identity.Sender) || context.MayCommit(identity.Sender);

    /// <summary>All of them but observers, by name; one may be named more than once.</summary>
    public static IEnumerable<string> Of(string initiator, IEnumerable<string> participants, IEnumerable<string> designated) => [initiator, .. participants, .. designated];
}

using Macp.Protocol;

namespace Macp.Modes;

/// <summary>That an accepted message may lead from one phase to another, or leave the phase as it is: an edge of the mode's state diagram.</summary>
/// <param name="From">The phase in which it is accepted.</param>
/// <param name="Message">The message type.</param>
/// <param name="To">The phase that may follow.</param>
/// <param name="OutcomePositive">For a commitment, the sign of its outcome; null for both.</param>
public sealed record PhaseTransition(string From, string Message, string To, bool? OutcomePositive = null)
{
    /// <summary>
    /// The transitions that a mode's declarations allow, in the order of its phases and messages. What no history can reach is left out: a message that a
    /// session takes once does not come again, and a reference leads to nothing before a message that enters something.
    /// </summary>
    public static IReadOnlyList<PhaseTransition> Of(ModeDescriptor mode)
    {
        var messages = mode.Messages.SelectMany(Of).ToList();
        while (messages.Where(edge => !CanHappen(mode, messages, edge)).ToList() is { Count: > 0 } impossible) messages = [.. messages.Except(impossible)];

        var reached = Reach(mode, messages, entering: []).Select(place => place.Phase).ToHashSet(StringComparer.Ordinal);
        return [.. mode.Phases.Where(reached.Contains).SelectMany(phase => messages.Where(edge => edge.From == phase).Concat(Commitments(mode, phase)))];
    }

    static IEnumerable<PhaseTransition> Of(MessageRule message) =>
        from phase in message.During
        let leads = message.Leads.Where(lead => lead.From == phase).SelectMany(lead => lead.To).Distinct(StringComparer.Ordinal)
        from to in leads.DefaultIfEmpty(message.MovesTo ?? phase)
        select new PhaseTransition(phase, message.Type, to);

    static IEnumerable<PhaseTransition> Commitments(ModeDescriptor mode, string phase) =>
        (mode.Commitment.PositiveDuring.Contains(phase), mode.Commitment.NegativeDuring.Contains(phase)) switch
        {
            (false, false) => [],
            (true, true) => [new(phase, MessageTypes.Commitment, mode.CommittedPhase)],
            (var positive, _) => [new(phase, MessageTypes.Commitment, mode.CommittedPhase, positive)],
        };

    /// <summary>Whether some history leads to where this message is accepted, with everything entered that it refers to.</summary>
    static bool CanHappen(ModeDescriptor mode, List<PhaseTransition> edges, PhaseTransition edge)
    {
        var checks = mode.Messages.Single(message => message.Type == edge.Message).Checks;
        var before = checks.OfType<Check.OncePerSession>().Any() ? edges.FindAll(other => other.Message != edge.Message) : edges;
        var entering = checks.OfType<Check.References>().Select(reference => Entering(mode, reference.Table)).Where(types => types.Count > 0).DefaultIfEmpty([]);
        return entering.All(types => Reach(mode, before, types).Contains((edge.From, types.Count > 0)));
    }

    /// <summary>The messages that are known to make a first entry; none where a mode does not say it.</summary>
    static List<string> Entering(ModeDescriptor mode, string table) =>
    [
        .. from message in mode.Messages
           where message.Checks.Any(check => check is Check.Unique unique && unique.Table == table || check is Check.OncePerSession once && once.Property == table)
           where !message.Checks.OfType<Check.References>().Any(reference => reference.Table == table)
           select message.Type,
    ];

    /// <summary>The phases that a session can come to, and whether one of these messages was accepted on the way.</summary>
    static HashSet<(string Phase, bool Entered)> Reach(ModeDescriptor mode, List<PhaseTransition> edges, List<string> entering)
    {
        var reached = new HashSet<(string Phase, bool Entered)> { (mode.Phases[0], false) };
        var open = new Queue<(string Phase, bool Entered)>(reached);
        while (open.TryDequeue(out var at))
            foreach (var edge in edges.Where(edge => edge.From == at.Phase))
            {
                var next = (edge.To, at.Entered || entering.Contains(edge.Message));
                if (reached.Add(next)) open.Enqueue(next);
            }
        return reached;
    }
}

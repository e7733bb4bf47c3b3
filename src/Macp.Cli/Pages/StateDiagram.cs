using System.Text;
using Macp.Modes;
using Macp.Protocol;

namespace Macp.Cli.Pages;

/// <summary>The state diagram of a mode, in Mermaid's language.</summary>
static class StateDiagram
{
    /// <summary>The diagram's text, without the fence around it.</summary>
    public static string Of(ModeDescriptor mode)
    {
        var transitions = PhaseTransition.Of(mode);
        var text = new StringBuilder("stateDiagram-v2\n");
        // A phase may have the name of one of Mermaid's keywords; an identifier of ours cannot.
        foreach (string phase in mode.Phases.Where(phase => phase == mode.Phases[0] || transitions.Any(edge => edge.To == phase)))
            text.Append($"    state \"{phase}\" as {Id(phase)}\n");
        text.Append($"    [*] --> {Id(mode.Phases[0])} : {MessageTypes.SessionStart}\n");
        foreach (var edge in transitions.GroupBy(edge => (edge.From, edge.To)))
            text.Append($"    {Id(edge.Key.From)} --> {Id(edge.Key.To)} : {string.Join(", ", edge.Select(Label))}\n");
        return text.Append($"    {Id(mode.CommittedPhase)} --> [*]\n").ToString();
    }

    static string Id(string phase) => "phase_" + phase;

    static string Label(PhaseTransition edge) => edge.OutcomePositive is not { } positive ? edge.Message : $"{edge.Message} ({(positive ? "positive" : "negative")})";
}

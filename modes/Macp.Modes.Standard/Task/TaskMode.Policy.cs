namespace Macp.Modes.Standard;

public sealed partial class TaskMode
{
    [Policy]
    static IEnumerable<string> Denials(State state, TaskRules rules, bool positive)
    {
        if (positive && rules.Completion.RequireOutput && state.TerminalReport!.Output.IsEmpty)
            yield return "completion.require_output: the completed task has no output; its assignee must report one, or the session be cancelled";
    }
}

using Macp.Testing;

namespace Macp.Cli;

/// <summary>Tells a scenario as it is played.</summary>
sealed class Story(TextWriter output, Fixture scenario)
{
    readonly int _sender = scenario.Messages.Select(m => m.Sender).Append(scenario.Initiator).Max(s => s.Length);
    readonly int _type = scenario.Messages.Max(m => m.MessageType.Length);

    /// <summary>How many expectations did not hold.</summary>
    public int Failures { get; private set; }

    public void Tell(FixtureEvent happened)
    {
        switch (happened)
        {
            case FixtureEvent.Started started: Tell(started); break;
            case FixtureEvent.Answered answered: Tell(answered); break;
            case FixtureEvent.Finished finished: Tell(finished); break;
        }
    }

    void Tell(FixtureEvent.Started started)
    {
        output.WriteLine(scenario.Description.Length > 0 ? $"{scenario.Name}: {scenario.Description}" : scenario.Name);
        output.WriteLine($"{scenario.Mode} {scenario.ModeVersion}, session {started.SessionId}");
        output.WriteLine($"{scenario.Initiator} starts it for {(scenario.Participants.Count == 0 ? "nobody" : string.Join(", ", scenario.Participants))}");
        output.WriteLine($"  -- phase {started.Phase}");
    }

    void Tell(FixtureEvent.Answered answered)
    {
        var (message, ack) = (answered.Message, answered.Ack);
        string verdict = ack.Ok ? "ACCEPTED" : $"REJECTED {ack.Error?.Code}";
        output.WriteLine($"  {message.Sender.PadRight(_sender)}  {message.MessageType.PadRight(_type)}  {verdict}{(ack.Ok ? "" : $"  {ack.Error?.Message}")}");
        if (Summary(message) is { Length: > 0 } summary) output.WriteLine($"  {"".PadRight(_sender)}  {"".PadRight(_type)}  {summary}");
        foreach (string reason in ack.Error?.Reasons ?? []) output.WriteLine($"  {"".PadRight(_sender)}  {"".PadRight(_type)}  because {reason}");
        if (answered.Failure is not null) output.WriteLine($"  !! {answered.Failure}");
        if (answered.Phase != answered.PhaseBefore) output.WriteLine($"  -- phase {answered.Phase}");
    }

    void Tell(FixtureEvent.Finished finished)
    {
        output.WriteLine();
        foreach (string line in Tally.Of(finished.ModeState, scenario.Participants)) output.WriteLine($"tally       {line}");
        output.WriteLine($"session     {finished.State}");
        if (finished.Commitment is { } commitment)
        {
            output.WriteLine($"commitment  {commitment.Action} ({(commitment.OutcomePositive ? "positive" : "negative")}): {commitment.Reason}");
            output.WriteLine($"hash        {finished.CommitmentHash}");
        }
        foreach (string failure in finished.Failures) output.WriteLine($"FAILED      {failure}");
        if (finished.Failures.Count == 0) output.WriteLine($"all {scenario.Messages.Count} messages were answered as expected");
        Failures = finished.Failures.Count;
    }

    /// <summary>What a message says, on one line: its short fields.</summary>
    static string Summary(FixtureMessage message) => string.Join(", ", message.Payload
        .Where(field => !field.Key.StartsWith('_') && field.Value is System.Text.Json.Nodes.JsonValue && !field.Key.EndsWith("_version", StringComparison.Ordinal))
        .Select(field => $"{field.Key} {field.Value!.ToString()}"));
}

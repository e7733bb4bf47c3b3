using System.Text.Json.Nodes;
using Macp.Testing;

namespace Macp.Cli;

/// <summary>Tells a scenario as it is played.</summary>
sealed class Story(TextWriter output, Fixture scenario)
{
    const int Width = 120;

    readonly int _number = scenario.Messages.Count.ToString(System.Globalization.CultureInfo.InvariantCulture).Length;
    readonly int _sender = scenario.Messages.Max(m => m.Sender.Length);
    readonly int _type = scenario.Messages.Max(m => m.MessageType.Length);
    int _told, _accepted;

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
        output.WriteLine(PlainText.Of(scenario.Description.Length > 0 ? $"{scenario.Name}: {scenario.Description}" : scenario.Name));
        output.WriteLine();
        Fact("mode", $"{scenario.Mode} {scenario.ModeVersion}");
        Fact("session", started.SessionId);
        if (scenario.PolicyVersion.Length > 0) Fact("policy", scenario.PolicyVersion);
        Fact("initiator", scenario.Initiator);
        Fact("participants", scenario.Participants.Count == 0 ? "none" : string.Join(", ", scenario.Participants));
        output.WriteLine();
        Phase(started.Phase);
    }

    void Tell(FixtureEvent.Answered answered)
    {
        var (message, ack) = (answered.Message, answered.Ack);
        string number = (++_told).ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(_number);
        string head = $"  {number}  {message.Sender.PadRight(_sender)}  {PlainText.Of(message.MessageType).PadRight(_type)}  ";
        output.WriteLine(head + (ack.Ok ? "ACCEPTED" : $"REJECTED {ack.Error?.Code}"));

        string indent = "".PadRight(head.Length);
        // A policy's reasons are its message, one by one.
        if (ack.Error is { } error)
            foreach (string reason in error.Reasons is { Count: > 0 } reasons ? reasons : [error.Message]) output.WriteLine(indent + PlainText.Of(reason));
        foreach (string line in Lines(message.Payload, Width - head.Length)) output.WriteLine(indent + line);
        if (answered.Failure is { } failure) output.WriteLine($"  !! {PlainText.Of(failure)}");
        if (answered.Phase != answered.PhaseBefore) Phase(answered.Phase);
        if (ack.Ok) _accepted++;
    }

    void Tell(FixtureEvent.Finished finished)
    {
        Failures = finished.Failures.Count;
        output.WriteLine();
        foreach (string line in Tally.Of(finished.ModeState, scenario.Participants)) Fact("tally", line);
        Fact("state", finished.State.ToString());
        if (finished.Commitment is { } commitment)
        {
            Fact("commitment", $"{commitment.Action}, a {(commitment.OutcomePositive ? "positive" : "negative")} outcome");
            Fact("reason", commitment.Reason);
            Fact("hash", finished.CommitmentHash!);
        }
        else Fact("commitment", "none");
        foreach (string failure in finished.Failures) Fact("FAILED", failure);
        Fact("result", Failures == 0
            ? $"{_accepted} messages accepted, {_told - _accepted} rejected, everything as expected"
            : $"{Failures} {(Failures == 1 ? "expectation" : "expectations")} did not hold");
    }

    void Phase(string phase) => output.WriteLine($"  -- phase {phase}");

    void Fact(string name, string value) => output.WriteLine($"{name,-12}  {PlainText.Of(value)}");

    /// <summary>What a message says: its plain fields, as many on a line as fit. Versions are said once, at the head.</summary>
    static IEnumerable<string> Lines(JsonObject payload, int width)
    {
        string line = "";
        foreach (var (name, value) in payload)
        {
            if (name.StartsWith('_') || name.EndsWith("_version", StringComparison.Ordinal) || value is not JsonValue || value.ToString().Length == 0) continue;
            string field = PlainText.Of($"{name}: {value}");
            if (line.Length > 0 && line.Length + 2 + field.Length > width)
            {
                yield return line + ",";
                line = "";
            }
            line = line.Length == 0 ? field : $"{line}, {field}";
        }
        if (line.Length > 0) yield return line;
    }
}

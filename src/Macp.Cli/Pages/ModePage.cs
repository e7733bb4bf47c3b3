using System.Text;
using System.Text.Json;
using Google.Protobuf.Reflection;
using Macp.Modes;
using Macp.Protocol;

namespace Macp.Cli.Pages;

/// <summary>A reference page of a mode in Markdown, from its descriptor: what it says of the rules is what the validator asks.</summary>
sealed class ModePage
{
    readonly StringBuilder _text = new();
    readonly ModeDescriptor _mode;
    readonly ModeGovernance? _governance;
    readonly IReadOnlyList<PhaseTransition> _transitions;

    ModePage(HostedMode mode) => (_mode, _governance, _transitions) = (mode.Descriptor, mode.Governance, PhaseTransition.Of(mode.Descriptor));

    /// <summary>The page.</summary>
    public static string Of(HostedMode mode)
    {
        var page = new ModePage(mode);
        page.Head();
        page.Phases();
        page.Messages();
        page.Start();
        foreach (var message in mode.Descriptor.Messages) page.Message(message);
        page.Commitment();
        page.Governance();
        page.Codes();
        return page._text.ToString().TrimEnd() + "\n";
    }

    void Head()
    {
        Paragraph($"# {Words.Escape(_mode.Title)}");
        if (_mode.Description.Length > 0) Paragraph(Words.Escape(_mode.Description));
        Table(["", ""],
        [
            ["identifier", $"`{_mode.Identifier}`"],
            ["version", _mode.Version],
            ["participants", $"{Words.Of(_mode.Participants)}; at least {_mode.MinimumParticipants}"],
            ["determinism", $"{Words.Of(_mode.Determinism)}: {Words.Meaning(_mode.Determinism)}"],
        ]);
        Paragraph($"This page is generated from the mode's class: `macp modes {_mode.Identifier} --markdown` prints it.");
    }

    void Phases()
    {
        Paragraph("## Phases");
        Paragraph($"```mermaid\n{StateDiagram.Of(_mode)}```");
        Table(["phase", "accepts"], _mode.Phases.Select(phase => new[]
        {
            phase, Or("nothing", _transitions.Where(edge => edge.From == phase).Select(edge => edge.Message)),
        }));
        Paragraph("A cancelled session, and one whose time is over, end in the phase that they have come to.");
    }

    void Messages()
    {
        Paragraph("## Messages");
        Table(["message", "sender", "accepted in", "leads to", "client method"],
        [
            [Link(MessageTypes.SessionStart), "anybody, who is the initiator then", "-", _mode.Phases[0], "`StartAsync`"],
            .. _mode.Messages.Select(message => new[]
            {
                Link(message.Type), message.From is Role.Initiator ? "initiator" : "participant", Or("-", Edges(message.Type).Select(edge => edge.From)),
                Or("-", Edges(message.Type).Where(edge => edge.To != edge.From).Select(edge => edge.To)), $"`{message.ClientMethod}`",
            }),
            [Link(MessageTypes.Commitment), _governance is null ? "initiator" : "initiator, or by policy", Or("-", Edges(MessageTypes.Commitment).Select(edge => edge.From)), _mode.CommittedPhase, "`CommitAsync`"],
        ]);
    }

    void Start()
    {
        Paragraph($"## {MessageTypes.SessionStart}");
        Payload(Wire.V1.SessionStartPayload.Descriptor, []);
        string[] rules = [.. _mode.MinimumParticipants > 0 ? [$"there are at least {_mode.MinimumParticipants} participants"] : (string[])[], .. _mode.StartRules];
        if (rules.Length == 0) return;
        Paragraph($"The mode asks, beyond what every mode does, with `{ErrorCode.InvalidEnvelope}` for a breach:");
        Items(rules);
    }

    void Message(MessageRule message)
    {
        Paragraph($"## {message.Type}");
        Payload(message.Payload, message.Checks);
        Checks(message.Checks);
        if (message.ComesDue.Count == 0) return;
        Paragraph("What comes due after it, unless it would be refused by then; time under suspension does not count:");
        Items(message.ComesDue);
    }

    void Commitment()
    {
        Paragraph($"## {MessageTypes.Commitment}");
        Payload(Wire.V1.CommitmentPayload.Descriptor, _mode.Commitment.Checks);
        Checks(_mode.Commitment.Checks);
    }

    void Governance()
    {
        Paragraph("## Governance");
        if (_governance is null)
        {
            Paragraph("No policy rules this mode: its initiator commits, whatever policy a session is bound to.");
            return;
        }
        Paragraph("A session binds one policy when it starts, and keeps it ([policies](../policies.md)). It rules who commits (`commitment`, as in every mode), and by these keys:");
        using var defaults = JsonDocument.Parse(_governance.DefaultJson);
        Table(["key", "takes", "default"], Rules(_governance.Schema, "", defaults.RootElement));
        if (_governance.Policies.Count == 0) return;
        Paragraph("Policies that come with the mode:");
        Table(["policy", "asks"], _governance.Policies.Select(policy => new[] { $"`{policy.PolicyId}`", Words.Escape(policy.Description) }));
    }

    static IEnumerable<string[]> Rules(RuleSchema schema, string path, JsonElement defaults) => schema.Keys.SelectMany(key =>
    {
        bool isSaid = defaults.TryGetProperty(key.Name, out var value);
        return key is GroupRule group ? Rules(group.Shape, $"{path}{key.Name}.", value) : [[$"`{path}{key.Name}`", key.Takes, isSaid ? $"`{value.GetRawText()}`" : ""]];
    });

    void Codes()
    {
        Paragraph("## Error codes");
        (string Type, IReadOnlyList<Check> Checks)[] all = [.. _mode.Messages.Select(message => (message.Type, message.Checks)), (MessageTypes.Commitment, _mode.Commitment.Checks)];
        var codes = ErrorCode.All.Where(code => all.SelectMany(message => message.Checks).Any(check => check.Code == code)).ToList();
        Paragraph("The checks of each message that give a code, by their numbers.");
        Table(["message", .. codes.Select(code => $"`{code}`")], all.Select(message => (string[])
        [
            message.Type, .. codes.Select(code => Or("", message.Checks.Select((check, i) => (check.Code, Number: $"{i + 1}")).Where(check => check.Code == code).Select(check => check.Number))),
        ]));
        Paragraph($"A message type that the mode does not have is `{ErrorCode.InvalidEnvelope}` to a participant, and `{ErrorCode.Forbidden}` to anybody else.");
    }

    void Payload(MessageDescriptor payload, IReadOnlyList<Check> checks)
    {
        Paragraph($"Payload: `{payload.FullName}`.");
        Table(["field", "type", "rules"], payload.Fields.InDeclarationOrder().Select(field => new[]
        {
            $"`{field.Name}`", $"`{FieldTypes.Of(field)}`", string.Join("; ", checks.Where(check => check.Field == field.Name).Select(check => check.Words)),
        }));
    }

    void Checks(IReadOnlyList<Check> checks)
    {
        Paragraph("The checks in their order; the first that fails answers.");
        Table(["", "check", "breach"], checks.Select((check, i) => new[] { $"{i + 1}", (check.Field is { } field ? $"`{field}` " : "") + check.Words, $"`{check.Code}`" }));
    }

    IEnumerable<PhaseTransition> Edges(string message) => _transitions.Where(edge => edge.Message == message);

    static string Link(string type) => $"[{type}](#{type.ToLowerInvariant()})";

    static string Or(string nothing, IEnumerable<string> items) => string.Join(", ", items.Distinct(StringComparer.Ordinal).DefaultIfEmpty(nothing));

    void Paragraph(string text) => _text.Append(text).Append("\n\n");

    void Items(IReadOnlyList<string> items) => Paragraph(string.Join('\n', items.Select(item => $"- {Words.Escape(item)}")));

    void Table(string[] head, IEnumerable<string[]> rows)
    {
        Row(head);
        Row([.. head.Select(_ => "---")]);
        foreach (string[] row in rows) Row([.. row.Select(Words.Cell)]);
        _text.Append('\n');
    }

    void Row(string[] cells) => _text.Append($"| {string.Join(" | ", cells)} |\n");
}

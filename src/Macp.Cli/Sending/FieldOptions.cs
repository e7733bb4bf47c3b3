using System.CommandLine;
using System.Globalization;

namespace Macp.Cli.Sending;

/// <summary>The options that set fields of a payload: any by <c>--set</c>, the usual ones by their own names.</summary>
sealed class FieldOptions
{
    readonly Option<string[]> _set = new("--set") { Description = "Sets a field of the payload: FIELD=VALUE. Again for each further value of a list; SUB.FIELD and MAP.KEY lead inside; bytes are given as text.", HelpName = "FIELD=VALUE" };
    readonly Option<string[]> _participants = new("--participant") { Description = "Of a SessionStart: who may take part; again for each.", HelpName = "NAME" };
    readonly Option<TimeSpan?> _ttl = new("--ttl")
    {
        Description = "Of a SessionStart: how long the session lives, such as 90s, 15m, 2h.",
        HelpName = "TIME",
        CustomParser = result => Time(result.Tokens[0].Value, result.AddError),
    };

    readonly (Option<string?> Option, string Field)[] _texts =
    [
        (Text("--intent", "TEXT", "Of a SessionStart: what the session is for."), "intent"),
        (Text("--policy", "ID", "Of a SessionStart or Commitment: the policy; of a start policy.default when not said, of a commitment the session's."), "policy_version"),
        (Text("--action", "ACTION", "Of a Commitment: what is decided, such as deployment.approved. Its ending says the outcome's sign."), "action"),
        (Text("--scope", "TEXT", "Of a Commitment: by whose authority."), "authority_scope"),
        (Text("--reason", "TEXT", "Why, where the payload has a reason."), "reason"),
    ];

    /// <summary>Gives a command the options.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _set, _participants, _ttl }.Concat(_texts.Select(text => text.Option))) command.Add(option);
    }

    /// <summary>Sets what the command line says.</summary>
    public void Apply(ParseResult parsed, PayloadDraft draft)
    {
        foreach (var (option, field) in _texts)
            if (parsed.GetValue(option) is { } text) draft.Set($"{field}={text}");
        foreach (string participant in parsed.GetValue(_participants) ?? []) draft.Set($"participants={participant}");
        if (parsed.GetValue(_ttl) is { } ttl) draft.Set(string.Create(CultureInfo.InvariantCulture, $"ttl_ms={(long)ttl.TotalMilliseconds}"));
        foreach (string assignment in parsed.GetValue(_set) ?? []) draft.Set(assignment);
    }

    static Option<string?> Text(string name, string value, string description) => new(name) { Description = description, HelpName = value };

    static TimeSpan? Time(string text, Action<string> complain)
    {
        foreach (var (unit, milliseconds) in new[] { ("ms", 1L), ("s", 1000L), ("m", 60_000L), ("h", 3_600_000L) })
            if (text.EndsWith(unit, StringComparison.Ordinal) && uint.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out uint count))
                return TimeSpan.FromMilliseconds(count * milliseconds);
        complain($"--ttl must be a whole number and ms, s, m or h, such as 90s; it is '{text}'");
        return null;
    }
}

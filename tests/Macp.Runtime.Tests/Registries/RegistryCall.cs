namespace Macp.Runtime.Tests;

/// <summary>A call of a manager's that changes a registry, or is refused.</summary>
sealed record RegistryCall(string Kind, string Arguments, Func<MacpRuntime, Task<string>> Ask)
{
    const string Standup = Extension.Mode, Renamed = "com.example.standup.v1";
    static readonly Identity Ops = new("ops") { CanManageModeRegistry = true };

    /// <summary>Calls of every kind whose arguments meet often.</summary>
    public static IReadOnlyList<RegistryCall> All { get; } =
    [
        .. from id in (string[])["policy.a", "policy.b", "policy.std.c"]
           from mode in (string[])["*", NotesMode.Identifier, Standup, Renamed]
           from rules in (string[])["{}", """{"commitment":{"authority":"any_participant"}}""", "nonsense"]
           select RegisterPolicy(id, mode, rules),
        .. ((string[])["policy.a", "policy.b", "policy.default"]).Select(UnregisterPolicy),
        .. from mode in (string[])[Standup, Renamed, NotesMode.Identifier]
           from version in (string[])["1.0.0", "1.1.0"]
           from type in (string[])["Status", "Blocker", "Signal"]
           select RegisterMode(mode, version, type),
        .. ((string[])[Standup, Renamed, NotesMode.Identifier]).Select(UnregisterMode),
        .. from mode in (string[])[Standup, Renamed, NotesMode.Identifier]
           from name in (string[])["", Standup, Renamed, "ext.minutes.v1"]
           select Promote(mode, name),
    ];

    public static RegistryCall RegisterPolicy(string id, string mode = "*", string rules = "{}") => new("register policy", $"{id} {mode} {rules}", async runtime =>
        TextOf(await runtime.Policies.RegisterAsync(Ops, new() { PolicyId = id, Mode = mode, Rules = rules, SchemaVersion = 3 })));

    public static RegistryCall UnregisterPolicy(string id) => new("unregister policy", id, async runtime => TextOf(await runtime.Policies.UnregisterAsync(Ops, id)));

    public static RegistryCall RegisterMode(string mode = Standup, string version = "1.0.0", string type = "Status") => new("register mode", $"{mode} {version} {type}", async runtime =>
    {
        var descriptor = Extension.Standup();
        (descriptor.Mode, descriptor.ModeVersion, descriptor.MessageTypes[1]) = (mode, version, type);
        return TextOf(await runtime.Modes.RegisterAsync(Ops, descriptor));
    });

    public static RegistryCall UnregisterMode(string mode = Standup) => new("unregister mode", mode, async runtime => TextOf(await runtime.Modes.UnregisterAsync(Ops, mode)));

    public static RegistryCall Promote(string mode, string name) => new("promote", $"{mode} '{name}'", async runtime => TextOf(await runtime.Modes.PromoteAsync(Ops, mode, name)));

    /// <summary>Everything that clients can list.</summary>
    public static string LookAt(MacpRuntime runtime) =>
        string.Join('\n', runtime.Policies.List(Ops, "").Value, runtime.ListModes(), runtime.ListExtModes(), runtime.Initialize(new() { SupportedProtocolVersions = { "1.0" } }).Value);

    /// <summary>Whether the change was made.</summary>
    public static bool IsMade(string answer) => answer.Contains("\"ok\": true", StringComparison.Ordinal);

    /// <summary>The change was made.</summary>
    public async Task MakeAsync(MacpRuntime runtime)
    {
        string answer = await Ask(runtime);
        Assert.True(IsMade(answer), $"{this}: {answer}");
    }

    public override string ToString() => $"{Kind} {Arguments}";

    static string TextOf<T>(Outcome<T> outcome)
        where T : class => outcome.Succeeded(out var value, out var failure) ? value.ToString()! : $"{failure.Kind}: {failure.Message}";
}

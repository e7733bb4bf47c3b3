using System.Collections.Frozen;
using System.Text.Json;
using Macp.Runtime;

namespace Macp.Server.Authentication;

/// <summary>What an identity may do, as static tokens and the claim <c>macp_scopes</c> write it (runtime-semantics 7.2).</summary>
static class Capabilities
{
    public static readonly IReadOnlyList<string> Keys = ["allowed_modes", "can_start_sessions", "max_open_sessions", "can_manage_mode_registry", "is_observer"];

    /// <summary>The identity with what the object grants it. A limit that is null is none.</summary>
    /// <exception cref="FormatException">A value is of the wrong kind; the text names its key, and no value.</exception>
    public static Identity Grant(string sender, JsonElement granted) => new(sender)
    {
        AllowedModes = Value(granted, "allowed_modes") is { ValueKind: not JsonValueKind.Null } modes ? Modes(modes) : null,
        CanStartSessions = Flag(granted, "can_start_sessions", otherwise: true),
        MaxOpenSessions = Value(granted, "max_open_sessions") is { ValueKind: not JsonValueKind.Null } most ? Count(most) : null,
        CanManageModeRegistry = Flag(granted, "can_manage_mode_registry", otherwise: false),
        IsObserver = Flag(granted, "is_observer", otherwise: false),
    };

    static FrozenSet<string> Modes(JsonElement modes) => modes.ValueKind is JsonValueKind.Array && modes.EnumerateArray().All(mode => mode.ValueKind is JsonValueKind.String)
        ? modes.EnumerateArray().Select(mode => mode.GetString()!).ToFrozenSet(StringComparer.Ordinal)
        : throw new FormatException("allowed_modes must be an array of mode identifiers");

    static bool Flag(JsonElement granted, string key, bool otherwise) => Value(granted, key)?.ValueKind switch
    {
        null => otherwise,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new FormatException($"{key} must be true or false"),
    };

    static int Count(JsonElement most) => most.ValueKind is JsonValueKind.Number && most.TryGetInt32(out int count) && count >= 0
        ? count
        : throw new FormatException($"max_open_sessions must be a whole number from 0 to {int.MaxValue}");

    static JsonElement? Value(JsonElement granted, string key) => granted.TryGetProperty(key, out var value) ? value : null;
}

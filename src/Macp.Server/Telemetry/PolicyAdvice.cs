using System.Text.Json;
using Macp.Wire.V1;

namespace Macp.Server.Telemetry;

/// <summary>What the author of a policy should hear, although it may be registered.</summary>
static class PolicyAdvice
{
    // From this version on, a voting algorithm needs votes by itself.
    const int FirstWithFloor = 3;

    /// <summary>Whether commitments are allowed under it before anybody has voted, although it counts votes (spec-delta 2).</summary>
    public static bool NeedsNoVotes(PolicyDescriptor policy)
    {
        if (policy.SchemaVersion >= FirstWithFloor) return false;
        using var rules = JsonDocument.Parse(policy.Rules);
        return Text(rules.RootElement, "voting", "algorithm") is { } algorithm && algorithm != "none" && !IsTrue(rules.RootElement, "commitment", "require_vote_quorum");
    }

    static string? Text(JsonElement rules, string block, string key) =>
        rules.TryGetProperty(block, out var inner) && inner.TryGetProperty(key, out var value) ? value.GetString() : null;

    static bool IsTrue(JsonElement rules, string block, string key) =>
        rules.TryGetProperty(block, out var inner) && inner.TryGetProperty(key, out var value) && value.ValueKind is JsonValueKind.True;
}

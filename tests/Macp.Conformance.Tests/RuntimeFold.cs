using Macp.Modes;
using Macp.Protocol;
using Macp.Runtime;
using Macp.Testing;
using Macp.Wire.V1;

namespace Macp.Conformance.Tests;

/// <summary>What a runtime's own history of a session folds to, by the mode's handler and under the policy that the runtime bound.</summary>
static class RuntimeFold
{
    /// <summary>The state as canonical JSON.</summary>
    public static async Task<string> StateAsync(TestRuntime runtime, string reader, string sessionId)
    {
        var subscribed = await runtime.Kernel.SubscribeAsync(new Identity(reader), sessionId, 0);
        Assert.True(subscribed.Succeeded(out var cursor, out _));
        var history = new List<HistoryRecord>();
        while (await cursor.HasMoreNowAsync())
            while (cursor.TryRead(out var record)) history.Add(record);
        return StateOf(history);
    }

    /// <summary>The state as canonical JSON, of a history that begins with its start and has no annotations.</summary>
    public static string StateOf(IReadOnlyList<HistoryRecord> history)
    {
        var handler = Open(history[0]);
        foreach (var record in history.Skip(1)) handler.Evolve(MessageContext.Of(record.Envelope), record.Payload);
        var json = new CanonicalJson();
        handler.WriteState(json);
        return json.ToString();
    }

    // What the journal keeps of a policy is its definition; what that comes to in a mode is found out by whoever folds.
    static SessionHandler Open(HistoryRecord start)
    {
        var mode = BuiltIns.Catalog().Newest(start.Envelope.Mode)!;
        Assert.Null(start.Binding!.Policy.Definition!.Bind(mode.Descriptor.Identifier, mode.Governance, out var policy));
        return mode.Open(new SessionContext(start.Envelope, SessionStartPayload.Parser.ParseFrom(start.Payload), policy));
    }
}

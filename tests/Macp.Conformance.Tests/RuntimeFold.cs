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
        SessionHandler? handler = null;
        while (await cursor.HasMoreNowAsync())
            while (cursor.TryRead(out var record))
            {
                if (handler is null) handler = Open(record);
                else handler.Evolve(MessageContext.Of(record.Envelope), record.Payload);
            }
        var json = new CanonicalJson();
        handler!.WriteState(json);
        return json.ToString();
    }

    static SessionHandler Open(HistoryRecord start) =>
        BuiltIns.Catalog().Newest(start.Envelope.Mode)!.Open(new SessionContext(start.Envelope, SessionStartPayload.Parser.ParseFrom(start.Payload), start.Binding!.Policy));
}

using Macp.Protocol;
using Macp.Testing;
using Macp.Wire.V1;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>A valid session from its start on.</summary>
/// <param name="Policy">The policy that it binds, where it is not one of the runtime's own.</param>
/// <param name="Messages">The accepted messages, as they travelled.</param>
sealed record Conversation(PolicyDescriptor? Policy, IReadOnlyList<Envelope> Messages)
{
    public string Mode => Messages[0].Mode;

    /// <summary>The message, said in another session.</summary>
    public Envelope In(string session, int index)
    {
        var message = Messages[index].Clone();
        message.SessionId = session;
        return message;
    }
}

/// <summary>Valid conversations of every mode: what is accepted of the repository's own fixtures, as a server has it.</summary>
static class Corpus
{
    /// <summary>So many of each mode.</summary>
    public static async Task<Conversation[]> RecordAsync(int each)
    {
        await using var server = await FuzzServer.StartAsync(null, null);
        var callers = new Callers(authenticated: false);
        var fixtures = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures"), "*.json").Order(StringComparer.Ordinal).Select(FixtureReader.ReadFile)
            .GroupBy(fixture => fixture.Mode).SelectMany(mode => mode.OrderByDescending(fixture => fixture.Messages.Count(message => message.Accepted)).Take(each));
        return await Task.WhenAll(fixtures.Select(fixture => RecordAsync(server, callers, fixture)));
    }

    static async Task<Conversation> RecordAsync(FuzzServer server, Callers callers, Fixture fixture)
    {
        string session = "";
        await foreach (var happened in new FixtureRunner(FuzzServer.Modes, server.Address).PlayAsync(fixture))
            if (happened is FixtureEvent.Started started) session = started.SessionId;
        var history = await server.Gun.FireAsync(Reading.Of(session, callers.Of(fixture.Initiator)));
        var messages = history.Messages(StreamSessionResponse.Parser).Select(response => response.Envelope)
            .Where(envelope => !envelope.MessageId.StartsWith(MacpProtocol.ImplicitAcceptPrefix, StringComparison.Ordinal) && !MessageTypes.Annotations.Contains(envelope.MessageType)).ToList();
        var start = SessionStartPayload.Parser.ParseFrom(messages[0].Payload);
        start.TtlMs = MacpProtocol.MaxTtlMs;
        messages[0].Payload = Google.Protobuf.ByteString.CopyFrom(Google.Protobuf.MessageExtensions.ToByteArray(start));
        return new(fixture.Policy, messages);
    }
}

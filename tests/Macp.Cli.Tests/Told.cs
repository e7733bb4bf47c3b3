using Macp.Client;
using Macp.Modes.Standard;
using Macp.Wire.Modes.Decision.V1;
using Macp.Wire.V1;

namespace Macp.Cli.Tests;

/// <summary>What a client was told of one session to which it alone writes.</summary>
sealed class Told
{
    readonly string _session = Guid.NewGuid().ToString();
    readonly List<Envelope> _acknowledged = [];

    // Sent, and the server was gone before it answered: it may be there or not.
    Envelope? _unanswered;

    public int Acknowledged => _acknowledged.Count;

    public async Task<bool> WriteAsync(MacpClient client)
    {
        var envelope = Next(client);
        try
        {
            Assert.True((await client.SendAsync(envelope)).Ok);
            _acknowledged.Add(envelope);
            return true;
        }
        catch (MacpTransportException)
        {
            _unanswered = envelope;
            return false;
        }
    }

    public async Task CompareAsync(MacpClient client, string where)
    {
        var kept = await ReadAsync(client);
        if (_unanswered is { } maybe && kept.Count == _acknowledged.Count + 1) _acknowledged.Add(maybe);
        _unanswered = null;
        Assert.True(_acknowledged.Count == kept.Count, $"{where}, session {_session}: {_acknowledged.Count} were acknowledged, {kept.Count} are there");
        for (int i = 0; i < kept.Count; i++) Assert.True(_acknowledged[i].Equals(kept[i]), $"{where}, session {_session}, ordinal {i + 1}: {_acknowledged[i]} became {kept[i]}");
    }

    /// <summary>Holds a copy against it, which was made when so many at least were acknowledged.</summary>
    public async Task CompareAsync(MacpClient copy, int atLeast)
    {
        var kept = await ReadAsync(copy);
        Assert.InRange(kept.Count, atLeast, _acknowledged.Count + (_unanswered is null ? 0 : 1));
        Assert.Equal(_acknowledged.Append(_unanswered!).Take(kept.Count), kept);
    }

    async Task<List<Envelope>> ReadAsync(MacpClient client)
    {
        var kept = new List<Envelope>();
        await using var stream = await client.OpenStreamAsync();
        await stream.SubscribeAsync(_session);
        await stream.CompleteAsync();
        try
        {
            await foreach (var item in stream.ReadAllAsync()) kept.Add(((SessionStreamItem.Accepted)item).Envelope);
        }
        catch (MacpTransportException e) when (e.StatusCode is Grpc.GrpcStatusCode.NotFound)
        {
            // Not even its start was kept.
        }
        return kept;
    }

    Envelope Next(MacpClient client)
    {
        string mode = DecisionMode.Descriptor.Identifier;
        if (_acknowledged.Count > 0)
            return client.CreateEnvelope(mode, _session, "Proposal", new ProposalPayload { ProposalId = $"p{_acknowledged.Count}", Option = "an option" }, "ann");
        var start = new SessionStartPayload { Participants = { "ann" }, ModeVersion = "1.0.0", ConfigurationVersion = "config.default", TtlMs = 3_600_000 };
        return client.CreateEnvelope(mode, _session, "SessionStart", start, "ann");
    }
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using Google.Protobuf;
using Macp.Wire.V1;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>Rounds of many clients at once against one server, and what must hold after each.</summary>
sealed class Assault(int seed, Conversation[] corpus, Callers callers)
{
    const int MostAttackers = 256, CasesOfOne = 20, Faults = 5;

    static readonly ParallelOptions Many = new() { MaxDegreeOfParallelism = 64 };

    readonly Ledger _ledger = new(FuzzServer.LargestMessage);
    readonly RegistryRecord _registries = new();
    readonly ConcurrentDictionary<string, (string Initiator, string Hash)> _settled = new(StringComparer.Ordinal);
    readonly ConcurrentQueue<string> _faults = [];
    readonly HashSet<string> _stay = new(StringComparer.Ordinal);
    string? _session;
    long _kept;

    public Tally Tally { get; } = new();

    /// <summary>The bytes that the server was told to keep.</summary>
    public long Kept => Volatile.Read(ref _kept);

    public int Sessions => _settled.Count;

    public int RegistryChanges => _registries.Changes;

    Caller Operator => callers.Of(Callers.Operator);

    /// <summary>Registers the corpus' policies, and takes the registries as they are then.</summary>
    public async Task BeginAsync(FuzzServer server)
    {
        foreach (var policy in corpus.Select(conversation => conversation.Policy).OfType<PolicyDescriptor>().DistinctBy(policy => policy.PolicyId))
        {
            var answer = await server.Gun.FireAsync(Shot.Of("RegisterPolicy", new RegisterPolicyRequest { PolicyDescriptor = policy }, Operator));
            Assert.True(answer.IsOk && answer.Message(RegisterPolicyResponse.Parser).Ok, $"{policy.PolicyId}: {answer}");
            _stay.Add(policy.PolicyId);
        }
        await _registries.BeginAsync(server.Gun, Operator);
        foreach (var mode in FuzzServer.Modes.All) _stay.Add(mode.Descriptor.Identifier);
        _stay.UnionWith(["policy.default", .. FuzzServer.Modes.All.SelectMany(mode => mode.Governance?.Policies ?? []).Select(policy => policy.PolicyId)]);
    }

    /// <summary>So many cases, from many clients at once.</summary>
    public async Task RoundAsync(FuzzServer server, int round, int cases)
    {
        int attackers = Math.Clamp(cases / CasesOfOne, 1, MostAttackers);
        await Task.WhenAll(Enumerable.Range(0, attackers).Select(n => Task.Run(() => AttackAsync(server, new((((seed * 31) + round) * 1009) + n), cases / attackers))));
        Assert.True(_faults.IsEmpty, $"seed {seed}, round {round}: {string.Join("\n\n", _faults.Take(Faults))}");
        await server.Calls.BecomesAsync(0);
        await ConverseAsync(server);
        await CompareAsync(server, $"seed {seed}, round {round}");
        foreach (var shot in _registries.Undo(Operator, _stay)) await _registries.FireAsync(server.Gun, shot);
    }

    /// <summary>Everything is as it was: in a process that took it up from the journal.</summary>
    public async Task CompareAgainAsync(FuzzServer server)
    {
        await _registries.CompareAsync(server.Gun, Operator);
        await Parallel.ForEachAsync(_settled, Many, async (session, _) =>
            Assert.True(session.Value.Hash == Hash(await ReadAsync(server, session.Key, session.Value.Initiator)), $"seed {seed}: after a restart, session '{session.Key}' is another"));
        await CompareListAsync(server);
        Assert.Empty(server.Alarm.Heard);
    }

    async Task AttackAsync(FuzzServer server, Random random, int cases)
    {
        var attacker = new Attacker(random, corpus, callers, () => Volatile.Read(ref _session));
        for (int i = 0; i < cases && _faults.Count < Faults; i++)
        {
            if (attacker.Next() is { } shot) await FireAsync(server, shot);
            else await RawConnection.MakeAsync(server.Address, random);
        }
    }

    async Task FireAsync(FuzzServer server, Shot shot)
    {
        long sent = _ledger.Now();
        var answer = RegistryRecord.IsChangedBy(shot) ? await _registries.FireAsync(server.Gun, shot) : await server.Gun.FireAsync(shot);
        try
        {
            if ((Documented.Fault(shot, answer, FuzzServer.LargestMessage) ?? _ledger.Enter(shot, answer, sent)) is { } fault) Complain(shot, answer, fault);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or ArgumentOutOfRangeException)
        {
            Complain(shot, answer, $"the answer cannot be read: {e}");
        }
        Tally.Count(shot, answer);
        if (shot.Method.Name == "Send" && answer.IsOk && answer.Message(SendResponse.Parser).Ack is { Ok: true, SessionId: { Length: > 0 } session }) Volatile.Write(ref _session, session);
    }

    void Complain(Shot shot, Answer answer, string fault) => _faults.Enqueue($"{fault}: {answer}\n{shot.Verb} {shot.Path ?? shot.Method.Name} {shot.ContentType}, {shot.Credential}, {shot.Timeout}, {string.Join(", ", shot.Metadata)}\n{Convert.ToHexString(shot.Body.AsSpan(0, Math.Min(shot.Body.Length, 1000)))}");

    /// <summary>Ends every session, and holds what the server has against what clients were told.</summary>
    async Task CompareAsync(FuzzServer server, string when)
    {
        await _registries.CompareAsync(server.Gun, Operator);
        await Parallel.ForEachAsync(_ledger.Sessions.Values, Many, async (session, _) => await CompareAsync(server, session, when));
        await CompareListAsync(server);
        _session = null;
        _ledger.Sessions.Clear();
        Assert.True(server.Alarm.Heard is [], $"{when}: {string.Join("\n", server.Alarm.Heard)}");
    }

    async Task CompareAsync(FuzzServer server, SessionRecord session, string when)
    {
        var (initiator, answer) = ("", (Answer?)null);
        foreach (string name in session.Initiators)
        {
            (initiator, answer) = (name, await server.Gun.FireAsync(Shot.Of("CancelSession", new CancelSessionRequest { SessionId = session.Id }, callers.Of(name))));
            if (answer.IsOk) break;
        }
        if (!session.IsKnown && answer?.IsOk is not true) return;
        Assert.True(answer?.IsOk is true, $"{when}: session '{session.Id}' cannot be ended: {answer}");
        var history = await ReadAsync(server, session.Id, initiator);
        Assert.True(session.Compare(history) is not { } parted, $"{when}: session '{session.Id}': {session.Compare(history)}");
        _settled[session.Id] = (initiator, Hash(history));
        Interlocked.Add(ref _kept, history.Sum(envelope => (long)envelope.CalculateSize()));
    }

    async Task CompareListAsync(FuzzServer server)
    {
        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach (string initiator in _settled.Values.Select(session => session.Initiator).Distinct()) listed.UnionWith(await Reading.SessionsAsync(server.Gun, callers.Of(initiator)));
        listed.UnionWith(await Reading.SessionsAsync(server.Gun, callers.Of(Callers.Observer)));
        Assert.Empty(listed.Except(_settled.Keys));
        Assert.Empty(_settled.Keys.Except(listed));
    }

    async Task<List<Envelope>> ReadAsync(FuzzServer server, string session, string reader)
    {
        var answer = await server.Gun.FireAsync(Reading.Of(session, callers.Of(reader)));
        Assert.True(answer.IsOk, $"session '{session}' cannot be read: {answer}");
        return [.. answer.Messages(StreamSessionResponse.Parser).Select(response => response.Envelope)];
    }

    /// <summary>Whoever means well is served.</summary>
    async Task ConverseAsync(FuzzServer server)
    {
        foreach (var conversation in corpus.DistinctBy(conversation => conversation.Mode).Where(conversation => conversation.Policy is null))
            for (var play = new Play(conversation); !play.IsOver;)
            {
                var message = play.Next();
                var shot = Shot.Of("Send", new SendRequest { Envelope = message }, callers.Of(message.Sender));
                long sent = _ledger.Now();
                var answer = await server.Gun.FireAsync(shot);
                Assert.True(answer.IsOk && answer.Message(SendResponse.Parser).Ack.Ok, $"a valid conversation: {message}: {answer} {(answer.IsOk ? answer.Message(SendResponse.Parser) : null)}");
                Assert.Null(_ledger.Enter(shot, answer, sent));
            }
    }

    static string Hash(List<Envelope> history) => Convert.ToHexString(SHA256.HashData([.. history.SelectMany(envelope => envelope.ToByteArray())]));
}

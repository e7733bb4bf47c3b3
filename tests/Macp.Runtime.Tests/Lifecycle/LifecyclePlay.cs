using Google.Protobuf;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Protocol;
using Macp.Wire.Modes.Handoff.V1;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests.Lifecycle;

/// <summary>Plays a session against a kernel and against the model, one step after the other, and tells where they part.</summary>
sealed class LifecyclePlay
{
    const string Session = "session-0000000000000000", Policy = "policy.lifecycle";

    static readonly ModeCatalog Hosted = new ModeCatalog().Add<HandoffMode>();

    readonly FakeTime _time = new();
    readonly PolicyDescriptor _policy;
    readonly List<string> _log = [];
    readonly List<HistoryRecord> _seen = [];
    ManualHistory _history = new();
    MacpRuntime _runtime;
    SessionCursor? _cursor;

    LifecyclePlay(Terms terms)
    {
        _policy = PolicyOf(terms);
        _runtime = Live();
        Begun = new(LifecycleModel.Initiator, MessageTypes.SessionStart, "start", "");
        Model = LifecycleModel.Start(terms, Begun, FakeTime.Origin);
    }

    public LifecycleModel Model { get; private set; }

    public Message Begun { get; }

    public long Now => _time.NowMs;

    /// <summary>How often the history was made to fail, and how often the kernel said so.</summary>
    public int Losses { get; private set; }

    public int Faults { get; private set; }

    /// <summary>How often another process took the session up, and how often something had come due meanwhile.</summary>
    public int Restarts { get; private set; }

    public int DueWhileDown { get; private set; }

    public IReadOnlyList<string> Log => _log;

    public override string ToString() => string.Join("\n  ", _log.Prepend($"\n  {Model.Terms}"));

    public static async Task<LifecyclePlay> StartAsync(Terms terms)
    {
        var play = new LifecyclePlay(terms);
        play.Compare("start", $"accepted at {FakeTime.Origin}, Open", await play.DeliverAsync(play.Begun));
        await play.FollowAsync();
        await play.CompareHistoryAsync();
        return play;
    }

    public void Advance(long milliseconds) => _time.Advance(milliseconds);

    /// <summary>To the next instant at which something is due, or so much before or after it; nowhere when that is past.</summary>
    public void AdvanceToNextInstant(int offset) => Advance(Math.Max(0, Model.NextInstant + offset - Now));

    public void SetBack(long milliseconds) => _time.SetWallBack(milliseconds);

    public Task SendAsync(Message message) => StepAsync(message.ToString(), Model.Send(message, Now), () => DeliverAsync(message));

    public Task StartAgainAsync(Message start) => StepAsync(start.ToString(), Model.StartAgain(start, Now), () => DeliverAsync(start));

    public Task CancelAsync(string sender) => StepAsync($"cancel of {sender}", Model.Cancel(sender, Now), () => ControlAsync(_runtime.CancelAsync, sender));

    public Task SuspendAsync(string sender) => StepAsync($"suspend of {sender}", Model.Suspend(sender, Now), () => ControlAsync(_runtime.SuspendAsync, sender));

    public Task ResumeAsync(string sender) => StepAsync($"resume of {sender}", Model.Resume(sender, Now), () => ControlAsync(_runtime.ResumeAsync, sender));

    public Task ReadAsync(string sender) => StepAsync($"{sender} reads", Model.Read(sender, Now), async () =>
    {
        var outcome = await _runtime.GetSessionAsync(IdentityOf(sender), Session);
        return outcome.Failure?.Kind.ToString() ?? $"{outcome.Value!.State} until {outcome.Value.ExpiresAtUnixMs}";
    });

    public Task SubscribeAsync(string sender)
    {
        var told = Model.Read(sender, Now);
        if (told.Answer != nameof(FailureKind.PermissionDenied)) told = told with { Answer = "reads" };
        return StepAsync($"{sender} subscribes", told, async () => (await _runtime.SubscribeAsync(IdentityOf(sender), Session, 0)).Failure?.Kind.ToString() ?? "reads");
    }

    public Task SweepAsync() => StepAsync("sweep", new(Model.Sweep(Now), ""), async () =>
    {
        await _runtime.SweepAsync();
        return "";
    });

    /// <summary>Another process takes the session up and appends what came due meanwhile; whoever read goes on where it was.</summary>
    public Task RestartAsync() => StepAsync("restart", new(Model.Sweep(Now), ""), async () =>
    {
        Restarts++;
        if (Model.History.Count > _seen.Count) DueWhileDown++;
        _history = _history.Recalled();
        _runtime = Live();
        _runtime.Start();
        // From here on sweeps are steps of the play.
        await _runtime.DisposeAsync();
        await FollowAsync();
        return "";
    });

    /// <summary>A message of which nothing can be stored, nor of what came due before it: it is as if nobody had sent it.</summary>
    public async Task LoseAsync(Message message)
    {
        if (Model.Send(message, Now).Next.History.Count == Model.History.Count) return;
        _history.Holds = true;
        var lost = DeliverAsync(message);
        _history.Lose();
        _history.Holds = false;
        Losses++;
        Compare($"lost: {message}", ErrorCode.InternalError.Value, await lost);
        await CompareHistoryAsync();
    }

    /// <summary>What every reader must see in the end, from wherever it reads.</summary>
    public async Task CompareStreamsAsync()
    {
        foreach (bool annotations in (bool[])[true, false])
        {
            for (int after = 0; after <= Model.Messages; after++)
            {
                Assert.True((await _runtime.SubscribeAsync(new(LifecycleModel.Target), Session, (ulong)after, annotations)).Succeeded(out var cursor, out _));
                Model = Model.Sweep(Now);
                var read = await AvailableAsync(cursor);
                var expected = Model.History.Where(entry => (annotations || !entry.IsAnnotation) && (entry.Ordinal > after || (entry.IsAnnotation && entry.Ordinal == after)));
                Compare($"read after {after}", Tell(expected), Tell(read));
                Compare("the end", Model.HasEnded.ToString(), cursor.HasEnded.ToString());
                if (after == 0 && annotations) await CompareIdsAsync(read);
            }
        }
        Compare("ends", Model.HasEnded ? "1" : "0", _history.Of(Session).Count(record => record.EndsSession).ToString());
        Compare("faults", Losses.ToString(), Faults.ToString());
    }

    /// <summary>Decided again by nothing but itself, the history is the same.</summary>
    public void CompareReplay()
    {
        var outcome = new SessionReplay(Hosted).Decide(_history.Of(Session));
        Compare("replay", $"{Model.Messages} messages", string.Join('\n', outcome.Differences.Select(found => found.ToString()).Prepend($"{outcome.Messages} messages{outcome.Undecided}")));
    }

    /// <summary>Ids are never used twice, and are the same for whoever read live.</summary>
    async Task CompareIdsAsync(List<HistoryRecord> read)
    {
        await CompareHistoryAsync();
        Compare("ids", string.Join(' ', _seen.Select(record => record.MessageId)), string.Join(' ', read.Select(record => record.MessageId)));
        Compare("distinct ids", read.Count.ToString(), read.Select(record => record.MessageId).Distinct().Count().ToString());
    }

    async Task StepAsync(string step, Told told, Func<Task<string>> play)
    {
        Model = told.Next;
        Compare(step, told.Answer, await play());
        await CompareHistoryAsync();
    }

    async Task CompareHistoryAsync()
    {
        // A reader that goes on behind an ordinal is told the annotations behind it again (decisions 21).
        var told = await AvailableAsync(_cursor!);
        _seen.AddRange(told.Where(record => !record.IsAnnotation || _seen.TrueForAll(seen => seen.MessageId != record.MessageId)));
        string expected = Tell(Model.History), actual = Tell(_seen);
        if (expected != actual) Part("history", expected, actual);
    }

    void Compare(string what, string expected, string actual)
    {
        _log.Add($"{Now - FakeTime.Origin}: {what}: {actual}");
        if (expected != actual) Part(what, expected, actual);
    }

    void Part(string what, string expected, string actual) => throw new PartedException($"{what}\n  model:  {expected}\n  kernel: {actual}{this}");

    MacpRuntime Live()
    {
        var options = new MacpRuntimeOptions { MessageLimitPerMinute = int.MaxValue, SessionStartLimitPerMinute = int.MaxValue, Policies = [_policy] };
        var runtime = new MacpRuntime(Hosted, options, _history, _time);
        runtime.Faulted += (_, fault) => Faults++;
        return runtime;
    }

    async Task FollowAsync()
    {
        ulong after = _seen.Count == 0 ? 0 : (ulong)_seen[^1].Ordinal;
        Assert.True((await _runtime.SubscribeAsync(new(LifecycleModel.Committer), Session, after, includeAnnotations: true)).Succeeded(out _cursor, out _));
    }

    async Task<string> DeliverAsync(Message message)
    {
        var ack = await _runtime.SendAsync(IdentityOf(message.Sender), ToEnvelope(message));
        return ack.Ok ? $"{(ack.Duplicate ? "duplicate" : "accepted")} at {ack.AcceptedAtUnixMs}, {ack.SessionState}" : ack.Error.Code;
    }

    static async Task<string> ControlAsync(Func<Identity, string, string, ValueTask<Outcome<Ack>>> operation, string sender)
    {
        var outcome = await operation(IdentityOf(sender), Session, "");
        return outcome.Failure?.Kind.ToString() ?? (outcome.Value!.Ok ? $"done, {outcome.Value.SessionState}" : outcome.Value.Error.Code);
    }

    static async Task<List<HistoryRecord>> AvailableAsync(SessionCursor cursor)
    {
        var records = new List<HistoryRecord>();
        while (await cursor.HasMoreNowAsync())
            while (cursor.TryRead(out var record)) records.Add(record);
        return records;
    }

    static string Tell(IEnumerable<Entry> entries) =>
        string.Join("; ", entries.Select(e => Tell(e.IsAnnotation ? "" : e.Message.Id, e.Message.Type, e.Message.Sender, e.At, e.Ordinal)));

    static string Tell(IEnumerable<HistoryRecord> records) =>
        string.Join("; ", records.Select(r => Tell(r.IsAnnotation ? "" : r.MessageId, r.MessageType, r.Sender, r.AcceptedAtUnixMs, r.Ordinal)));

    static string Tell(string id, string type, string sender, long at, long ordinal) => $"{ordinal} {type} {id} of {sender} at {at - FakeTime.Origin}";

    static Identity IdentityOf(string sender) => new(sender) { IsObserver = sender == LifecycleModel.Observer };

    Envelope ToEnvelope(Message message) => new()
    {
        MacpVersion = MacpProtocol.Version,
        Mode = HandoffMode.Descriptor.Identifier,
        MessageType = message.Type,
        MessageId = message.Id,
        SessionId = Session,
        Sender = message.Sender,
        TimestampUnixMs = message.Type == MessageTypes.SessionStart ? Model.Terms.Timestamp : 0,
        Payload = PayloadOf(message).ToByteString(),
    };

    IMessage PayloadOf(Message message) => message.Type switch
    {
        MessageTypes.SessionStart => new SessionStartPayload
        {
            ModeVersion = "1.0.0", ConfigurationVersion = "cfg", PolicyVersion = Policy, ContextId = message.Reason,
            TtlMs = Model.Terms.Ttl, MaxSuspendMs = Model.Terms.Cap, Participants = { LifecycleModel.Initiator, LifecycleModel.Target },
        },
        MessageTypes.Commitment => new CommitmentPayload
        {
            CommitmentId = "c", Action = "the-outcome", AuthorityScope = "test", Reason = $"so it came {message.Reason}",
            ModeVersion = "1.0.0", ConfigurationVersion = "cfg", OutcomePositive = message.Subject == "positive",
        },
        "HandoffOffer" => new HandoffOfferPayload { HandoffId = message.Subject, TargetParticipant = LifecycleModel.Target, Reason = message.Reason },
        "HandoffContext" => new HandoffContextPayload { HandoffId = message.Subject, ContentType = message.Reason },
        "HandoffAccept" => new HandoffAcceptPayload { HandoffId = message.Subject, Reason = message.Reason },
        _ => new HandoffDeclinePayload { HandoffId = message.Subject, Reason = message.Reason },
    };

    static PolicyDescriptor PolicyOf(Terms terms) => HandoffPolicy.Create(Policy, "Silence accepts; one from outside commits.",
        new() { Acceptance = new() { ImplicitAcceptTimeoutMs = terms.Silence } },
        new() { Authority = CommitmentAuthority.DesignatedRole, DesignatedRoles = [LifecycleModel.Committer] });
}

/// <summary>Kernel and model do not agree.</summary>
sealed class PartedException(string message) : Exception(message);

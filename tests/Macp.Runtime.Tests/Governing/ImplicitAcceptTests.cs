using Google.Protobuf;
using Macp.Modes.Standard;
using Macp.Protocol;
using Macp.Wire.Modes.Handoff.V1;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests.Governing;

/// <summary>Silence that accepts: the runtime appends the target's accept when it is due, before anything later is judged (RFC-MACP-0010 section 5.1).</summary>
public sealed class ImplicitAcceptTests
{
    const long Timeout = 1000;

    readonly Office _office = new();

    [Fact]
    public async Task The_accept_stands_before_the_message_that_found_it_in_the_targets_name()
    {
        await OfferAsync();
        _office.Time.Advance(1500);
        Expect.Accepted(await SendAsync(Office.Ada, new HandoffContextPayload { HandoffId = "h" }));

        Assert.Equal("SessionStart HandoffOffer HandoffAccept HandoffContext", _office.Types);
        Assert.Equal([1L, 2, 3, 4], _office.Records.Select(record => record.Ordinal));
        var accept = _office.Records[2];
        Assert.Equal((RecordKind.CameDue, "implicit-accept:h", "bob"), (accept.Kind, accept.MessageId, accept.Sender));
        Assert.Equal((FakeTime.Origin + Timeout, FakeTime.Origin + Timeout), (accept.AcceptedAtUnixMs, accept.Envelope.TimestampUnixMs));
        Assert.Equal(new HandoffAcceptPayload { HandoffId = "h", AcceptedBy = "bob", Implicit = true }, HandoffAcceptPayload.Parser.ParseFrom(accept.Payload));
    }

    [Theory]
    [InlineData(999, false)]
    [InlineData(1000, true)]
    [InlineData(1001, true)]
    public async Task A_commitment_finds_it_at_the_instant_at_which_it_is_due_and_not_before(long after, bool isDue)
    {
        await OfferAsync();
        _office.Time.Advance(after);
        var ack = await CommitAsync(positive: true);

        if (isDue) Expect.Accepted(ack);
        else Expect.Code(ErrorCode.InvalidEnvelope, ack);
        Assert.Equal(isDue ? "SessionStart HandoffOffer HandoffAccept Commitment" : "SessionStart HandoffOffer", _office.Types);
    }

    [Fact]
    public async Task A_commitment_that_is_refused_does_not_take_it_back()
    {
        await OfferAsync();
        _office.Time.Advance(Timeout);
        Expect.Code(ErrorCode.InvalidEnvelope, await CommitAsync(positive: false));

        Assert.Equal("SessionStart HandoffOffer HandoffAccept", _office.Types);
        Expect.Accepted(await CommitAsync(positive: true));
    }

    [Fact]
    public async Task A_decline_in_time_wins_and_a_late_one_is_refused()
    {
        await OfferAsync();
        _office.Time.Advance(Timeout - 1);
        Expect.Accepted(await SendAsync(Office.Bob, new HandoffDeclinePayload { HandoffId = "h" }));
        _office.Time.Advance(Timeout);
        await _office.Runtime.SweepAsync();
        Assert.Equal("SessionStart HandoffOffer HandoffDecline", _office.Types);

        await OfferAsync("late", Office.Cyd);
        _office.Time.Advance(Timeout);
        Expect.Code(ErrorCode.InvalidEnvelope, await SendAsync(Office.Cyd, new HandoffDeclinePayload { HandoffId = "late" }));
        Assert.EndsWith("HandoffOffer HandoffAccept", _office.Types, StringComparison.Ordinal);
        Assert.Empty(_office.Faults);
    }

    [Fact]
    public async Task An_accept_in_words_is_not_repeated_by_silence()
    {
        await OfferAsync();
        Expect.Accepted(await SendAsync(Office.Bob, new HandoffAcceptPayload { HandoffId = "h" }));
        _office.Time.Advance(Timeout);
        await _office.Runtime.SweepAsync();

        Assert.Equal("SessionStart HandoffOffer HandoffAccept", _office.Types);
        Assert.False((await ProjectAsync()).IsImplicitlyAccepted("h"));
    }

    [Fact]
    public async Task A_later_offer_has_a_due_time_of_its_own()
    {
        await OfferAsync("h1");
        _office.Time.Advance(500);
        Expect.Accepted(await SendAsync(Office.Bob, new HandoffDeclinePayload { HandoffId = "h1" }));
        _office.Time.Advance(100);
        await OfferAsync("h2", Office.Cyd);

        _office.Time.Advance(Timeout - 1); // past that of the first
        await _office.Runtime.SweepAsync();
        Assert.EndsWith("HandoffDecline HandoffOffer", _office.Types, StringComparison.Ordinal);
        _office.Time.Advance(1);
        await _office.Runtime.SweepAsync();
        Assert.Equal(("implicit-accept:h2", "cyd", FakeTime.Origin + 1600), (_office.Records[^1].MessageId, _office.Records[^1].Sender, _office.Records[^1].AcceptedAtUnixMs));
        Expect.Accepted(await CommitAsync(positive: true));
    }

    [Fact]
    public async Task When_nobody_writes_the_sweeper_does_and_so_does_whoever_looks_or_cancels()
    {
        await OfferAsync();
        _office.Time.Advance(Timeout);
        await _office.Runtime.SweepAsync();
        await _office.Runtime.SweepAsync();
        Assert.Equal("SessionStart HandoffOffer HandoffAccept", _office.Types);

        foreach (var touch in (Func<Office, Task>[])[office => office.Runtime.GetSessionAsync(Office.Ada, Office.Session).AsTask(), office => office.Runtime.CancelAsync(Office.Ada, Office.Session, "").AsTask()])
        {
            var tests = new ImplicitAcceptTests();
            await tests.OfferAsync();
            tests._office.Time.Advance(Timeout);
            await touch(tests._office);
            Assert.StartsWith("SessionStart HandoffOffer HandoffAccept", tests._office.Types, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Suspension_does_not_count()
    {
        await SuspendedForAsync(5000);
        _office.Time.Advance(599);
        await _office.Runtime.SweepAsync();
        Assert.Equal("SessionStart HandoffOffer SessionSuspend SessionResume", _office.Types);

        _office.Time.Advance(1);
        Expect.Accepted(await CommitAsync(positive: true));
        Assert.Equal(FakeTime.Origin + 6000, _office.Records[^2].AcceptedAtUnixMs);
    }

    [Fact]
    public async Task A_session_that_is_folded_again_after_a_suspension_has_the_same_due_time()
    {
        await SuspendedForAsync(5000);
        await _office.LoseAsync(() => SendAsync(Office.Ada, new HandoffContextPayload { HandoffId = "h" }));
        _office.Time.Advance(599);
        await _office.Runtime.SweepAsync();
        Assert.Equal("SessionStart HandoffOffer SessionSuspend SessionResume", _office.Types);

        _office.Time.Advance(1);
        await _office.Runtime.SweepAsync();
        Assert.Equal(("implicit-accept:h", FakeTime.Origin + 6000), (_office.Records[^1].MessageId, _office.Records[^1].AcceptedAtUnixMs));
    }

    [Fact]
    public async Task An_accept_that_was_lost_is_appended_again_the_same()
    {
        await OfferAsync();
        _office.Time.Advance(1500);
        await _office.LoseAsync(() => SendAsync(Office.Ada, new HandoffContextPayload { HandoffId = "h" }));
        Assert.Equal("SessionStart HandoffOffer", _office.Types);

        _office.Time.Advance(1000);
        Expect.Accepted(await CommitAsync(positive: true));
        Assert.Equal(("implicit-accept:h", 3L, FakeTime.Origin + Timeout), (_office.Records[2].MessageId, _office.Records[2].Ordinal, _office.Records[2].AcceptedAtUnixMs));
    }

    [Fact]
    public async Task A_session_that_is_folded_again_knows_what_silence_accepted()
    {
        await OfferAsync();
        _office.Time.Advance(Timeout);
        await _office.Runtime.SweepAsync();
        string before = (await ProjectAsync()).ToJson();
        await _office.LoseAsync(() => SendAsync(Office.Ada, new HandoffContextPayload { HandoffId = "h" }));

        Expect.Code(ErrorCode.InvalidEnvelope, await SendAsync(Office.Bob, new HandoffDeclinePayload { HandoffId = "h" }));
        Assert.Equal(before, (await ProjectAsync()).ToJson());
        Expect.Accepted(await CommitAsync(positive: true));
    }

    [Fact]
    public async Task A_client_cannot_say_that_silence_accepted()
    {
        await OfferAsync();
        Expect.Code(ErrorCode.InvalidEnvelope, await SendAsync(Office.Bob, new HandoffAcceptPayload { HandoffId = "h", AcceptedBy = "bob", Implicit = true }));
        Expect.Code(ErrorCode.InvalidEnvelope, await SendAsync(Office.Bob, new HandoffAcceptPayload { HandoffId = "h" }, "implicit-accept:h"));
        Expect.Code(ErrorCode.InvalidEnvelope, await SendAsync(Office.Ada, new HandoffContextPayload { HandoffId = "h" }, "implicit-accept:"));
        Assert.Equal("SessionStart HandoffOffer", _office.Types);

        _office.Time.Advance(Timeout);
        await _office.Runtime.SweepAsync();
        Expect.Code(ErrorCode.InvalidEnvelope, await _office.Runtime.SendAsync(Office.Bob, _office.Records[^1].Envelope)); // not even a duplicate of the runtime's own
    }

    [Fact]
    public async Task Readers_of_the_stream_see_it_and_can_tell_it_from_words()
    {
        await OfferAsync();
        _office.Time.Advance(Timeout);
        Expect.Accepted(await CommitAsync(positive: true));

        var projection = await ProjectAsync();
        Assert.Equal((true, true, true), (projection.IsAccepted("h"), projection.IsImplicitlyAccepted("h"), projection.IsPositiveOutcome));
        Assert.Equal("bob", projection.Offers["h"].AcceptedBy);
        Assert.Empty(projection.Anomalies);
    }

    [Theory]
    [InlineData(0, "SessionStart HandoffOffer TtlExpired")]
    [InlineData(60_000, "SessionStart HandoffOffer HandoffAccept TtlExpired")]
    [InlineData(60_001, "SessionStart HandoffOffer TtlExpired")]
    [InlineData(long.MaxValue, "SessionStart HandoffOffer TtlExpired")]
    public async Task At_the_deadline_itself_silence_accepts_and_then_the_session_expires(long timeout, string types)
    {
        await OfferAsync(timeout: timeout);
        _office.Time.Advance(100_000);
        await _office.Runtime.SweepAsync();

        Assert.Equal(types, _office.Types);
        Assert.Empty(_office.Faults);
    }

    [Fact]
    public async Task A_policy_for_any_mode_rules_it_too()
    {
        Assert.True((await _office.RegisterAsync(new() { PolicyId = "policy.any", Mode = "*", Rules = """{"acceptance":{"implicit_accept_timeout_ms":1000}}""", SchemaVersion = 3 })).Ok);
        await _office.StartAsync(HandoffMode.Descriptor, "policy.any");
        Expect.Accepted(await SendAsync(Office.Ada, new HandoffOfferPayload { HandoffId = "h", TargetParticipant = "bob" }));
        _office.Time.Advance(Timeout);
        Expect.Accepted(await CommitAsync(positive: true));
    }

    [Fact]
    public async Task A_clock_that_is_set_back_neither_repeats_nor_forgets_it()
    {
        await OfferAsync();
        _office.Time.Advance(Timeout);
        await _office.Runtime.SweepAsync();
        _office.Time.SetWallBack(900);
        Expect.Accepted(await SendAsync(Office.Ada, new HandoffContextPayload { HandoffId = "h" }));
        _office.Time.Advance(2000);
        await _office.Runtime.SweepAsync();

        Assert.Equal("SessionStart HandoffOffer HandoffAccept HandoffContext", _office.Types);
    }

    async Task OfferAsync(string id = "h", Identity? to = null, long timeout = Timeout)
    {
        if (_office.Records.Count == 0)
        {
            Assert.True((await _office.RegisterAsync(HandoffPolicy.Create("policy.silence", "Silence accepts.", new() { Acceptance = new() { ImplicitAcceptTimeoutMs = timeout } }))).Ok);
            Expect.Accepted(await _office.StartAsync(HandoffMode.Descriptor, "policy.silence"));
        }
        Expect.Accepted(await SendAsync(Office.Ada, new HandoffOfferPayload { HandoffId = id, TargetParticipant = (to ?? Office.Bob).Sender }));
    }

    /// <summary>An offer, of whose time 400 milliseconds have gone by when its session is suspended for a while.</summary>
    async Task SuspendedForAsync(long milliseconds)
    {
        await OfferAsync();
        _office.Time.Advance(400);
        Assert.True(Expect.Done(await _office.Runtime.SuspendAsync(Office.Ada, Office.Session, "")).Ok);
        _office.Time.Advance(milliseconds);
        await _office.Runtime.SweepAsync();
        Assert.True(Expect.Done(await _office.Runtime.ResumeAsync(Office.Ada, Office.Session, "")).Ok);
    }

    async Task<HandoffProjection> ProjectAsync()
    {
        var projection = new HandoffProjection();
        foreach (var record in await Expect.AvailableAsync(Office.Answer(await _office.Runtime.SubscribeAsync(Office.Ada, Office.Session, 0)))) projection.Apply(record.Envelope);
        return projection;
    }

    Task<Ack> SendAsync(Identity sender, IMessage payload, string? id = null) => _office.SendAsync(sender, payload, HandoffMode.Descriptor, id);

    Task<Ack> CommitAsync(bool positive) => SendAsync(Office.Ada, Office.Commitment(positive));
}

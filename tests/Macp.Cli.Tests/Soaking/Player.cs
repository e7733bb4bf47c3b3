using Google.Protobuf;
using Macp.Client;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Cli.Tests;

/// <summary>Plays one session after another: to its commitment, cancelled, expired, suspended in between; with refusals and repetitions on the way.</summary>
sealed class Player(Shifts shifts, SoakBook book, Random random, string[] team)
{
    // Between two messages of a session.
    const int LongestWaitMs = 60;

    static readonly MacpCallOptions Lenient = new() { ThrowOnNack = false };

    SessionRecord _session = null!;
    string _policy = "";

    public async Task PlayAsync(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            _session = new(Move.Modes[random.Next(Move.Modes.Count)], team);
            _policy = book.SomePolicy(random);
            int fate = random.Next(100);
            book.Add(_session);
            var following = random.Next(4) == 0 ? new Following(shifts, _session.Id, team[2]).ReadAsync() : null;
            await StartAsync(isBrief: fate < 12);
            var moves = Move.Leading(_session.Mode, team, _policy);
            if (fate < 12) await LetExpireAsync(moves[0]);
            else await PlayAsync(fate < 24 ? moves[..random.Next(1, moves.Length)] : moves);
            if (fate is >= 12 and < 24) await ControlAsync(SessionRecord.Cancellation);
            await RefusedAsync(Envelope(moves[0]), ErrorCode.SessionNotOpen);
            await shifts.CallAsync((life, crew, _) => _session.CompareAsync(crew["ops"], book.Retention, $"life {life.Number}, at its end"));
            if (following is not null) Assert.Equal(_session.Told, await following.WaitAsync(TimeSpan.FromMinutes(2)));
            book.Ended(following is not null);
        }
    }

    /// <summary>Starts one, and no more.</summary>
    public Task StartOneAsync()
    {
        _session = new(Move.Modes[0], team);
        book.Add(_session);
        return StartAsync(isBrief: false);
    }

    public Task CancelAsync() => ControlAsync(SessionRecord.Cancellation);

    async Task PlayAsync(Move[] moves)
    {
        int pause = random.Next(4) == 0 ? random.Next(moves.Length) : -1;
        foreach (var (i, move) in moves.Index())
        {
            if (i == pause) await BeSuspendedAsync(move);
            if (random.Next(8) == 0) await BreakARuleAsync(move);
            await SendAsync(Envelope(move), byStream: random.Next(4) == 0);
            if (random.Next(10) == 0) await RepeatAsync();
            await Task.Delay(random.Next(LongestWaitMs));
        }
    }

    async Task StartAsync(bool isBrief)
    {
        var start = new SessionStartPayload { Participants = { team }, ModeVersion = "1.0.0", ConfigurationVersion = "config.default", PolicyVersion = _policy, TtlMs = isBrief ? 1500 : 3_600_000 };
        var envelope = Envelope(team[0], "SessionStart", start);
        // Without a time of its own it begins when it arrives, be it after a restart.
        if (isBrief) envelope.TimestampUnixMs = 0;
        _session.IsBrief = isBrief;
        _session.Try(envelope);
        await shifts.CallAsync(async (life, crew, _) =>
        {
            await SendOnceAsync(life, crew, envelope);
            if (isBrief) book.WillExpire(_session, (await crew[team[0]].GetSessionAsync(_session.Id)).ExpiresAt!.Value);
            _session.Succeed();
        });
    }

    /// <summary>Its time may be up before the message comes: then it is refused.</summary>
    async Task LetExpireAsync(Move move)
    {
        var envelope = Envelope(move);
        _session.Try(envelope);
        await shifts.CallAsync(async (life, crew, _) =>
        {
            if ((await SendOnceAsync(life, crew, envelope, ErrorCode.SessionNotOpen)).Ok) _session.Succeed();
            else _session.Fail();
        });
        var left = _session.Deadline!.Value - DateTimeOffset.UtcNow;
        if (left > TimeSpan.Zero) await Task.Delay(left + TimeSpan.FromMilliseconds(20));
        await shifts.CallAsync(async (_, crew, _) =>
        {
            Assert.Equal(SessionState.Expired, (await crew["ops"].GetSessionAsync(_session.Id)).State);
            _session.Expire();
        });
    }

    async Task BeSuspendedAsync(Move move)
    {
        await ControlAsync(SessionRecord.Suspension);
        await RefusedAsync(Envelope(move), ErrorCode.SessionNotOpen);
        await ControlAsync(SessionRecord.Resumption);
    }

    async Task SendAsync(Envelope envelope, bool byStream)
    {
        _session.Try(envelope);
        await shifts.CallAsync(async (life, crew, vain) =>
        {
            if (byStream && vain == 0) await StreamAsync(life, crew, envelope);
            else await SendOnceAsync(life, crew, envelope);
            _session.Succeed();
        });
    }

    /// <summary>Sends on a stream, and hears the message itself.</summary>
    async Task StreamAsync(Life life, Crew crew, Envelope envelope)
    {
        await using var stream = await crew[envelope.Sender].OpenStreamAsync();
        await stream.SubscribeAsync(_session.Id, _session.Ordinal);
        await stream.SendAsync(envelope);
        while (true)
        {
            var item = await stream.ReadAsync(TimeSpan.FromSeconds(30));
            // What was annotated behind the last ordinal is told first.
            if (item is SessionStreamItem.Annotation) continue;
            Assert.Equal(envelope, Assert.IsType<SessionStreamItem.Accepted>(item).Envelope);
            life.Tally.Answered(envelope, new() { Ok = true });
            return;
        }
    }

    async Task<MacpAck> SendOnceAsync(Life life, Crew crew, Envelope envelope, ErrorCode? orCode = null)
    {
        var ack = await crew[envelope.Sender].SendAsync(envelope, Lenient);
        Assert.True(ack.Ok || ack.Error!.Code == orCode, $"{envelope.MessageType} of {envelope.Mode}: {ack.Error}");
        life.Tally.Answered(envelope, ack);
        return ack;
    }

    /// <summary>A message of before is acknowledged as known.</summary>
    Task RepeatAsync() => shifts.CallAsync(async (_, crew, _) =>
    {
        var envelope = _session.Some(random);
        var ack = await crew[envelope.Sender].SendAsync(envelope);
        Assert.True(ack.Duplicate);
        book.Repeated();
    });

    Task BreakARuleAsync(Move next)
    {
        var envelope = Envelope(next);
        switch (random.Next(9))
        {
            case 0:
                envelope.SessionId = Guid.NewGuid().ToString();
                return RefusedAsync(envelope, ErrorCode.SessionNotFound);
            case 1:
                envelope.MessageId = _session.Some(random).MessageId;
                envelope.Payload = ByteString.CopyFromUtf8("something else");
                return RefusedAsync(envelope, ErrorCode.InvalidEnvelope);
            case 2:
                envelope.Sender = "mal";
                return RefusedAsync(envelope, ErrorCode.Forbidden);
            case 3:
                return RefusedAsync(envelope, ErrorCode.Unauthenticated, token: "nobody's");
            case 4:
                envelope.Payload = ByteString.CopyFrom(new byte[SoakServer.LargestPayload + 1]);
                return RefusedAsync(envelope, ErrorCode.PayloadTooLarge);
            case 5:
                return RefusedAsync(Envelope(team[0], "SessionStart", new SessionStartPayload { Participants = { team }, ModeVersion = "1.0.0", ConfigurationVersion = "other", TtlMs = 3_600_000 }), ErrorCode.SessionAlreadyExists);
            case 6:
                return RefusedAsync(Elsewhere("ext.nobody.v1", ""), ErrorCode.ModeNotSupported);
            case 7:
                return RefusedAsync(Elsewhere(_session.Mode, "", SoakServer.Limited), ErrorCode.RateLimited);
            default:
                return RefusedAsync(Elsewhere(_session.Mode, "policy.of.nobody"), ErrorCode.UnknownPolicyVersion);
        }
    }

    Envelope Elsewhere(string mode, string policy, string? initiator = null)
    {
        var start = new SessionStartPayload { Participants = { initiator ?? team[0], team[1] }, ModeVersion = "1.0.0", ConfigurationVersion = "config.default", PolicyVersion = policy, TtlMs = 3_600_000 };
        var envelope = Envelope(initiator ?? team[0], "SessionStart", start);
        (envelope.Mode, envelope.SessionId) = (mode, Guid.NewGuid().ToString());
        return envelope;
    }

    Task RefusedAsync(Envelope envelope, ErrorCode code, string? token = null) => shifts.CallAsync(async (life, crew, _) =>
    {
        var ack = await crew[token ?? envelope.Sender].SendAsync(envelope, Lenient);
        Assert.True(!ack.Ok && ack.Error!.Code == code, $"{envelope.MessageType} of {envelope.Mode}: {ack.Error}, and not {code}");
        life.Tally.Answered(envelope, ack);
    });

    /// <summary>Has no id by which a repetition is known: the session tells whether it was done.</summary>
    async Task ControlAsync(string annotation)
    {
        _session.Try(annotation);
        await shifts.CallAsync(async (life, crew, vain) =>
        {
            var client = crew[team[0]];
            var (wanted, counter) = SessionRecord.Change(annotation);
            if (vain == 0 || (await client.GetSessionAsync(_session.Id)).State != wanted)
            {
                await (wanted switch
                {
                    SessionState.Suspended => client.SuspendSessionAsync(_session.Id),
                    SessionState.Open => client.ResumeSessionAsync(_session.Id),
                    _ => client.CancelSessionAsync(_session.Id),
                });
                life.Tally.Controlled(_session.Mode, counter);
            }
            _session.Succeed();
        });
    }

    Envelope Envelope(Move move) => Envelope(team[move.Sender], move.Type, move.Payload);

    Envelope Envelope(string sender, string type, IMessage payload) => _session.Envelope(sender, type, payload);
}

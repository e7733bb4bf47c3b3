using Google.Protobuf;
using Macp.Wire.V1;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>One client that does what it should not, case by case, each chosen by chance.</summary>
sealed class Attacker(Random random, Conversation[] corpus, Callers callers, Func<string?> session)
{
    static readonly string[] Paths = ["/", "/macp.v1.MACPRuntimeService", "/macp.v1.MACPRuntimeService/Nothing", "/.well-known/macp.json", "/%00", "/macp.v1.MACPRuntimeService/send", Documented.Health];
    static readonly string[] Verbs = ["GET", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH", "BREW"];
    static readonly string?[] Types = [null, "", "application/grpc", "application/grpc+proto", "application/grpc+json", "application/grpc-web", "application/json", "text/plain; charset=x", "application/grpc;;", "*/*"];
    static readonly string[] Timeouts = ["", "0n", "1n", "99999999H", "100000000H", "-1S", "1", "S", "1x", "5m", "1u", "5m5m", " 1S"];

    Play _play = new(corpus[random.Next(corpus.Length)]);

    /// <summary>The next request; null for a connection that brings none.</summary>
    public Shot? Next() => random.Next(100) switch
    {
        < 2 => null,
        < 18 => Body(),
        < 35 => Request(),
        < 40 => Credential(),
        < 48 => Stream(),
        _ => Message(),
    };

    /// <summary>A request whose body is random, or is a message with something around it that is wrong.</summary>
    Shot Body()
    {
        var shot = new Shot(Method(), Framed()) { Credential = Somebody().Credential };
        if (random.Next(5) == 0) shot = shot with { Verb = Verbs[random.Next(Verbs.Length)] };
        if (random.Next(5) == 0) shot = shot with { Path = Paths[random.Next(Paths.Length)] };
        if (random.Next(5) == 0) shot = shot with { ContentType = Types[random.Next(Types.Length)] };
        if (random.Next(4) == 0) shot = shot with { Timeout = Timeouts[random.Next(Timeouts.Length)] };
        if (random.Next(4) == 0) shot = shot with { Metadata = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Entry())] };
        return Bounded(shot);
    }

    byte[] Framed()
    {
        byte[] bytes = Hostile.Bytes(random, 60);
        return random.Next(8) switch
        {
            0 => bytes,
            1 => [],
            2 => RawCall.Frame(bytes, length: (uint)Hostile.Number(random)),
            3 => RawCall.Frame(bytes, flags: (byte)random.Next(4)),
            4 => [.. RawCall.Frame([]), .. RawCall.Frame(bytes)],
            5 => RawCall.Frame(bytes)[..random.Next(5 + bytes.Length)],
            6 => RawCall.Frame(new byte[FuzzServer.LargestMessage + random.Next(-1, 3)]),
            _ => RawCall.Frame(bytes),
        };
    }

    (string, string) Entry() => random.Next(5) switch
    {
        0 => ("x-fuzz-bin", Convert.ToBase64String(Hostile.Bytes(random, 40))),
        1 => ("x-fuzz-bin", "not base64!"),
        2 => ("macp-annotations", ((string[])["1", "0", "", "1,1", "\u00e9"])[random.Next(5)]),
        3 => ("grpc-encoding", ((string[])["gzip", "identity", "", "x"])[random.Next(4)]),
        _ => ($"x-{random.Next(100)}", new('v', random.Next(3000))),
    };

    /// <summary>A nearly valid request of any method.</summary>
    Shot Request()
    {
        var method = Method();
        var caller = random.Next(4) == 0 ? callers.Of(Callers.Operator) : Somebody();
        var valid = Requests.Of(random, method, session() ?? _play.Session, random.Next(3) == 0 ? Requests.Ambient(random, _play.Session) : _play.Any(random));
        return Bounded(Shot.Of(method.Name, random.Next(4) == 0 ? valid.ToByteArray() : Mutation.Of(random, valid), caller));
    }

    /// <summary>A valid request of somebody who does not prove who it is.</summary>
    Shot Credential()
    {
        var method = Method();
        var valid = Requests.Of(random, method, session() ?? _play.Session, _play.Any(random));
        return Bounded(Shot.Of(method.Name, valid, random.Next(8) == 0 ? callers.ByJwt : callers.Nobody(random)));
    }

    /// <summary>Several frames of one call.</summary>
    Shot Stream()
    {
        if (_play.IsOver) _play = new(corpus[random.Next(corpus.Length)]);
        var frames = new List<byte>();
        var caller = callers.Of(_play.Any(random).Sender);
        for (int count = random.Next(1, 7); count > 0; count--)
        {
            var frame = random.Next(4) == 0
                ? new StreamSessionRequest { SubscribeSessionId = random.Next(9) == 0 ? "nothing" : _play.Session, AfterSequence = Hostile.Number(random) }
                : new() { Envelope = Mine() };
            frames.AddRange(RawCall.Frame(random.Next(6) == 0 ? Mutation.Of(random, frame) : frame.ToByteArray()));
        }
        return new(Shot.Named("StreamSession"), [.. frames]) { Credential = caller.Credential, Sender = caller.Name };

        Envelope Mine()
        {
            var message = _play.HasBegun && random.Next(3) == 0 ? _play.Mangled(random) : _play.IsOver ? _play.Any(random) : _play.Next();
            if (random.Next(3) > 0) message.Sender = caller.Name;
            return message;
        }
    }

    /// <summary>A message of a session: the one that is due, or one that is not, or what was made of one.</summary>
    Shot Message()
    {
        if (_play.IsOver) _play = new(corpus[random.Next(corpus.Length)]);
        var (message, isMangled) = random.Next(10) switch
        {
            < 6 when !_play.HasBegun => (_play.Next(), false),
            < 3 => (_play.Next(), false),
            3 => (_play.Any(random), false),
            < 8 => (_play.Mangled(random), false),
            _ => (_play.Any(random), true),
        };
        var caller = callers.Of(message.Sender);
        if (random.Next(4) == 0) message.Sender = "";
        var request = new SendRequest { Envelope = message };
        var shot = Shot.Of("Send", isMangled ? Mutation.Of(random, request) : request.ToByteArray(), caller);
        // What nobody hears the answer of is in the history, or it is not.
        return message.MessageType == "SessionStart" || isMangled || random.Next(100) > 0 ? shot : shot with { GivesUp = TimeSpan.FromTicks(random.Next(20_000)) };
    }

    /// <summary>A watch ends when its caller does; a call that changes a registry is never given up, since what became of it must be known.</summary>
    Shot Bounded(Shot shot)
    {
        if (RegistryRecord.IsChangedBy(shot) || shot.Method.Name is "Send" or "StreamSession" or "CancelSession" or "SuspendSession" or "ResumeSession") return shot with { Timeout = null };
        return shot.Method.IsServerStreaming && shot.IsCall ? shot.Timeout is null ? shot with { Timeout = $"{random.Next(1, 20)}m" } : shot with { GivesUp = TimeSpan.FromMilliseconds(20) }
            : random.Next(50) == 0 ? shot with { GivesUp = TimeSpan.FromTicks(random.Next(20_000)) } : shot;
    }

    Google.Protobuf.Reflection.MethodDescriptor Method() => Shot.Methods[random.Next(Shot.Methods.Length)];

    Caller Somebody() => callers.Of(_play.Any(random).Sender);
}

using FsCheck;
using FsCheck.Fluent;
using Macp.Protocol;

namespace Macp.Runtime.Tests.Lifecycle;

/// <summary>One step of a random sequence, as a choice that is made when its turn comes: a sequence is shrunk without losing its sense.</summary>
abstract record LifecycleStep
{
    /// <summary>A message of its proper sender, about the latest offer.</summary>
    public sealed record Say(string Type) : LifecycleStep;

    /// <summary>A message of anybody.</summary>
    public sealed record SayAs(string Sender, string Type) : LifecycleStep;

    /// <summary>A message that was tried before, accepted or not, as it was, with other content, or by another.</summary>
    public sealed record Repeat(int Pick, Twist Twist) : LifecycleStep;

    public sealed record StartAgain(Twist Twist) : LifecycleStep;

    public sealed record Control(string Sender, string Operation) : LifecycleStep;

    public sealed record Look(string Sender, bool Subscribes) : LifecycleStep;

    public sealed record Sweep : LifecycleStep;

    public sealed record Restart : LifecycleStep;

    public sealed record Lose(string Type) : LifecycleStep;

    /// <summary>To the next instant at which something is due, one before it or after it; or by so much.</summary>
    public sealed record WaitFor(int Offset) : LifecycleStep;

    public sealed record Wait(int Milliseconds) : LifecycleStep;

    public sealed record SetBack(int Milliseconds) : LifecycleStep;

    /// <summary>Sessions of a few seconds, and up to forty steps in each.</summary>
    public static Arbitrary<(Terms Terms, LifecycleStep[] Steps)> Sequences { get; } = Arb.From(
        from terms in AnyTerms
        from length in Gen.Choose(1, 40)
        from steps in Gen.ArrayOf(One, length)
        select (terms, steps), Shorter);

    static Gen<Terms> AnyTerms =>
        from ttl in Gen.Elements(1, 500, 1000, 20_000)
        from cap in Gen.Elements(0, 1, 300, 1000)
        from silence in Gen.Elements(0, 1, 499, 500, 1000, 1001)
        from timestamp in Gen.Elements(FakeTime.Origin, FakeTime.Origin - 1, FakeTime.Origin + 250, FakeTime.Origin + 300_000, FakeTime.Origin + 300_001, 0, -1)
        select new Terms(ttl, cap, silence, timestamp);

    static Gen<LifecycleStep> One => Gen.Frequency(
        (8, Types.Select(LifecycleStep (type) => new Say(type))),
        (2, from sender in Senders from type in Types select (LifecycleStep)new SayAs(sender, type)),
        (3, from pick in Gen.Choose(0, 1000) from twist in Twists select (LifecycleStep)new Repeat(pick, twist)),
        (1, Twists.Select(LifecycleStep (twist) => new StartAgain(twist))),
        (5, from sender in Gen.Elements(LifecycleModel.Initiator, LifecycleModel.Committer)
            from operation in Gen.Elements("suspend", "suspend", "resume", "resume", "resume")
            select (LifecycleStep)new Control(sender, operation)),
        (1, from sender in Senders from operation in Gen.Elements("cancel", "suspend", "resume") select (LifecycleStep)new Control(sender, operation)),
        (2, from sender in Senders from subscribes in Gen.Elements(false, true) select (LifecycleStep)new Look(sender, subscribes)),
        (1, Gen.Constant<LifecycleStep>(new Sweep())),
        (2, Gen.Constant<LifecycleStep>(new Restart())),
        (1, Types.Select(LifecycleStep (type) => new Lose(type))),
        (4, Gen.Elements(-1, -1, 0, 0, 1).Select(LifecycleStep (offset) => new WaitFor(offset))),
        (3, Gen.Choose(0, 300).Select(LifecycleStep (milliseconds) => new Wait(milliseconds))),
        (1, Gen.Choose(1, 400).Select(LifecycleStep (milliseconds) => new SetBack(milliseconds))));

    static Gen<string> Types => Gen.Elements("HandoffOffer", "HandoffOffer", "HandoffContext", "HandoffAccept", "HandoffDecline", "positive", "negative");

    static Gen<string> Senders => Gen.Elements(LifecycleModel.Initiator, LifecycleModel.Target, LifecycleModel.Committer, LifecycleModel.Observer, "mallory");

    static Gen<Twist> Twists => Gen.Elements(Enum.GetValues<Twist>());

    static IEnumerable<(Terms, LifecycleStep[])> Shorter((Terms Terms, LifecycleStep[] Steps) sequence)
    {
        var (terms, steps) = sequence;
        if (steps.Length > 3)
        {
            yield return (terms, steps[..(steps.Length / 2)]);
            yield return (terms, steps[(steps.Length / 2)..]);
        }
        for (int i = steps.Length - 1; i >= 0; i--) yield return (terms, [.. steps[..i], .. steps[(i + 1)..]]);
    }

    /// <summary>Takes the step. Messages are remembered, accepted or not, to be tried again.</summary>
    public Task TakeAsync(LifecyclePlay play, List<Message> tried)
    {
        switch (this)
        {
            case Say(var type): return play.SendAsync(Try(type, ProperSender(type)));
            case SayAs(var sender, var type): return play.SendAsync(Try(type, sender));
            case Lose(var type): return play.LoseAsync(Try(type, ProperSender(type)));
            case Repeat(var pick, var twist) when tried.Count > 0: return play.SendAsync(Twisted(tried[pick % tried.Count], twist));
            case StartAgain(var twist): return play.StartAgainAsync(Twisted(play.Begun, twist));
            case Control(var sender, "cancel"): return play.CancelAsync(sender);
            case Control(var sender, "suspend"): return play.SuspendAsync(sender);
            case Control(var sender, _): return play.ResumeAsync(sender);
            case Look(var sender, true): return play.SubscribeAsync(sender);
            case Look(var sender, _): return play.ReadAsync(sender);
            case Sweep: return play.SweepAsync();
            case Restart: return play.RestartAsync();
            case WaitFor(var offset): play.AdvanceToNextInstant(offset); break;
            case Wait(var milliseconds): play.Advance(milliseconds); break;
            case SetBack(var milliseconds): play.SetBack(milliseconds); break;
        }
        return Task.CompletedTask;

        Message Try(string type, string sender)
        {
            string id = $"m{tried.Count + 1}";
            bool isOffer = type == "HandoffOffer", isSign = type is "positive" or "negative";
            tried.Add(new(sender, isSign ? MessageTypes.Commitment : type, id, isSign ? type : isOffer ? $"h{id}" : play.Model.Offers.LastOrDefault("none")));
            return tried[^1];
        }
    }

    static Message Twisted(Message message, Twist twist) => twist switch
    {
        Twist.OtherContent => message with { Reason = "other" },
        Twist.OtherSender => message with { Sender = message.Sender == LifecycleModel.Target ? LifecycleModel.Initiator : LifecycleModel.Target },
        _ => message,
    };

    static string ProperSender(string type) => type switch
    {
        "HandoffAccept" or "HandoffDecline" => LifecycleModel.Target,
        "positive" or "negative" => LifecycleModel.Committer,
        _ => LifecycleModel.Initiator,
    };
}

/// <summary>What is other when a message is tried again.</summary>
enum Twist
{
    Nothing,
    OtherContent,
    OtherSender,
}

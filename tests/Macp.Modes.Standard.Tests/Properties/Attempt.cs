using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Macp.Protocol;
using Macp.Testing;
using Macp.Wire.V1;

namespace Macp.Modes.Standard.Tests.Properties;

/// <summary>
/// One message of a random sequence, as a choice that is made when its turn comes: only then is it known what would be accepted. Choices are
/// numbers, so that a sequence can be shrunk without losing its sense.
/// </summary>
public abstract record Attempt
{
    /// <summary>One of the messages that would be accepted now, commitments left out so that sequences get deep.</summary>
    public sealed record Legal(int Pick) : Attempt;

    /// <summary>The initiator's commitment, whether it is time for it or not.</summary>
    public sealed record Commit(bool Positive) : Attempt;

    /// <summary>Any message of anybody.</summary>
    public sealed record Any(int Pick) : Attempt;

    /// <summary>What was accepted before, once more under a new id; by a kernel also under its old one.</summary>
    public sealed record Repeat(int Pick, bool SameId, bool SamePayload) : Attempt;

    /// <summary>A message that something was done to.</summary>
    public sealed record Mangled(int Pick, Damage Damage, int Seed) : Attempt;

    /// <summary>Sequences of up to fifty of them. A good part gets deep: most attempts are legal ones.</summary>
    public static Arbitrary<Attempt[]> Sequences { get; } = Arb.From(Gen.Choose(1, 50).SelectMany(length => Gen.ArrayOf(One, length)), Shorter);

    static Gen<Attempt> One => Gen.Frequency(
        (12, Number.Select(Attempt (pick) => new Legal(pick))),
        (2, ArbMap.Default.ArbFor<bool>().Generator.Select(Attempt (positive) => new Commit(positive))),
        (3, Number.Select(Attempt (pick) => new Any(pick))),
        (1, from pick in Number from how in Gen.Choose(0, 3) select (Attempt)new Repeat(pick, how > 1, how % 2 == 0)),
        (4, from pick in Number from damage in Gen.Elements(Enum.GetValues<Damage>()) from seed in Number select (Attempt)new Mangled(pick, damage, seed)));

    static Gen<int> Number => Gen.Choose(0, int.MaxValue - 1);

    static IEnumerable<Attempt[]> Shorter(Attempt[] attempts)
    {
        if (attempts.Length > 3)
        {
            yield return attempts[..(attempts.Length / 2)];
            yield return attempts[(attempts.Length / 2)..];
        }
        for (int i = attempts.Length - 1; i >= 0; i--) yield return [.. attempts[..i], .. attempts[(i + 1)..]];
    }

    /// <summary>The message that is attempted now, with a new id.</summary>
    public Envelope ToEnvelope(Subject subject, SessionHandler handler, string sessionId, IReadOnlyList<Envelope> accepted, string id)
    {
        var envelope = this switch
        {
            Legal(var pick) => Of(FirstLegal(subject, handler, pick)),
            Commit(var positive) => Of(subject.Messages.First(m => m.Sender == subject.Start.Sender && m.Payload is CommitmentPayload c && c.OutcomePositive == positive)),
            Any(var pick) => Of(At(subject.Messages, pick)),
            Repeat(var pick, _, _) when accepted.Count > 0 => At(accepted, pick).Clone(),
            Repeat(var pick, _, _) => Of(At(subject.Messages, pick)),
            Mangled(var pick, var damage, var seed) => Mangle(Of(At(subject.Messages, pick)), damage, new Random(seed), subject),
            _ => throw new InvalidOperationException($"an attempt of no kind: {this}"),
        };
        (envelope.MacpVersion, envelope.Mode, envelope.SessionId, envelope.MessageId) = (MacpProtocol.Version, subject.Mode.Descriptor.Identifier, sessionId, id);
        return envelope;
    }

    static ExploredMessage FirstLegal(Subject subject, SessionHandler handler, int pick)
    {
        // After a commitment nothing is, and to look for it every time is the most that a sequence would cost.
        if (handler.IsCommitted && pick % 8 != 0) return At(subject.Messages, pick);
        var random = new Random(pick);
        var types = subject.ByType.ToArray();
        random.Shuffle(types);
        foreach (var messages in types.Distinct())
        {
            int start = random.Next(messages.Length);
            for (int i = 0; i < messages.Length; i++)
                if (messages[(start + i) % messages.Length] is var message && handler.Decide(new(message.Type, message.Sender, "m"), message.Bytes).Rejection is null) return message;
        }
        return At(subject.Messages, pick);
    }

    static Envelope Mangle(Envelope envelope, Damage damage, Random random, Subject subject)
    {
        byte[] bytes = envelope.Payload.ToByteArray();
        switch (damage)
        {
            case Damage.Noise: random.NextBytes(bytes = new byte[random.Next(0, 40)]); break;
            case Damage.Json: bytes = Encoding.UTF8.GetBytes(AnyOf(random, """{"value":"x"}""", """{"value":"y"}""", """{"value":7}""", "{}", "null")); break;
            case Damage.Cut: bytes = bytes[..random.Next(0, bytes.Length + 1)]; break;
            case Damage.Flip when bytes.Length > 0: bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8)); break;
            case Damage.NotUtf8: bytes = [.. bytes, 0x0A, 0x02, 0xC3, 0x28]; break;
            case Damage.UnknownField: bytes = [.. bytes, 0xFA, 0x06, 0x01, 0x2A]; break;
            case Damage.OtherPayload: bytes = subject.Messages[random.Next(subject.Messages.Count)].Bytes.ToByteArray(); break;
            case Damage.OtherType: envelope.MessageType = AnyOf(random, "Nod", "", "commitment", "SessionStart", "SessionCancel", "Checkpoint", "Progress", subject.Messages[random.Next(subject.Messages.Count)].Type); break;
            case Damage.OtherSender: envelope.Sender = AnyOf(random, "mallory", "ADA", "ada ", "_runtime"); break;
        }
        envelope.Payload = ByteString.CopyFrom(bytes);
        return envelope;
    }

    static string AnyOf(Random random, params ReadOnlySpan<string> values) => values[random.Next(values.Length)];

    static T At<T>(IReadOnlyList<T> items, int pick) => items[pick % items.Count];

    static Envelope Of(ExploredMessage message) => new() { MessageType = message.Type, Sender = message.Sender, Payload = message.Bytes };
}

/// <summary>What is done to a message.</summary>
public enum Damage
{
    Noise,
    Json,
    Cut,
    Flip,
    NotUtf8,
    UnknownField,
    OtherPayload,
    OtherType,
    OtherSender,
}

using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Macp.Modes;
using Macp.Protocol;
using ModeDescriptor = Macp.Modes.ModeDescriptor;

namespace Macp.Runtime.Tests.Replaying;

/// <summary>The notes mode as a later program has it, under the same identifier and version: each with one rule that is not what it was.</summary>
abstract class AlteredNotes(SessionContext session) : SessionHandler
{
    readonly SessionHandler _notes = NotesMode.Open(session);

    public override SessionContext Session => session;

    public override string Phase => _notes.Phase;

    public override bool IsCommitted => _notes.IsCommitted;

    public override Rejection? CanStart() => _notes.CanStart();

    public override Verdict Decide(in MessageContext message, ByteString payload) => _notes.Decide(message, payload);

    public override void Evolve(in MessageContext message, IMessage payload) => _notes.Evolve(message, payload);

    public override IMessage Recall(in MessageContext message, ByteString payload) => _notes.Recall(message, payload);

    public override IReadOnlyList<DueMessage> ComesDue(in MessageContext message, IMessage payload) => _notes.ComesDue(message, payload);

    public override void WriteState(CanonicalJson json) => _notes.WriteState(json);

    static bool IsSecond(in MessageContext message, ByteString payload) => message.Type == "Note" && StringValue.Parser.ParseFrom(payload).Value == "two";

    public sealed class TakesNoSecond(SessionContext session) : AlteredNotes(session), IMode
    {
        public static ModeDescriptor Descriptor => NotesMode.Descriptor;

        public static SessionHandler Open(SessionContext session) => new TakesNoSecond(session);

        public override Verdict Decide(in MessageContext message, ByteString payload) =>
            IsSecond(message, payload) ? Rejection.InvalidEnvelope("one note is enough") : base.Decide(message, payload);
    }

    public sealed class CannotReadTheSecond(SessionContext session) : AlteredNotes(session), IMode
    {
        public static ModeDescriptor Descriptor => NotesMode.Descriptor;

        public static SessionHandler Open(SessionContext session) => new CannotReadTheSecond(session);

        public override Verdict Decide(in MessageContext message, ByteString payload) =>
            IsSecond(message, payload) ? Rejection.InvalidEnvelope("one note is enough") : base.Decide(message, payload);

        public override IMessage Recall(in MessageContext message, ByteString payload) =>
            IsSecond(message, payload) ? throw new InvalidDataException("what is that?") : base.Recall(message, payload);
    }

    public sealed class BreaksOnTheSecond(SessionContext session) : AlteredNotes(session), IMode
    {
        public static ModeDescriptor Descriptor => NotesMode.Descriptor;

        public static SessionHandler Open(SessionContext session) => new BreaksOnTheSecond(session);

        public override void Evolve(in MessageContext message, IMessage payload)
        {
            if (payload is StringValue { Value: "two" }) throw new InvalidOperationException("out of paper");
            base.Evolve(message, payload);
        }
    }

    public sealed class StartsNothing(SessionContext session) : AlteredNotes(session), IMode
    {
        public static ModeDescriptor Descriptor => NotesMode.Descriptor;

        public static SessionHandler Open(SessionContext session) => new StartsNothing(session);

        public override Rejection? CanStart() => Rejection.InvalidEnvelope("not today");
    }

    public sealed class CannotOpen(SessionContext session) : AlteredNotes(session), IMode
    {
        public static ModeDescriptor Descriptor => NotesMode.Descriptor;

        public static SessionHandler Open(SessionContext session) => throw new InvalidOperationException("shut");
    }

    public sealed class RingsNever(SessionContext session) : AlteredNotes(session), IMode
    {
        public static ModeDescriptor Descriptor => NotesMode.Descriptor;

        public static SessionHandler Open(SessionContext session) => new RingsNever(session);

        public override IReadOnlyList<DueMessage> ComesDue(in MessageContext message, IMessage payload) => [];
    }

    public sealed class RingsLate(SessionContext session) : AlteredNotes(session), IMode
    {
        public static ModeDescriptor Descriptor => NotesMode.Descriptor;

        public static SessionHandler Open(SessionContext session) => new RingsLate(session);

        public override IReadOnlyList<DueMessage> ComesDue(in MessageContext message, IMessage payload) =>
            [.. base.ComesDue(message, payload).Select(due => due with { Delay = due.Delay + TimeSpan.FromMilliseconds(5) })];
    }

    /// <summary>A later version, which takes nothing.</summary>
    public sealed class Second(SessionContext session) : AlteredNotes(session), IMode
    {
        public static ModeDescriptor Descriptor { get; } = NotesMode.Descriptor with { Version = "2.0.0" };

        public static SessionHandler Open(SessionContext session) => new Second(session);

        public override Verdict Decide(in MessageContext message, ByteString payload) => Rejection.InvalidEnvelope("version 2 takes nothing");
    }
}

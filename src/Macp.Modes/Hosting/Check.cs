using System.Globalization;
using Macp.Protocol;

namespace Macp.Modes;

/// <summary>
/// One thing that is asked of a message: as data for tools, and in words for people. The words follow the field's name where there is a field, and
/// are a sentence of their own where there is none. They stand here, and nowhere else; what a refused message is told stands in <see cref="Refuse"/>.
/// </summary>
/// <param name="Field">The payload's field, by its name on the wire; null where it is not about one.</param>
public abstract record Check(string? Field = null)
{
    /// <summary>What must hold.</summary>
    public abstract string Words { get; }

    /// <summary>The code of its breach.</summary>
    public virtual ErrorCode Code => ErrorCode.InvalidEnvelope;

    static string Plain(string name) => name.Replace('_', ' ');

    /// <summary>Who may send it.</summary>
    /// <param name="From">The role.</param>
    public sealed record Sender(Role From) : Check
    {
        /// <inheritdoc/>
        public override string Words => From is Role.Initiator ? "the sender is the initiator" : "the sender is a declared participant";

        /// <inheritdoc/>
        public override ErrorCode Code => ErrorCode.Forbidden;
    }

    /// <summary>The payload can be read.</summary>
    /// <param name="Legacy">Whether an older form is read too.</param>
    public sealed record Readable(bool Legacy = false) : Check
    {
        /// <inheritdoc/>
        public override string Words => $"the payload can be read{(Legacy ? ", in this form or in an older one" : "")}: text is UTF-8, numbers are finite";
    }

    /// <summary>A field that the runtime alone sets.</summary>
    /// <param name="Field">The field.</param>
    public sealed record Reserved(string Field) : Check(Field)
    {
        /// <inheritdoc/>
        public override string Words => "is left unset: the runtime alone sets it";
    }

    /// <summary>A required field.</summary>
    /// <param name="Field">The field.</param>
    public sealed record Required(string Field) : Check(Field)
    {
        /// <inheritdoc/>
        public override string Words => "is not blank";
    }

    /// <summary>A field with a set of values.</summary>
    /// <param name="Field">The field.</param>
    /// <param name="Values">The values.</param>
    /// <param name="Default">What an empty field means; null where it is refused.</param>
    public sealed record OneOf(string Field, IReadOnlyList<string> Values, string? Default = null) : Check(Field)
    {
        /// <inheritdoc/>
        public override string Words => $"is {Or(Values)}, in upper or lower case{(Default is null ? "" : $"; empty means {Default}")}";
    }

    /// <summary>A number between two bounds, both included.</summary>
    /// <param name="Field">The field.</param>
    /// <param name="Least">The least value; minus infinity for none.</param>
    /// <param name="Most">The greatest value; infinity for none.</param>
    public sealed record InRange(string Field, double Least, double Most) : Check(Field)
    {
        /// <inheritdoc/>
        public override string Words => $"is {Bounds}";

        /// <summary>The bounds, in words.</summary>
        internal string Bounds => double.IsInfinity(Most) ? Text($"at least {Least}") : double.IsInfinity(Least) ? Text($"at most {Most}") : Text($"from {Least} to {Most}");

        static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A field that names a declared participant.</summary>
    /// <param name="Field">The field.</param>
    /// <param name="NotSender">Whether that is somebody other than the sender.</param>
    /// <param name="Optional">Whether the field may be empty.</param>
    public sealed record NamesParticipant(string Field, bool NotSender = false, bool Optional = false) : Check(Field)
    {
        /// <inheritdoc/>
        public override string Words => $"{(Optional ? "is empty or names" : "names")} a declared participant{(NotSender ? " other than the sender" : "")}";
    }

    /// <summary>A field that names an entry of the state.</summary>
    /// <param name="Field">The field.</param>
    /// <param name="Table">The state's property, by its key in canonical JSON.</param>
    /// <param name="IsSingle">Whether that is one entry, and no table.</param>
    /// <param name="Where">What must hold of the entry, by its key in canonical JSON.</param>
    public sealed record References(string Field, string Table, bool IsSingle = false, string? Where = null) : Check(Field)
    {
        /// <inheritdoc/>
        public override string Words => (IsSingle ? $"is that of the session's {Plain(Table)}" : $"is among the session's {Plain(Table)}") + (Where is null ? "" : $": one that {Plain(Where)}");
    }

    /// <summary>A sender that the entry names, to which a field refers.</summary>
    /// <param name="Field">The field.</param>
    /// <param name="Who">What the sender is to the entry.</param>
    public sealed record SentBy(string Field, string Who) : Check(Field)
    {
        /// <inheritdoc/>
        public override string Words => $"refers to an entry whose {Plain(Who)} is the sender";

        /// <inheritdoc/>
        public override ErrorCode Code => ErrorCode.Forbidden;
    }

    /// <summary>The phases in which it is accepted.</summary>
    /// <param name="Phases">The phases; none for every one before the commitment.</param>
    public sealed record During(params IReadOnlyList<string> Phases) : Check
    {
        /// <inheritdoc/>
        public override string Words => Phases.Count == 0 ? "the session is not committed" : $"the phase is {Or(Phases)}";
    }

    /// <summary>A field that is empty or names the sender.</summary>
    /// <param name="Field">The field.</param>
    public sealed record NamesSender(string Field) : Check(Field)
    {
        /// <inheritdoc/>
        public override string Words => "is empty or names the sender";
    }

    /// <summary>A field that is no key of a table yet.</summary>
    /// <param name="Field">The field.</param>
    /// <param name="Table">The state's property, by its key in canonical JSON.</param>
    public sealed record Unique(string Field, string Table) : Check(Field)
    {
        /// <inheritdoc/>
        public override string Words => $"is not among the session's {Plain(Table)} yet";
    }

    /// <summary>A message that a session takes once.</summary>
    /// <param name="Property">The state's property that tells, by its key in canonical JSON.</param>
    public sealed record OncePerSession(string Property) : Check
    {
        /// <inheritdoc/>
        public override string Words => $"the session has no {Plain(Property)} yet";
    }

    /// <summary>A message that a session takes once of a sender, or of a sender and key.</summary>
    /// <param name="Table">The state's property that tells, by its key in canonical JSON.</param>
    /// <param name="Key">The payload's field that is the key; null for none.</param>
    public sealed record OncePerSender(string Table, string? Key = null) : Check
    {
        /// <inheritdoc/>
        public override string Words => $"the sender is not among the session's {Plain(Table)}{(Key is null ? "" : $" on this {Key}")} yet";
    }

    /// <summary>A rule written as code, in its author's words.</summary>
    /// <param name="Text">The words.</param>
    /// <param name="Field">The field, where it is about one.</param>
    public sealed record Written(string Text, string? Field = null) : Check(Field)
    {
        /// <inheritdoc/>
        public override string Words => Text;
    }

    /// <summary>Who may commit.</summary>
    public sealed record MayCommit : Check
    {
        /// <inheritdoc/>
        public override string Words => "the sender is the initiator, or whoever the bound policy designates in its place";

        /// <inheritdoc/>
        public override ErrorCode Code => ErrorCode.Forbidden;
    }

    /// <summary>A session that is committed already takes no second commitment.</summary>
    public sealed record NotCommitted : Check
    {
        /// <inheritdoc/>
        public override string Words => "the session is not committed";

        /// <inheritdoc/>
        public override ErrorCode Code => ErrorCode.SessionNotOpen;
    }

    /// <summary>What a commitment needs, in its author's words.</summary>
    /// <param name="Text">The words.</param>
    /// <param name="Positive">The sign of the outcome that needs it; null for both.</param>
    public sealed record Eligible(string Text, bool? Positive = null) : Check(Positive is null ? null : "outcome_positive")
    {
        /// <inheritdoc/>
        public override string Words => Positive is not { } positive ? Text : $"is {(positive ? "true" : "false")} only where {Text}";
    }

    /// <summary>The bound policy's word on a commitment.</summary>
    public sealed record AllowedByPolicy : Check
    {
        /// <inheritdoc/>
        public override string Words => "the bound policy does not deny it";

        /// <inheritdoc/>
        public override ErrorCode Code => ErrorCode.PolicyDenied;
    }

    static string Or(IReadOnlyList<string> names) => names.Count < 2 ? string.Concat(names) : $"{string.Join(", ", names.SkipLast(1))} or {names[^1]}";
}

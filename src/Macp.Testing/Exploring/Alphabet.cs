using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Testing.Exploring;

/// <summary>All messages that an exploration tries in each state: every sender, with every combination of the values of every field.</summary>
sealed class Alphabet(ExplorationOptions options)
{
    const string Word = "word";

    public List<ExploredMessage> Of(Macp.Modes.ModeDescriptor mode, SessionContext session)
    {
        var payloads = mode.Messages.SelectMany(rule => Payloads(rule.Type, rule.Payload)).Concat(Commitments(session)).ToList();
        return [.. options.Senders.SelectMany(sender => payloads.Select(message => new ExploredMessage(message.Type, sender, message.Payload)))];
    }

    IEnumerable<(string Type, IMessage Payload)> Payloads(string type, MessageDescriptor payload)
    {
        IEnumerable<IMessage> combinations = [payload.Parser.ParseFrom(ByteString.Empty)];
        foreach (var field in payload.Fields.InDeclarationOrder())
            if (ValuesOf(type, field) is { } values) combinations = [.. combinations.SelectMany(message => values.Select(value => With(message, field, value)))];
        return combinations.Select(message => (type, message));
    }

    // Bound as the session is, so that only who sends it, when, and its sign are in question.
    IEnumerable<(string Type, IMessage Payload)> Commitments(SessionContext session) => new[] { true, false }.Select(positive => (MessageTypes.Commitment, (IMessage)new CommitmentPayload
    {
        CommitmentId = "commitment",
        Action = "explored",
        AuthorityScope = "exploration",
        Reason = Word,
        ModeVersion = session.ModeVersion,
        ConfigurationVersion = session.ConfigurationVersion,
        OutcomePositive = positive,
    }));

    /// <summary>The values of a field; null to leave it unset.</summary>
    IReadOnlyList<object>? ValuesOf(string type, FieldDescriptor field)
    {
        if (options.Chosen.TryGetValue($"{type}.{field.Name}", out var chosen) || options.Chosen.TryGetValue(field.Name, out chosen)) return [.. chosen.Select(value => Convert(field, value))];
        if (field.IsRepeated || field.IsMap) return null;
        return field.FieldType switch
        {
            FieldType.String => Texts(field.Name),
            FieldType.Bool => [false, true],
            FieldType.Enum => [.. field.EnumType.Values.Select(value => Convert(field, value.Number))],
            FieldType.Bytes or FieldType.Message or FieldType.Group => null,
            _ => [Convert(field, 0), Convert(field, 1), Convert(field, 2)],
        };
    }

    IReadOnlyList<object> Texts(string name) => Ends(name, "_id") ? options.Ids : Ends(name, "_by") || Ends(name, "participant") || Ends(name, "assignee") ? ["", .. options.Participants] : [Word];

    static bool Ends(string name, string suffix) => name.EndsWith(suffix, StringComparison.Ordinal);

    static IMessage With(IMessage message, FieldDescriptor field, object value)
    {
        var copy = message.Descriptor.Parser.ParseFrom(message.ToByteString());
        if (field.IsRepeated) ((System.Collections.IList)field.Accessor.GetValue(copy)).Add(value);
        else field.Accessor.SetValue(copy, value);
        return copy;
    }

    static object Convert(FieldDescriptor field, object value) => field.FieldType switch
    {
        FieldType.Bytes => value as ByteString ?? ByteString.CopyFromUtf8((string)value),
        FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, value),
        FieldType.Double => System.Convert.ToDouble(value, CultureInfo.InvariantCulture),
        FieldType.Float => System.Convert.ToSingle(value, CultureInfo.InvariantCulture),
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => System.Convert.ToInt32(value, CultureInfo.InvariantCulture),
        FieldType.UInt32 or FieldType.Fixed32 => System.Convert.ToUInt32(value, CultureInfo.InvariantCulture),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => System.Convert.ToInt64(value, CultureInfo.InvariantCulture),
        FieldType.UInt64 or FieldType.Fixed64 => System.Convert.ToUInt64(value, CultureInfo.InvariantCulture),
        _ => value,
    };
}

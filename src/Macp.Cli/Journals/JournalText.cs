using System.Globalization;
using Macp.Cli.Live;
using Macp.Modes;
using Macp.Runtime;

namespace Macp.Cli.Journals;

/// <summary>A journal, for people.</summary>
sealed class JournalText(TextWriter output, ModeCatalog modes) : IJournalView
{
    readonly int _mode = modes.All.Max(mode => mode.Descriptor.Identifier.Length);

    /// <summary>What is wrong with a place, and where that is.</summary>
    public static string Of(JournalFault fault) => string.Create(CultureInfo.InvariantCulture, $"segment {fault.Segment}, offset {fault.Offset}, {fault.Bytes} bytes: {fault.Reason}");

    /// <summary>How much there is, and what else is to be said of it.</summary>
    public static void Write(TextWriter output, JournalExtent extent, params string[][] rest) => Table.Write(output, null,
    [
        ["segments", Text(extent.Segments)],
        ["batches", Text(extent.Batches)],
        ["records", Text(extent.Records)],
        ["bytes", Text(extent.Bytes)],
        .. rest,
    ]);

    public Task BeginAsync() => RowAsync("SESSION", "MODE", "STATE", "MESSAGES", "STARTED", "LAST");

    public Task ListAsync(ArchivedSession session) => RowAsync(
        session.SessionId, session.Mode, session.State.ToString(), Text(session.Records[^1].Ordinal), Moment.Of(session.Start.AcceptedAtUnixMs),
        Moment.Of(session.Records[^1].AcceptedAtUnixMs), session.IsWhole ? "" : "damaged");

    public Task EndAsync(JournalExtent read, IReadOnlyList<JournalFault> faults)
    {
        output.WriteLine();
        Write(output, read, [.. faults.Select(fault => new[] { fault.IsTorn ? "note" : "DAMAGE", Of(fault) })]);
        return output.FlushAsync();
    }

    public Task ShowAsync(ArchivedSession session)
    {
        var metadata = StoredMetadata.Of(session);
        SessionText.Write(output, new()
        {
            SessionId = metadata.SessionId,
            Mode = metadata.Mode,
            State = metadata.State,
            Initiator = metadata.Initiator,
            Participants = metadata.Participants,
            StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(metadata.StartedAtUnixMs),
            ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(metadata.ExpiresAtUnixMs),
            ModeVersion = metadata.ModeVersion,
            ConfigurationVersion = metadata.ConfigurationVersion,
            PolicyVersion = metadata.PolicyVersion,
            ContextId = metadata.ContextId,
            ExtensionKeys = metadata.ExtensionKeys,
        }, session.Start.Binding!.TraceId is { } trace ? [["trace", trace]] : []);
        output.WriteLine();
        var payloads = PayloadText.Of(modes, metadata.Mode, metadata.ModeVersion);
        Table.Write(output, ["", "ACCEPTED", "KIND", "TYPE", "ID", "SENDER", "BYTES", "PAYLOAD"], session.Records.Select(record => new[]
        {
            record.IsAnnotation ? "-" : Text(record.Ordinal), Moment.Of(record.AcceptedAtUnixMs), KindOf(record), record.MessageType, record.MessageId, record.Sender,
            Text(record.Payload.Length), payloads.Of(record.Envelope),
        }));
        return output.FlushAsync();
    }

    Task RowAsync(string session, string mode, string state, string messages, string started, string last, string remark = "") => output.LineAsync(
        session.PadRight(36), mode.PadRight(_mode), state.PadRight("Suspended".Length), messages.PadLeft("MESSAGES".Length), started.PadRight(24), last.PadRight(24), remark);

    static string KindOf(HistoryRecord record) => record.Kind switch
    {
        RecordKind.Sent => "sent",
        RecordKind.CameDue => "came due",
        _ => "annotation",
    };

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.Text.Encodings.Web;
using System.Text.Json;
using Macp.Cli.Live;
using Macp.Modes;
using Macp.Runtime;

namespace Macp.Cli.Journals;

/// <summary>A journal, for scripts: a JSON object a line.</summary>
sealed class JournalJson(TextWriter output, ModeCatalog modes) : IJournalView
{
    public Task BeginAsync() => Task.CompletedTask;

    public Task ListAsync(ArchivedSession session) => WriteAsync(
        $"\"session\": {WireJson.Of(StoredMetadata.Of(session))}, \"messages\": {session.Records[^1].Ordinal}, \"last_accepted_at_unix_ms\": \"{session.Records[^1].AcceptedAtUnixMs}\", \"whole\": {Text(session.IsWhole)}{TraceOf(session)}");

    public async Task EndAsync(JournalExtent read, IReadOnlyList<JournalFault> faults)
    {
        foreach (var fault in faults)
        {
            var reason = JsonEncodedText.Encode(fault.Reason, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
            await WriteAsync($"\"fault\": {{ \"segment\": {fault.Segment}, \"offset\": {fault.Offset}, \"bytes\": {fault.Bytes}, \"torn\": {Text(fault.IsTorn)}, \"reason\": \"{reason}\" }}").ConfigureAwait(false);
        }
        await WriteAsync($"\"journal\": {{ \"segments\": {read.Segments}, \"batches\": {read.Batches}, \"records\": {read.Records}, \"bytes\": {read.Bytes} }}").ConfigureAwait(false);
    }

    public async Task ShowAsync(ArchivedSession session)
    {
        await ListAsync(session).ConfigureAwait(false);
        var payloads = PayloadText.Of(modes, session.Mode, session.Start.Binding!.ModeVersion);
        foreach (var record in session.Records)
        {
            string ordinal = record.IsAnnotation ? "" : $"\"ordinal\": {record.Ordinal}, ", payload = payloads.JsonOf(record.Envelope) is { } json ? $", \"payload\": {json}" : "";
            await WriteAsync($"{ordinal}\"kind\": \"{KindOf(record)}\", \"accepted_at_unix_ms\": \"{record.AcceptedAtUnixMs}\", \"envelope\": {WireJson.Of(record.Envelope)}{payload}").ConfigureAwait(false);
        }
    }

    Task WriteAsync(string members) => output.RawLineAsync($"{{ {members} }}");

    static string TraceOf(ArchivedSession session) => session.Start.Binding!.TraceId is { } trace ? $", \"trace_id\": \"{trace}\"" : "";

    static string KindOf(HistoryRecord record) => record.Kind switch
    {
        RecordKind.Sent => "SENT",
        RecordKind.CameDue => "CAME_DUE",
        _ => "ANNOTATION",
    };

    static string Text(bool value) => value ? "true" : "false";
}

using System.CommandLine;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using Macp.Cli.Live;
using Macp.Client;
using Macp.Modes;
using Macp.Wire.V1;

namespace Macp.Cli.Commands;

/// <summary><c>macp signal</c>: ambient messages, which bind nobody and enter no history.</summary>
static class SignalCommand
{
    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static Command Create(CommandContext context)
    {
        var runtime = new RuntimeAccess(context);
        return runtime.Group("signal", "Sends signals, and tells what others send.", Send(context, runtime), Watch(context, runtime));
    }

    static Command Send(CommandContext context, RuntimeAccess runtime)
    {
        var type = new Argument<string>("TYPE") { Description = "What kind of signal; one that begins with a hyphen stands behind --." }.RefuseOptions(unless: context.Literals.Contains);
        var data = new Option<string?>("--data") { Description = "What it carries, as text.", HelpName = "TEXT" };
        var confidence = new Option<double>("--confidence")
        {
            Description = "How sure the sender is; 0 when not said.",
            HelpName = "X",
            CustomParser = result => Number(result.Tokens[0].Value, result.AddError),
        };
        var session = new Option<string?>("--session") { Description = "The session that it is about.", HelpName = "ID" };
        var json = Json("Prints the ack as a JSON object, by the names of the wire.");
        var command = new Command("send", "Sends a signal to whoever watches signals.") { type, data, confidence, session, json };
        command.SetAction((parsed, cancellationToken) => runtime.RunAsync(parsed, async client =>
        {
            var signal = new MacpSignal(parsed.GetValue(type)!)
            {
                Data = ByteString.CopyFromUtf8(parsed.GetValue(data) ?? ""),
                Confidence = parsed.GetValue(confidence),
                CorrelationSessionId = parsed.GetValue(session) ?? "",
            };
            var ack = await client.SendSignalAsync(signal, cancellationToken: cancellationToken).ConfigureAwait(false);
            await (parsed.GetValue(json) ? context.Output.RawLineAsync(WireJson.Of(ack)) : context.Output.LineAsync("accepted", ack.MessageId)).ConfigureAwait(false);
            return ExitStatus.Well;
        }, cancellationToken));
        return command;
    }

    static Command Watch(CommandContext context, RuntimeAccess runtime)
    {
        var payloads = new PayloadRegistry();
        var json = Json("Prints a JSON object a line, by the names of the wire.");
        var command = new Command("watch", "Tells signals and progress as they are sent, until SIGINT.") { json };
        command.SetAction((parsed, cancellationToken) => runtime.WatchAsync(parsed, async client =>
        {
            await foreach (var heard in client.WatchSignalsAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
                await (parsed.GetValue(json) ? Print(heard.Envelope) : Tell(heard)).ConfigureAwait(false);
        }, cancellationToken));
        return command;

        Task Print(Envelope envelope) => context.Output.RawLineAsync(WireJson.Of(envelope, null, payloads.JsonOf(envelope)));

        Task Tell(AmbientMessage heard) => context.Output.LineAsync(
            Moment.Of(heard.Envelope.TimestampUnixMs), heard.Sender, heard.Envelope.MessageType, Words(heard) ?? payloads.Of(heard.Envelope));
    }

    static Option<bool> Json(string description) => new("--json") { Description = description };

    static string? Words(AmbientMessage heard) => heard switch
    {
        { Signal: { } signal } => string.Join("  ", Words(signal)),
        { Progress: { } progress } => string.Create(CultureInfo.InvariantCulture, $"{progress.Token}  {progress.Progress} of {progress.Total}  {progress.Message}"),
        _ => null,
    };

    static IEnumerable<string> Words(MacpSignal signal)
    {
        yield return signal.Type;
        if (signal.Confidence != 0) yield return string.Create(CultureInfo.InvariantCulture, $"confidence {signal.Confidence}");
        if (signal.CorrelationSessionId.Length > 0) yield return $"session {signal.CorrelationSessionId}";
        if (!signal.Data.IsEmpty) yield return Text(signal.Data);
    }

    static string Text(ByteString data)
    {
        try
        {
            return data.ToString(StrictUtf8);
        }
        catch (DecoderFallbackException)
        {
            return data.ToBase64();
        }
    }

    static double Number(string text, Action<string> complain)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)) return number;
        complain($"--confidence must be a finite number such as 0.75; it is '{text}'");
        return 0;
    }
}

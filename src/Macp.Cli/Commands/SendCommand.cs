using System.CommandLine;
using Macp.Cli.Live;
using Macp.Cli.Sending;
using Macp.Client;
using Macp.Modes;
using Macp.Protocol;

namespace Macp.Cli.Commands;

/// <summary><c>macp send</c>: any message of any mode that is hosted here, to a running runtime.</summary>
sealed class SendCommand(CommandContext context)
{
    readonly RuntimeAccess _runtime = new(context);
    readonly FieldOptions _fields = new();
    readonly Argument<string> _type = new Argument<string>("TYPE") { Description = "The message type: SessionStart, Commitment, or one of the mode's." }.RefuseOptions();

    readonly Argument<string?> _payload = new Argument<string?>("PAYLOAD")
    {
        Description = "The payload as a JSON object by the names of the .proto file, @FILE, or - for the standard input; nothing for an empty one.",
        Arity = ArgumentArity.ZeroOrOne,
    }.RefuseOptions(unless: text => text == "-");

    readonly Option<string?> _session = new("--session") { Description = "The session; of a SessionStart a new one when not said.", HelpName = "ID" };
    readonly Option<string?> _mode = new("--mode") { Description = "The session's mode; asked of the runtime when not said. A SessionStart needs it.", HelpName = "ID" };
    readonly Option<string?> _as = new("--as") { Description = "The sender to name; the runtime fills in the credential's when not said.", HelpName = "NAME" };
    readonly Option<string?> _messageId = new("--message-id") { Description = "The message's id; a new UUID when not said. Repeat one to send the same message again.", HelpName = "ID" };
    readonly Option<bool> _noCheck = new("--no-check") { Description = "Sends also what the runtime would refuse for its form, and lets it judge." };
    readonly Option<bool> _json = new("--json") { Description = "Prints the ack as a JSON object, by the names of the wire, also one that refuses." };

    public static Command Create(CommandContext context) => new SendCommand(context).Create();

    Command Create()
    {
        var command = _runtime.Give(new("send", "Sends a message to a runtime, and prints its answer.") { _type, _payload, _session, _mode, _as, _messageId, _noCheck, _json });
        _fields.AddTo(command);
        command.SetAction((parsed, cancellationToken) => _runtime.RunAsync(parsed, client => RunAsync(parsed, client, cancellationToken), cancellationToken));
        return command;
    }

    async Task<int> RunAsync(ParseResult parsed, MacpClient client, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(parsed, client, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is JsonFormException or InvalidDataException)
        {
            return context.Fail(ExitStatus.Unusable, e.Message);
        }
    }

    async Task<int> SendAsync(ParseResult parsed, MacpClient client, CancellationToken cancellationToken)
    {
        string type = parsed.GetValue(_type)!, sessionId = parsed.GetValue(_session) ?? "";
        bool isStart = type == MessageTypes.SessionStart;
        if (isStart && parsed.GetValue(_mode) is null) return context.Fail(ExitStatus.Unusable, "a SessionStart needs --mode ID; 'macp modes' lists what is hosted");
        if (isStart && sessionId.Length == 0) sessionId = SessionIds.New();
        bool isAmbient = type is MessageTypes.Signal or MessageTypes.Progress;
        if (sessionId.Length == 0 && !isAmbient) return context.Fail(ExitStatus.Unusable, $"a {type} belongs to a session: say --session ID");

        var session = await SessionOfAsync(parsed, client, type, sessionId, cancellationToken).ConfigureAwait(false);
        string mode = parsed.GetValue(_mode) ?? session?.Mode ?? "";
        var hosted = context.Modes.Find(mode, session?.ModeVersion ?? "") ?? context.Modes.Newest(mode);
        if (Payloads(hosted).Find(mode, type) is not { } payloadType)
            return context.Fail(ExitStatus.Unusable, hosted is null ? $"{mode} is not hosted here, so that its messages are not known; 'macp modes' lists what is" : $"{mode} has no message type {type}; it has {string.Join(", ", hosted.Descriptor.AllMessageTypes)}");

        var draft = new PayloadDraft(payloadType, parsed.GetValue(_payload) is { } source ? await TextSource.ReadAsync(source, cancellationToken).ConfigureAwait(false) : null);
        _fields.Apply(parsed, draft);
        Usual.Complete(draft, hosted, session);
        var envelope = client.CreateEnvelope(mode, sessionId, type, draft.Message, parsed.GetValue(_as) ?? "", parsed.GetValue(_messageId));
        if (!parsed.GetValue(_noCheck) && Usual.Check(envelope, draft.Message, hosted) is { } rejection) throw new MacpSessionException(rejection);
        return await TellAsync(await client.SendAsync(envelope, new() { ThrowOnNack = false }, cancellationToken).ConfigureAwait(false), parsed.GetValue(_json)).ConfigureAwait(false);
    }

    // Asked only where something is to be learned: the mode, or the versions that a commitment repeats.
    async Task<SessionInfo?> SessionOfAsync(ParseResult parsed, MacpClient client, string type, string sessionId, CancellationToken cancellationToken) =>
        type != MessageTypes.SessionStart && sessionId.Length > 0 && (parsed.GetValue(_mode) is null || type == MessageTypes.Commitment)
            ? await client.GetSessionAsync(sessionId, cancellationToken: cancellationToken).ConfigureAwait(false)
            : null;

    async Task<int> TellAsync(MacpAck ack, bool json)
    {
        if (json) await context.Output.RawLineAsync(WireJson.Of(ack)).ConfigureAwait(false);
        else if (ack.EnsureOk().SessionId.Length == 0) await context.Output.LineAsync(Word(ack), ack.MessageId).ConfigureAwait(false);
        else await context.Output.LineAsync(Word(ack), ack.MessageId, ack.SessionId, ack.State.ToString()).ConfigureAwait(false);
        return ack.Ok ? ExitStatus.Well : ExitStatus.Failed;
    }

    static string Word(MacpAck ack) => ack.Duplicate ? "duplicate" : "accepted";

    static PayloadRegistry Payloads(HostedMode? hosted) => hosted is null ? new() : new PayloadRegistry().Add(hosted);
}

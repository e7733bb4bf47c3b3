using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Macp.Client;
using Macp.Modes;
using Macp.Protocol;
using Macp.Testing.Fixtures;
using Macp.Wire.V1;

namespace Macp.Testing;

/// <summary>Plays fixtures against a runtime over real gRPC, with a connection for each sender.</summary>
/// <param name="modes">The modes whose payloads and states it knows.</param>
/// <param name="endpoint">The runtime. It authenticates as in development: a sender's token is its name.</param>
public sealed class FixtureRunner(ModeCatalog modes, Uri endpoint)
{
    // Fixtures share their senders' names, and a runtime lets a sender start so many sessions a minute; what it refuses for that does not count.
    static readonly MacpRetryPolicy UntilAllowed = new() { Codes = [ErrorCode.RateLimited], BaseDelay = TimeSpan.FromSeconds(0.5), MaxDelay = TimeSpan.FromSeconds(5), MaxRetries = 20 };

    // A runtime may be restarted between any two messages; one that is repeated keeps its id, and is accepted once.
    static readonly MacpRetryPolicy UntilBack = new() { Codes = [], MaxRetries = 10 };

    /// <summary>Plays a fixture and tells what happens. The last event is <see cref="FixtureEvent.Finished"/>.</summary>
    /// <exception cref="FixtureException">The fixture cannot be played: its mode is not known, or a payload does not fit its type.</exception>
    /// <exception cref="MacpException">The runtime cannot be reached, refused the policy or the start, or did not stream what it accepted.</exception>
    public async IAsyncEnumerable<FixtureEvent> PlayAsync(Fixture fixture, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var mode = modes.Find(fixture.Mode, fixture.ModeVersion) ?? throw NotHosted(fixture);
        var payloads = Encode(mode.Descriptor, fixture);
        await using var senders = new Senders(endpoint);
        string sessionId = SessionIds.New();

        var policy = await FixturePolicies.ProvideAsync(senders.Of(fixture.Initiator), fixture, cancellationToken).ConfigureAwait(false);
        var start = await SendAsync(senders, fixture.Initiator, fixture.Mode, sessionId, MessageTypes.SessionStart, "m0", StartOf(fixture).ToByteString(), UntilAllowed, cancellationToken).ConfigureAwait(false);
        if (start.Error is { } refused) throw new MacpNackException(refused with { Message = $"the runtime refused the start: {refused.Message}" });
        await using var fold = new SessionFold(mode, policy, senders.Of(fixture.Initiator), sessionId);
        await fold.ReadToAsync("m0", cancellationToken).ConfigureAwait(false);
        yield return new FixtureEvent.Started(sessionId, fold.Phase);

        var failures = new List<string>();
        for (int i = 0; i < fixture.Messages.Count; i++)
        {
            var message = fixture.Messages[i];
            string messageId = $"m{i + 1}", before = fold.Phase;
            var ack = await SendAsync(senders, message.Sender, fixture.Mode, sessionId, message.MessageType, messageId, payloads[i], UntilBack, cancellationToken).ConfigureAwait(false);
            if (ack.Ok) await fold.ReadToAsync(messageId, cancellationToken).ConfigureAwait(false);
            var failure = Differs(message, ack);
            if (failure is not null) failures.Add($"messages[{i}] ({message.MessageType} of {message.Sender}): {failure}");
            yield return new FixtureEvent.Answered(message, ack, before, fold.Phase, failure);
        }

        var session = await senders.Of(fixture.Initiator).GetSessionAsync(sessionId, new() { Retry = UntilBack }, cancellationToken).ConfigureAwait(false);
        failures.AddRange(Judge(fixture, fold, session.State));
        yield return new FixtureEvent.Finished(session.State, fold.State(), fold.Commitment, failures);
    }

    FixtureException NotHosted(Fixture fixture) => new(modes.Newest(fixture.Mode) is { Descriptor: var other }
        ? $"mode_version {fixture.ModeVersion} of {fixture.Mode} is not hosted; {other.Version} is"
        : $"mode {fixture.Mode} is not hosted");

    static ByteString[] Encode(Macp.Modes.ModeDescriptor mode, Fixture fixture) =>
    [
        .. fixture.Messages.Select((message, i) =>
        {
            try
            {
                var type = PayloadJson.Find(mode, message.PayloadType) ?? throw new FixtureException($"is said to be a {message.PayloadType} by payload_type; {mode.Identifier} has no such payload");
                return PayloadJson.Encode(type, message.Payload);
            }
            catch (FixtureException e)
            {
                throw new FixtureException($"messages[{i}].payload {e.Message}");
            }
        }),
    ];

    static SessionStartPayload StartOf(Fixture fixture) => new()
    {
        Intent = fixture.Description.Length > 0 ? fixture.Description : fixture.Name,
        Participants = { fixture.Participants },
        ModeVersion = fixture.ModeVersion,
        ConfigurationVersion = fixture.ConfigurationVersion,
        PolicyVersion = fixture.PolicyVersion,
        TtlMs = fixture.TtlMs,
    };

    // Without a timestamp: a session then lives from its acceptance, whatever the runtime's clock says.
    static Task<MacpAck> SendAsync(
        Senders senders, string sender, string mode, string sessionId, string type, string messageId, ByteString payload, MacpRetryPolicy retry, CancellationToken cancellationToken) =>
        senders.Of(sender).SendAsync(
            new Envelope
            {
                MacpVersion = MacpProtocol.Version,
                Mode = mode,
                MessageType = type,
                MessageId = messageId,
                SessionId = sessionId,
                Sender = sender,
                Payload = payload,
            },
            new() { ThrowOnNack = false, Retry = retry },
            cancellationToken);

    static string? Differs(FixtureMessage expected, MacpAck ack) => (expected.Accepted, ack.Ok) switch
    {
        (true, true) => null,
        (true, false) => $"expected accept, got {ack.Error}",
        (false, true) => $"expected reject{(expected.ErrorCode is null ? "" : $" with {expected.ErrorCode}")}, got accept",
        _ => expected.ErrorCode is null || ack.Error?.Code.Value == expected.ErrorCode ? null : $"expected {expected.ErrorCode}, got {ack.Error}",
    };

    static IEnumerable<string> Judge(Fixture fixture, SessionFold fold, SessionState state)
    {
        if (fold.Broken is { } broken) yield return broken;
        if (state.ToString() != fixture.ExpectedFinalState) yield return $"the session is {state}, expected {fixture.ExpectedFinalState}";
        if (fixture.ExpectResolutionPresent is { } present && present != fold.Commitment is not null)
            yield return present ? "there is no commitment, expected one" : "there is a commitment, expected none";
        if (fixture.ExpectedResolution is { } resolution && Containment.Missing(resolution, ToJson(fold.Commitment), "resolution") is { } commitment) yield return commitment;
        if (fixture.ExpectedModeState is { } expected && Containment.Missing(expected, JsonNode.Parse(fold.State()), "state") is { } difference) yield return difference;
        if (fixture.VerifyReplayEquivalence && fold.Broken is null && fold.State() != fold.StateAgain()) yield return "folding the history again gives another state";
    }

    static JsonNode? ToJson(CommitmentPayload? commitment) =>
        commitment is null ? null : JsonNode.Parse(CommitmentHash.Canonicalize(commitment));

    /// <summary>A connection a sender, as participants in different processes have.</summary>
    sealed class Senders(Uri endpoint) : IAsyncDisposable
    {
        readonly Dictionary<string, MacpClient> _clients = new(StringComparer.Ordinal);

        public MacpClient Of(string sender)
        {
            if (!_clients.TryGetValue(sender, out var client))
                _clients.Add(sender, client = new(new() { Endpoint = endpoint, AllowInsecure = true, Auth = MacpAuth.DevAgent(sender) }));
            return client;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var client in _clients.Values) await client.DisposeAsync().ConfigureAwait(false);
        }
    }
}

using Macp.Client;
using Macp.Protocol;
using Macp.Runtime;
using Macp.Wire.V1;

namespace Macp.Testing;

/// <summary>
/// One session in a <see cref="TestRuntime"/>, played step by step: who says what, and whether that is accepted. The runtime judges each step, and each waits until
/// whatever was accepted has come by the session's stream, so that the next one sees it. Steps are taken one after the other.
/// </summary>
/// <typeparam name="TSession">The typed session of the mode, such as <c>DecisionSession</c>.</typeparam>
public sealed class Scenario<TSession> : IAsyncDisposable
    where TSession : class, IModeSession
{
    // Only a step that fails waits for so long. By the machine's clock: the runtime's may stand still.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    static readonly Identity Reader = new("scenario") { IsObserver = true };

    readonly TestRuntime _runtime;
    int _step;

    internal Scenario(TestRuntime runtime, TSession session) => (_runtime, Session) = (runtime, session);

    /// <summary>The session as its initiator sees it: attached, so that its projection holds what everybody has sent.</summary>
    public TSession Session { get; }

    /// <summary>Somebody says something, and it is accepted.</summary>
    /// <param name="sender">Who.</param>
    /// <param name="say">Says it, by a method of the session, and by the call that it is handed: that comes with the sender's credential.</param>
    /// <exception cref="ScenarioException">It was refused, or never came by the stream.</exception>
    public async Task<MacpAck> AcceptsAsync(string sender, Func<TSession, MacpCallOptions, Task<MacpAck>> say)
    {
        string expected = Begin($"what {sender} sends is accepted");
        var ack = await SayAsync(sender, say, expected).ConfigureAwait(false);
        if (!ack.Ok) throw await FailedAsync(expected, $"it was refused: {ack.Error}").ConfigureAwait(false);
        await CatchUpAsync(expected).ConfigureAwait(false);
        return ack;
    }

    /// <summary>Somebody says something, and it is refused with this code; nothing changes by it.</summary>
    /// <param name="sender">Who.</param>
    /// <param name="code">The code that the runtime gives.</param>
    /// <param name="say">Says it.</param>
    /// <returns>Why it was refused.</returns>
    /// <exception cref="ScenarioException">It was accepted, or refused with another code; or the session changed.</exception>
    public async Task<MacpError> RefusesAsync(string sender, ErrorCode code, Func<TSession, MacpCallOptions, Task<MacpAck>> say)
    {
        string expected = Begin($"what {sender} sends is refused with {code}, and changes nothing");
        string before = await StandsAsync().ConfigureAwait(false);
        var ack = await SayAsync(sender, say, expected).ConfigureAwait(false);
        await CatchUpAsync(expected).ConfigureAwait(false);
        if (ack.Error is not { } error) throw await FailedAsync(expected, "it was accepted").ConfigureAwait(false);
        if (error.Code != code) throw await FailedAsync(expected, $"it was refused: {error}").ConfigureAwait(false);
        string after = await StandsAsync().ConfigureAwait(false);
        return after == before ? error : throw await FailedAsync(expected, $"before:\n{before}\nafter:\n{after}").ConfigureAwait(false);
    }

    /// <summary>Something holds of the session, and of its projection.</summary>
    /// <param name="predicate">What is to hold.</param>
    /// <param name="what">The same in words.</param>
    /// <exception cref="ScenarioException">It does not.</exception>
    public async Task HoldsAsync(Func<TSession, bool> predicate, string what)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        string expected = Begin(what);
        if (!predicate(Session)) throw await FailedAsync(expected, $"{Session.State}, {Session.Projection.ToJson()}").ConfigureAwait(false);
    }

    /// <summary>Time passes, and what comes due meanwhile happens.</summary>
    /// <param name="time">How much.</param>
    /// <exception cref="InvalidOperationException">The runtime is not on a <see cref="TestClock"/>.</exception>
    /// <exception cref="ScenarioException">What came due never came by the stream.</exception>
    public async Task AfterAsync(TimeSpan time)
    {
        var clock = _runtime.Clock as TestClock ?? throw new InvalidOperationException("Only a TestClock is moved: start the runtime on one.");
        string expected = Begin($"{time} pass");
        clock.Advance(time);
        await _runtime.Kernel.SweepAsync().ConfigureAwait(false);
        await CatchUpAsync(expected).ConfigureAwait(false);
    }

    /// <summary>The session has ended, and so.</summary>
    /// <param name="state">How: resolved, expired or cancelled.</param>
    /// <exception cref="ScenarioException">It has not.</exception>
    public async Task EndsAsync(SessionState state)
    {
        string expected = Begin($"the session has ended: {state}");
        if (!Session.State.IsTerminal() || Session.State != state) throw await FailedAsync(expected, $"it is {Session.State}").ConfigureAwait(false);
    }

    /// <summary>Detaches the session. The runtime stays as it is.</summary>
    public ValueTask DisposeAsync() => Session.DisposeAsync();

    string Begin(string expected)
    {
        _step++;
        return expected;
    }

    async Task<MacpAck> SayAsync(string sender, Func<TSession, MacpCallOptions, Task<MacpAck>> say, string expected)
    {
        ArgumentNullException.ThrowIfNull(say);
        try
        {
            // The runtime is who judges here, of what the client would not even send too.
            return await say(Session, new() { Auth = MacpAuth.DevAgent(sender), ThrowOnNack = false, ValidateLocally = false }).ConfigureAwait(false);
        }
        catch (MacpException e)
        {
            throw await FailedAsync(expected, $"{e.GetType().Name}: {e.Message}", e).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the stream has brought all of the history that there is now.</summary>
    async Task CatchUpAsync(string expected)
    {
        string last = (await HistoryAsync().ConfigureAwait(false))[^1].MessageId;
        try
        {
            await ArrivesAsync(last).WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or MacpException)
        {
            throw await FailedAsync(expected, $"the stream did not bring it: {e.Message}", e).ConfigureAwait(false);
        }
    }

    async Task ArrivesAsync(string messageId)
    {
        await foreach (var change in Session.Changes.ConfigureAwait(false))
            if (change.Envelope.MessageId == messageId) return;
    }

    /// <summary>All that a refused message must leave alone: the history, and what it comes to.</summary>
    async Task<string> StandsAsync() => $"{Session.Projection.ToJson()}\n{await TranscriptAsync().ConfigureAwait(false)}";

    async Task<string> TranscriptAsync() => string.Join('\n', (await HistoryAsync().ConfigureAwait(false)).Select((record, index) => $"  {index + 1}  {record.Sender}  {record.MessageType}  {record.MessageId}"));

    async Task<IReadOnlyList<HistoryRecord>> HistoryAsync()
    {
        var subscribed = await _runtime.Kernel.SubscribeAsync(Reader, Session.SessionId, 0, includeAnnotations: true).ConfigureAwait(false);
        if (!subscribed.Succeeded(out var cursor, out var failure)) throw new InvalidOperationException(failure.Message);
        var history = new List<HistoryRecord>();
        while (await cursor.HasMoreNowAsync().ConfigureAwait(false))
            while (cursor.TryRead(out var record)) history.Add(record);
        return history;
    }

    async Task<ScenarioException> FailedAsync(string expected, string actual, Exception? cause = null) =>
        new(_step, expected, actual, await TranscriptAsync().ConfigureAwait(false), cause);
}

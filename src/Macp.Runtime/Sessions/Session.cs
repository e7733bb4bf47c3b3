using Macp.Modes;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>
/// One session: an object with one writer, who holds its lock and never waits in it. Whoever depends on what the writer did waits outside, until
/// the history is durable, so that the next message may enter meanwhile.
/// </summary>
sealed partial class Session(
    SessionContext context, KernelMode mode, ISessionHistory history, Initiator initiator, SessionTable table, LifecycleFeed feed, RuntimeMeter meter, Action<string, Exception> fault)
{
    readonly Lock _gate = new();

    // Null when the start was lost, or the history cannot be folded.
    SessionFold? _fold;

    // The last append that is not known to be lost; 0 when there is none.
    long _ticket;

    // Counts the times that records were lost.
    int _epoch;
    bool _countsAsOpen = true;
    long _nextDueAt = long.MaxValue;

    public string Id => context.SessionId;

    public string Mode => context.Mode;

    /// <summary>When its start was accepted, in Unix milliseconds.</summary>
    public long StartedAt { get; private set; }

    public ISessionHistory History => history;

    public WakeUp Grown { get; } = new();

    /// <summary>When something is next due, in Unix milliseconds; readable without the lock.</summary>
    public long NextDueAt => Volatile.Read(ref _nextDueAt);

    /// <summary>
    /// A turn of the writer: what has come due is appended before anything else touches the session. Null when the mode or the history
    /// broke its contract; then the state is folded again from what was stored, and nothing of the operation is kept. A session's time never
    /// steps back: the operation is given the later of the runtime's clock and the last acceptance.
    /// </summary>
    T? Turn<T, TArgument>(long clock, TArgument argument, Func<Session, SessionFold, long, TArgument, T> operation, out Mark mark)
        where T : class
    {
        lock (_gate)
        {
            T? result = null;
            try
            {
                if (!history.IsReadOnly) CatchUp(Math.Max(clock, _fold?.LastAcceptedAt ?? clock));
                if (_fold is { } fold)
                {
                    if (KernelSpans.AreHeard) KernelSpans.Join(fold.Start);
                    result = operation(this, fold, Math.Max(clock, fold.LastAcceptedAt), argument);
                }
            }
            catch (Exception e)
            {
                fault(Id, e);
                Refold();
                _notSweptBefore = clock + RetryMs;
            }
            mark = Seal(clock);
            return result;
        }
    }

    /// <summary>Takes up a session whose history an earlier process left.</summary>
    public void Resume(long clock)
    {
        lock (_gate)
        {
            Unfold();
            if (!table.TryAdd(this)) throw new InvalidDataException($"the history holds the session '{Id}' twice");
            initiator.Set(this, _countsAsOpen = IsOpen);
            if (!history.IsReadOnly) meter.TakenUp(_announced!.State);
            Seal(clock);
        }
    }

    /// <summary>Takes up a session that has ended, beside the table: for whoever asked for it, and as long as they need it.</summary>
    public void Recall()
    {
        lock (_gate)
        {
            _countsAsOpen = false;
            Unfold();
        }
    }

    void Unfold()
    {
        StartedAt = history.ReadAll().First().AcceptedAtUnixMs;
        Refold();
        _announced = LifecycleEvent.Stored(context, StartedAt, history.ReadAll());
    }

    /// <summary>Ends a turn: tells the others what changed, and says what must be durable before anybody hears of the result.</summary>
    Mark Seal(long clock)
    {
        Volatile.Write(ref _nextDueAt, _fold is { } fold && !history.IsReadOnly ? fold.NextDueAt : long.MaxValue);
        Reschedule();
        if (IsOpen != _countsAsOpen) initiator.Set(this, _countsAsOpen = IsOpen);
        (int cameDue, _cameDue) = (_cameDue, 0);
        return new(_ticket, _epoch, cameDue, clock);
    }

    // What is read-only stays open for ever, and must not count for ever.
    bool IsOpen => _fold?.State is SessionState.Open && !history.IsReadOnly;

    /// <summary>Answers once everything that the result depends on is durable: false when it was lost.</summary>
    ValueTask<bool> WhenDurableAsync(Mark mark) => WhenDurableAsync(mark, true, static _ => false);

    /// <summary>Answers this once everything that it depends on is durable; what it is turned into when that was lost.</summary>
    ValueTask<T> WhenDurableAsync<T>(Mark mark, T answer, Func<T, T> lost)
    {
        var durable = mark.Ticket == 0 ? ValueTask.CompletedTask : history.WhenDurable(mark.Ticket);
        if (!durable.IsCompletedSuccessfully) return AwaitedAsync(durable, mark, answer, lost);
        durable.GetAwaiter().GetResult();
        Tell(mark);
        return new(answer);
    }

    async ValueTask<T> AwaitedAsync<T>(ValueTask durable, Mark mark, T answer, Func<T, T> lost)
    {
        try
        {
            await durable.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Recover(mark, e);
            return lost(answer);
        }
        Tell(mark);
        return answer;
    }

    /// <summary>Something is durable: subscribers go on, and those who watch sessions hear of it.</summary>
    void Tell(Mark mark)
    {
        Announce(mark);
        if (mark.CameDue > 0) meter.CameDue(Mode, mark.CameDue);
        Grown.Pulse();
    }

    /// <summary>
    /// Records were lost: the state goes back to what is durable. Everybody who waited for them comes here; the first does the work.
    /// </summary>
    void Recover(Mark mark, Exception loss)
    {
        lock (_gate)
        {
            if (mark.Epoch != _epoch) return;
            fault(Id, loss);
            (_epoch, _ticket) = (_epoch + 1, 0);
            Refold(afterLoss: true);
            AnnounceKept();
            _notSweptBefore = mark.Clock + RetryMs;
            Seal(mark.Clock);
        }
    }

    void Refold(bool afterLoss = false)
    {
        _fold = null;
        try
        {
            if (afterLoss) history.DropLost();
            _fold = SessionFold.Of(history.ReadAll(), context, mode);
        }
        catch (Exception e)
        {
            // It stays shut, and its id taken: what it holds may be sound and the mode's code not.
            fault(Id, e);
            return;
        }
        if (_fold is null) table.Remove(this);
        _brokenDue?.ForEach(id => _fold?.Due.Remove(id));
    }

    /// <summary>What the result of a turn depends on.</summary>
    readonly record struct Mark(long Ticket, int Epoch, int CameDue, long Clock);
}

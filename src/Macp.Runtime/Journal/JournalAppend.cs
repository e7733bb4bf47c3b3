using Macp.Wire.Journal.V1;

namespace Macp.Runtime;

/// <summary>Something on its way into a journal.</summary>
abstract class JournalAppend
{
    public abstract Entry Entry { get; }

    /// <summary>When it was accepted, in Unix milliseconds; <see cref="long.MaxValue"/> where no retention asks.</summary>
    public abstract long At { get; }

    /// <summary>Whether it was lost with something before it, and is not to be written.</summary>
    public abstract bool IsLost { get; }

    /// <summary>It is durable, in this segment.</summary>
    public abstract void Keep(long segment);

    /// <summary>It was lost.</summary>
    public abstract void Lose(Exception reason);
}

/// <summary>A record of a session's history on its way.</summary>
sealed class RecordAppend(SessionLog log, HistoryRecord record, int position, long ticket) : JournalAppend
{
    public override Entry Entry => JournalCodec.Write(log.Number, position, record);

    public override long At => record.AcceptedAtUnixMs;

    public override bool IsLost => log.IsLost(ticket);

    public override void Keep(long segment) => log.Keep(position, ticket, segment);

    public override void Lose(Exception reason) => log.Lose(ticket, reason);
}

/// <summary>A change of a registry on its way.</summary>
sealed class RegistryAppend(RegistryChange change) : JournalAppend
{
    readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it is durable; fails when it was lost.</summary>
    public Task Settled => _settled.Task;

    public override Entry Entry => RegistryCodec.Write(change);

    public override long At => long.MaxValue;

    // No change waits behind another.
    public override bool IsLost => false;

    public override void Keep(long segment) => _settled.SetResult();

    public override void Lose(Exception reason) => _settled.TrySetException(new IOException("the change could not be stored", reason));
}

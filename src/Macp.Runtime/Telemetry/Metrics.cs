namespace Macp.Runtime;

/// <summary>
/// All that is measured. In the form of Prometheus the counters of messages, sessions and commitments have the names of the older runtime's
/// (runtime-semantics 9.2).
/// </summary>
static class Metrics
{
    /// <summary>A hosted mode's identifier, or <see cref="OtherMode"/>.</summary>
    public const string ModeTag = "mode";

    /// <summary>The code of the registry with which something was refused.</summary>
    public const string CodeTag = "code";

    /// <summary>Stands for every mode that is not hosted: no client makes a series by a name that it thinks of.</summary>
    public const string OtherMode = "_other";

    static readonly List<Metric> Listed = [];

    public static readonly Metric MessagesAccepted = Counter("macp.messages.accepted", "{message}", "Messages of sessions that were accepted, but for starts; those that came due too.", ModeTag);
    public static readonly Metric MessagesRejected = Counter("macp.messages.rejected", "{message}", "Envelopes with a session id that were refused, starts too.", ModeTag, CodeTag);
    public static readonly Metric SessionsStarted = Counter("macp.sessions.started", "{session}", "Sessions that were started.", ModeTag);
    public static readonly Metric SessionsResolved = Counter("macp.sessions.resolved", "{session}", "Sessions that ended with their commitment.", ModeTag);
    public static readonly Metric SessionsExpired = Counter("macp.sessions.expired", "{session}", "Sessions that ended because their time was up.", ModeTag);
    public static readonly Metric SessionsCancelled = Counter("macp.sessions.cancelled", "{session}", "Sessions that were cancelled.", ModeTag);
    public static readonly Metric SessionsSuspended = Counter("macp.sessions.suspended", "{session}", "Suspensions of sessions.", ModeTag);
    public static readonly Metric SessionsResumed = Counter("macp.sessions.resumed", "{session}", "Resumptions of sessions.", ModeTag);
    public static readonly Metric CommitmentsAccepted = Counter("macp.commitments.accepted", "{commitment}", "Commitments that were accepted.", ModeTag);
    public static readonly Metric CommitmentsRejected = Counter("macp.commitments.rejected", "{commitment}", "Commitments that were refused.", ModeTag);
    public static readonly Metric SignalsAccepted = Counter("macp.signals.accepted", "{message}", "Ambient messages, Signal and Progress, that were passed on.");

    public static readonly Metric SessionsOpen = Gauge("macp.sessions.open", "{session}", "Sessions that are open.");
    public static readonly Metric SessionsInSuspension = Gauge("macp.sessions.in_suspension", "{session}", "Sessions that are suspended.");
    public static readonly Metric SessionsInMemory = Gauge("macp.sessions.in_memory", "{session}", "Sessions held in memory, those that have ended too.");
    public static readonly Metric RatesSenders = Gauge("macp.rates.senders", "{sender}", "Senders whose rate is watched: who has sent something of late.");

    public static readonly Metric DueLag = Histogram("macp.due.lag", "s", "How long after its time something that came due was appended.");
    public static readonly Metric RecoveryDuration = Gauge("macp.recovery.duration", "s", "How long the start took to take up what the history held; nothing before it has.");

    public static readonly Metric JournalRecords = Counter("macp.journal.records", "{record}", "Records that were made durable.");
    public static readonly Metric JournalWritten = Counter("macp.journal.written", "By", "Bytes that were made durable.");
    public static readonly Metric JournalBatchSize = Histogram("macp.journal.batch.size", "{record}", "Records that shared a write and a sync.");
    public static readonly Metric JournalSyncDuration = Histogram("macp.journal.sync.duration", "s", "How long the disk took to sync a batch.");
    public static readonly Metric JournalFailures = Counter("macp.journal.failures", "{failure}", "Batches, segments and indexes that could not be written.");
    public static readonly Metric JournalSegments = Gauge("macp.journal.segments", "{segment}", "Closed segments that are kept.");

    public static IReadOnlyList<Metric> All => Listed;

    static Metric Counter(string name, string unit, string description, params string[] tags) => List(new(name, MetricKind.Counter, unit, description, tags));

    static Metric Histogram(string name, string unit, string description) => List(new(name, MetricKind.Histogram, unit, description, []));

    static Metric Gauge(string name, string unit, string description) => List(new(name, MetricKind.Gauge, unit, description, []));

    static Metric List(Metric metric)
    {
        Listed.Add(metric);
        return metric;
    }
}

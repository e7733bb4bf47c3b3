using Google.Protobuf;
using Macp.Modes;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>What a session is started with; bound for its whole life.</summary>
public sealed record SessionStartOptions
{
    /// <summary>The extension under which <see cref="Context"/> travels.</summary>
    public const string ContextExtension = "x-context";

    /// <summary>What the session is for, in words.</summary>
    public required string Intent { get; init; }

    /// <summary>Who may take part, in this order. The initiator takes part only when it is among them.</summary>
    public required IReadOnlyList<string> Participants { get; init; }

    /// <summary>How long the session lives, from 1 millisecond to 24 hours; parts of a millisecond are dropped.</summary>
    public required TimeSpan TimeToLive { get; init; }

    /// <summary>How long the session may be suspended in all; null or zero for the runtime's default, seven days.</summary>
    public TimeSpan? MaxSuspend { get; init; }

    /// <summary>The id of the context that the session belongs to; anybody who may read the session sees it.</summary>
    public string ContextId { get; init; } = "";

    /// <summary>Data for the participants, by key. The runtime keeps the values and tells only the keys.</summary>
    public IReadOnlyDictionary<string, ByteString>? Extensions { get; init; }

    /// <summary>Data for the participants that needs no key of its own: it travels as the extension <c>x-context</c>. Text, bytes and JSON convert to it.</summary>
    public StartContext? Context { get; init; }

    /// <summary>The roots that the session is about.</summary>
    public IReadOnlyList<MacpRoot> Roots { get; init; } = [];

    /// <summary>The payload under these versions.</summary>
    /// <exception cref="MacpSessionException">The context is given twice.</exception>
    internal SessionStartPayload ToPayload(string modeVersion, string configurationVersion, string policyVersion)
    {
        var start = new SessionStartPayload
        {
            Intent = Intent,
            Participants = { Participants },
            ModeVersion = modeVersion,
            ConfigurationVersion = configurationVersion,
            PolicyVersion = policyVersion,
            TtlMs = TimeToLive.Ticks / TimeSpan.TicksPerMillisecond,
            MaxSuspendMs = WholeMilliseconds(MaxSuspend ?? TimeSpan.Zero),
            ContextId = ContextId,
            Roots = { Roots.Select(r => new Root { Uri = r.Uri, Name = r.Name }) },
        };
        // In order of the keys, so that the same options always make the same bytes: a repeated start must be the same message.
        foreach (var (key, value) in (Extensions ?? NoExtensions).OrderBy(e => e.Key, StringComparer.Ordinal)) start.Extensions.Add(key, value);
        if (Context is not { } context) return start;
        if (!start.Extensions.TryAdd(ContextExtension, context.Data))
            throw new MacpSessionException(Rejection.InvalidEnvelope($"the extension '{ContextExtension}' is set twice; use either Context or Extensions for it"));
        return start;
    }

    // Less than a millisecond must not become 0, which stands for the default; nor a negative one.
    static long WholeMilliseconds(TimeSpan span) => (long)(span < TimeSpan.Zero ? Math.Floor(span.TotalMilliseconds) : Math.Ceiling(span.TotalMilliseconds));

    static readonly IReadOnlyDictionary<string, ByteString> NoExtensions = new Dictionary<string, ByteString>();
}

/// <summary>A root that a session is about.</summary>
/// <param name="Uri">Where it is.</param>
/// <param name="Name">A name for people.</param>
public sealed record MacpRoot(string Uri, string Name = "");

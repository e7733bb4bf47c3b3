using Macp.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Macp.Client;

/// <summary>What a client tells of what it does: spans, metrics and a log. Where nobody listens it does nothing, and allocates nothing.</summary>
sealed class ClientTelemetry(MacpClientOptions options, Uri address)
{
    /// <summary>The log.</summary>
    public ILogger Log { get; } = options.LoggerFactory?.CreateLogger(MacpClientTelemetry.LogCategory) ?? NullLogger.Instance;

    /// <summary>The clock of waits.</summary>
    public TimeProvider Time { get; } = options.TimeProvider;

    /// <summary>A call begins; the span it makes is the current one until it has ended.</summary>
    public CallRecord Begin(string method, object request)
    {
        var subject = CallSubject.Of(request);
        return new(this, method, subject, CallSpans.Begin(method, subject, address));
    }

    /// <summary>A stream begins. It outlives whoever opens it, so that its span is nobody's current one.</summary>
    public StreamRecord BeginStream(string method, object? request) => new(this, method, request is null ? new("") : CallSubject.Of(request), address);

    /// <summary>A call failed and will be made again.</summary>
    public void Retrying(string operation, int retry, TimeSpan wait, MacpException failure)
    {
        string reason = ReasonOf(failure);
        Log.Retrying(operation, retry, wait, reason);
        if (ClientMetrics.Retries.Enabled) ClientMetrics.Retries.Add(1, new(ClientMetrics.MethodTag, operation), new KeyValuePair<string, object?>(ClientMetrics.ReasonTag, reason));
    }

    /// <summary>A stream broke and will be opened again.</summary>
    /// <param name="subject">What it is about: a session's id, or what is watched.</param>
    /// <param name="wait">How long is waited before.</param>
    /// <param name="failure">What it broke with.</param>
    public void Reconnecting(string subject, TimeSpan wait, MacpException failure)
    {
        string reason = ReasonOf(failure);
        Log.Reconnecting(subject, reason, wait);
        if (ClientMetrics.Reconnects.Enabled) ClientMetrics.Reconnects.Add(1, new KeyValuePair<string, object?>(ClientMetrics.ReasonTag, reason));
    }

    /// <summary>A runtime's code as a tag: one of the registry, so that no runtime makes a series by a code that it thinks of.</summary>
    public static string Known(string code) => ErrorCode.All.Contains(new(code)) ? code : "_other";

    static string ReasonOf(MacpException failure) => failure switch
    {
        MacpNackException nack => Known(nack.Code.Value),
        MacpTransportException transport => transport.StatusName,
        _ => "_other",
    };
}

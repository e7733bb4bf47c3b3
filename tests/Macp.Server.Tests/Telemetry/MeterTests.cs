using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Macp.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>A runtime in an application is measured by the application's meters, and it does not matter how an envelope has come.</summary>
public sealed class MeterTests
{
    [Fact]
    public async Task Unary_and_streamed_envelopes_count_alike_those_that_are_misshapen_too()
    {
        using var meters = new Meters();
        await using var runtime = await TestRuntime.StartAsync(configure: services => services.AddSingleton<IMeterFactory>(meters));
        string session = await runtime.DeliberateAsync();
        var misshapen = Envelopes.Vote(session).With(envelope => envelope.MacpVersion = "9.9");
        await runtime.RefusesAsync("UNSUPPORTED_PROTOCOL_VERSION", "alice", misshapen);
        await runtime.RefusesAsync("FORBIDDEN", "mallory", Envelopes.Vote(session));
        await using var stream = runtime.Stream("alice");
        await stream.SendAsync(misshapen);
        await stream.RefusesAsync("UNSUPPORTED_PROTOCOL_VERSION");
        await stream.SendAsync(Envelopes.Evaluation(session, id: "e"));
        await stream.DeliversAsync("e");

        Assert.Equal(1, meters["macp.sessions.started macp.mode.decision.v1"]);
        Assert.Equal(2, meters["macp.messages.accepted macp.mode.decision.v1"]);
        Assert.Equal(2, meters["macp.messages.rejected macp.mode.decision.v1 UNSUPPORTED_PROTOCOL_VERSION"]);
        Assert.Equal(1, meters["macp.messages.rejected macp.mode.decision.v1 FORBIDDEN"]);
    }

    /// <summary>An application's meters, and what they have counted.</summary>
    sealed class Meters : IMeterFactory
    {
        readonly ConcurrentDictionary<string, long> _counted = [];
        readonly ConcurrentBag<Meter> _meters = [];
        readonly MeterListener _listener;

        public Meters()
        {
            _listener = new() { InstrumentPublished = (instrument, listener) => { if (instrument.Meter.Name == MacpTelemetry.MeterName && instrument.Meter.Scope == this) listener.EnableMeasurementEvents(instrument); } };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            {
                string series = instrument.Name;
                foreach (var tag in tags) series += $" {tag.Value}";
                _counted.AddOrUpdate(series, value, (_, sum) => sum + value);
            });
            _listener.Start();
        }

        public long this[string series] => _counted.GetValueOrDefault(series);

        public Meter Create(MeterOptions options)
        {
            options.Scope = this;
            var meter = new Meter(options);
            _meters.Add(meter);
            return meter;
        }

        public void Dispose()
        {
            _listener.Dispose();
            foreach (var meter in _meters) meter.Dispose();
        }
    }
}

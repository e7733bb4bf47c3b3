using System.Diagnostics.Metrics;
using Macp.Grpc;

namespace Macp.Client.Tests;

[Collection(TelemetryCollection.Name)]
public sealed class TelemetryCostTests
{
    const int Calls = 2000;

    static readonly ClientTelemetry Telemetry = new(MacpClientOptions.FromEndpoint("localhost:1"), new("https://localhost:1"));
    static readonly SendRequest Request = new() { Envelope = Notes.Note("s", "alice", "x") };
    static readonly SendResponse Accepted = FakeRuntime.Accept(Request.Envelope), Refused = FakeRuntime.Refuse(Request.Envelope, "FORBIDDEN");
    static readonly GrpcMetadata Metadata = [];

    [Fact]
    public void Where_nobody_listens_a_call_costs_no_allocation_more() => Assert.InRange(Allocated(), 0, Calls - 1);

    [Fact]
    public void Nor_does_counting_allocate()
    {
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Meter.Name == MacpClientTelemetry.MeterName) l.EnableMeasurementEvents(instrument); } };
        long nacks = 0, calls = 0;
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => nacks += value);
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => calls++);
        listener.Start();

        Assert.InRange(Allocated(), 0, Calls - 1);
        Assert.Equal((2 * Calls, 6 * Calls), (nacks, calls));
    }

    // The smallest object has 24 bytes: less than one a call is what is made once.
    static long Allocated()
    {
        Tell(Calls);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Tell(Calls);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    static void Tell(int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            var record = Telemetry.Begin(RuntimeMethods.Send.FullName, Request);
            record.Propagate(Metadata);
            record.Answered(Accepted);
            Telemetry.Begin(RuntimeMethods.Send.FullName, Request).Answered(Refused);
            Telemetry.Begin(RuntimeMethods.Send.FullName, Request).Failed(GrpcStatusCode.Unavailable);
        }
    }
}

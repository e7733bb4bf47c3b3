using System.IO.Pipelines;
using Google.Protobuf.WellKnownTypes;
using Macp.Grpc.Server;
using Macp.Grpc.Wire;

namespace Macp.Grpc.Tests;

public sealed class RequestStreamTests
{
    // Otherwise the log would tell of a handler that failed whenever a client goes away.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_breaks_ends_the_call_as_cancelled_whether_or_not_its_reader_gave_up_meanwhile(bool givesUp)
    {
        using var reader = new CancellationTokenSource();
        var body = new BrokenBody(() => { if (givesUp) reader.Cancel(); });
        var requests = new RequestStream<StringValue>(new(body, StringValue.Parser, FrameRules.Server(1024)), CallLifetime.Of(null!));

        await Assert.ThrowsAsync<OperationCanceledException>(() => requests.ReadAsync(reader.Token).AsTask());
    }

    [Fact]
    public async Task A_reset_that_is_read_before_the_token_fires_is_a_cancellation_and_not_logged()
    {
        // What RequestStream throws then: the call's token, which nothing has cancelled yet.
        await using var server = await TestServer.StartAsync(Methods.OfDuplex((_, _, call) => throw new OperationCanceledException("The call has ended.", call.CancellationToken)));
        await using var call = server.Channel.Duplex(Methods.Duplex);

        var failure = await Assert.ThrowsAsync<GrpcException>(async () => await call.ReadAsync());

        Assert.Equal(GrpcStatusCode.Cancelled, failure.Status.Code);
        Assert.Empty(server.Logs.Entries);
    }

    /// <summary>A body whose connection breaks while it is read.</summary>
    sealed class BrokenBody(Action breaking) : PipeReader
    {
        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            breaking();
            return ValueTask.FromException<ReadResult>(new IOException("The request stream was aborted."));
        }

        public override bool TryRead(out ReadResult result) => throw new NotSupportedException();

        public override void AdvanceTo(SequencePosition consumed) => throw new NotSupportedException();

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => throw new NotSupportedException();

        public override void CancelPendingRead() => throw new NotSupportedException();

        public override void Complete(Exception? exception = null) => throw new NotSupportedException();
    }
}

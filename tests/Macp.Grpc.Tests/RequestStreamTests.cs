using System.IO.Pipelines;
using Google.Protobuf.WellKnownTypes;
using Macp.Grpc.Server;
using Macp.Grpc.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;

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

    // The transport tells the reader of a reset, and then the call's token; whichever comes first, nothing has failed.
    [Theory]
    [InlineData("Unary")]
    [InlineData("Responses")]
    [InlineData("Duplex")]
    public async Task A_connection_that_breaks_before_the_token_fires_is_no_failure_of_the_handler(string method)
    {
        await using var server = await TestServer.StartAsync(app => app
            .Use(next => context =>
            {
                context.Features.Set<IRequestBodyPipeFeature>(new BrokenBodyFeature());
                return next(context);
            })
            .UseGrpc(new GrpcServerOptions(), Methods.Echo));

        await Assert.ThrowsAnyAsync<Exception>(() => server.Channel.UnaryAsync(Methods.Of(method), Methods.Text("a")).Happens());

        Assert.Empty(server.Logs.Entries);
    }

    // Thrown on a timer's thread, it would end the process.
    [Fact]
    public async Task A_deadline_that_passes_as_the_connection_breaks_is_answered_and_throws_nothing()
    {
        var time = new FakeTime();
        await using var server = await TestServer.StartAsync(app => app
            .Use(next => context =>
            {
                context.Features.Set<IRequestBodyPipeFeature>(new BrokenBodyFeature());
                return next(context);
            })
            .UseGrpc(new GrpcServerOptions { TimeProvider = time }, Methods.OfDuplex((_, _, call) => Task.Delay(Timeout.Infinite, call.CancellationToken))));
        await using var call = server.Channel.Duplex(Methods.Duplex, new() { Timeout = TimeSpan.FromMinutes(1) });
        await time.Armed.Happens();

        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(GrpcStatusCode.DeadlineExceeded, (await call.ReadAsync().Fails()).Status.Code);
    }

    sealed class BrokenBodyFeature : IRequestBodyPipeFeature
    {
        public PipeReader Reader { get; } = new BrokenBody(() => { });
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

        public override bool TryRead(out ReadResult result)
        {
            result = default;
            return false;
        }

        public override void AdvanceTo(SequencePosition consumed) => throw new NotSupportedException();

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => throw new NotSupportedException();

        public override void CancelPendingRead() => throw new IOException("The client reset the request stream.");

        public override void Complete(Exception? exception = null) => throw new NotSupportedException();
    }
}

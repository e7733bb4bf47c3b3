using Google.Protobuf;
using Macp.Grpc;
using Macp.Protocol;

namespace Macp.Client.Tests;

public class StreamTests
{
    static readonly MacpAuth Alice = MacpAuth.DevAgent("alice");
    static readonly string Id = SessionIds.New();

    [Fact]
    public async Task A_stream_delivers_envelopes_with_ordinals_annotations_and_inline_errors_and_then_ends_for_good()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        StreamSessionRequest? first = null;
        runtime.OnStream = async (requests, responses, _) =>
        {
            first = await requests.ReadAsync();
            await responses.WriteAsync(Says("bob", "one"));
            await responses.WriteAsync(new() { Envelope = Notes.Annotation(Id, "SessionSuspend", "a1") });
            await responses.WriteAsync(new() { Error = new() { Code = "FORBIDDEN", Message = "not you", MessageId = "m9" } });
            await responses.WriteAsync(new());
            await responses.WriteAsync(Says("bob", "two"));
        };

        await using var stream = await client.OpenStreamAsync();
        await stream.SubscribeAsync(Id, 4);
        var items = new List<SessionStreamItem>();
        await foreach (var item in stream.ReadAllAsync()) items.Add(item);

        Assert.Equal(new StreamSessionRequest { SubscribeSessionId = Id, AfterSequence = 4 }, first);
        Assert.Equal(
            [
                new SessionStreamItem.Accepted(Notes.Note(Id, "bob", "one"), 5),
                new SessionStreamItem.Annotation(Notes.Annotation(Id, "SessionSuspend", "a1")),
                new SessionStreamItem.InlineError(new(ErrorCode.Forbidden, "not you") { MessageId = "m9" }),
                new SessionStreamItem.Accepted(Notes.Note(Id, "bob", "two"), 6),
            ],
            items.Select(Comparable));
        Assert.Equal(6ul, stream.LastOrdinal);
        Assert.Null(await stream.ReadAsync());
        Assert.Null(await stream.ReadAsync());
    }

    [Fact]
    public async Task A_stream_asks_for_annotations_and_carries_its_credential()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);

        await using var stream = await client.OpenStreamAsync();
        await stream.SubscribeAsync(Id);
        await stream.ReadAsync();

        Assert.Equal("1", runtime.Headers.Single().Get("macp-annotations"));
        Assert.Equal("Bearer alice", runtime.Credentials.Single());
    }

    [Fact]
    public async Task Envelopes_go_out_and_the_runtimes_echo_comes_back()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnStream = async (requests, responses, _) =>
        {
            while (await requests.ReadAsync() is { } frame)
                if (frame.Envelope is { } envelope) await responses.WriteAsync(new() { Envelope = envelope });
        };

        await using var stream = await client.OpenStreamAsync();
        await stream.SubscribeAsync(Id);
        await stream.SendAsync(Notes.Note(Id, "alice", "hi"));
        var item = Assert.IsType<SessionStreamItem.Accepted>(await stream.ReadAsync());
        await stream.CompleteAsync();
        await stream.CompleteAsync();

        Assert.Equal(("hi", 1ul), (item.Envelope.MessageId, item.Ordinal));
        Assert.Null(await stream.ReadAsync());
        Assert.Contains("closed", (await Assert.ThrowsAsync<MacpException>(async () => await stream.SendAsync(Notes.Note(Id, "alice", "late")))).Message);
    }

    [Fact]
    public async Task Ordinals_are_not_guessed_where_they_cannot_be_counted()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnStream = async (requests, responses, _) =>
        {
            while (await requests.ReadAsync() is not null) await responses.WriteAsync(Says("bob", "x"));
        };

        await using var unsubscribed = await client.OpenStreamAsync();
        await unsubscribed.SendAsync(Notes.Note(Id, "alice", "x"));
        Assert.Null(Assert.IsType<SessionStreamItem.Accepted>(await unsubscribed.ReadAsync()).Ordinal);

        await using var twice = await client.OpenStreamAsync();
        await twice.SubscribeAsync(Id);
        Assert.Equal(1ul, Assert.IsType<SessionStreamItem.Accepted>(await twice.ReadAsync()).Ordinal);
        await twice.SubscribeAsync(Id);
        Assert.Null(Assert.IsType<SessionStreamItem.Accepted>(await twice.ReadAsync()).Ordinal);
        Assert.Null(twice.LastOrdinal);
    }

    [Fact]
    public async Task A_failure_comes_behind_what_was_delivered_and_stays()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnStream = async (_, responses, _) =>
        {
            await responses.WriteAsync(Says("bob", "one"));
            throw new GrpcException(GrpcStatusCode.InvalidArgument, "SESSION_NOT_OPEN");
        };

        await using var stream = await client.OpenStreamAsync();
        Assert.IsType<SessionStreamItem.Accepted>(await stream.ReadAsync());
        for (int i = 0; i < 2; i++)
            Assert.Equal(GrpcStatusCode.InvalidArgument, (await Assert.ThrowsAsync<MacpTransportException>(async () => await stream.ReadAsync())).StatusCode);
    }

    [Theory, InlineData(GrpcStatusCode.Ok), InlineData(GrpcStatusCode.Unauthenticated)]
    public async Task A_frame_to_a_stream_that_the_runtime_has_ended_says_how_it_ended(GrpcStatusCode status)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnStream = async (requests, _, _) =>
        {
            await requests.ReadAsync();
            if (status is not GrpcStatusCode.Ok) throw new GrpcException(status, "because");
        };

        await using var stream = await client.OpenStreamAsync();
        var e = await Assert.ThrowsAnyAsync<MacpException>(async () =>
        {
            while (true) await stream.SubscribeAsync(Id);
        });

        if (status is GrpcStatusCode.Ok) Assert.Contains("ended", Assert.IsType<MacpException>(e).Message);
        else Assert.Equal(status, Assert.IsType<MacpTransportException>(e).StatusCode);
    }

    [Fact]
    public async Task A_read_that_was_given_up_loses_nothing()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice, o => o with { TimeProvider = new HastyTime() });
        var go = new TaskCompletionSource();
        runtime.OnStream = async (_, responses, _) =>
        {
            await go.Task;
            await responses.WriteAsync(Says("bob", "late"));
        };

        await using var stream = await client.OpenStreamAsync();
        await Assert.ThrowsAsync<MacpTimeoutException>(async () => await stream.ReadAsync(TimeSpan.FromSeconds(5)));
        using var cancelled = new CancellationTokenSource();
        var reading = stream.ReadAsync(cancelled.Token).AsTask();
        cancelled.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        go.SetResult();

        Assert.Equal("late", Assert.IsType<SessionStreamItem.Accepted>(await stream.ReadAsync()).Envelope.MessageId);
        Assert.Null(await stream.ReadAsync());
    }

    [Fact]
    public async Task A_stream_has_one_reader()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnStream = (_, _, call) => Task.Delay(Timeout.Infinite, call.CancellationToken);

        var stream = await client.OpenStreamAsync();
        var reading = stream.ReadAsync().AsTask();
        await Assert.ThrowsAsync<MacpException>(async () => await stream.ReadAsync());
        await stream.DisposeAsync();

        Assert.Contains("closed", (await Assert.ThrowsAsync<MacpException>(() => reading)).Message);
        await Assert.ThrowsAsync<MacpException>(async () => await stream.ReadAsync());
        await Assert.ThrowsAsync<MacpException>(async () => await stream.SubscribeAsync(Id));
    }

    [Fact]
    public async Task A_slow_reader_holds_the_runtime_back()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        int written = 0;
        var large = Says("bob", "x");
        large.Envelope.Payload = ByteString.CopyFrom(new byte[100_000]);
        const int all = 1_000;
        runtime.OnStream = async (_, responses, _) =>
        {
            for (; written < all; written++) await responses.WriteAsync(large);
        };

        await using var stream = await client.OpenStreamAsync();
        await stream.ReadAsync();
        // 100 MB fit no window: the runtime waits, wherever it stands.
        Assert.True(Volatile.Read(ref written) < all);
        int read = 1;
        while (await stream.ReadAsync() is not null) read++;
        Assert.Equal(all, read);
    }

    internal static StreamSessionResponse Says(string sender, string text) => new() { Envelope = Notes.Note(Id, sender, text) };

    // Lists in records compare by reference.
    static SessionStreamItem Comparable(SessionStreamItem item) =>
        item is SessionStreamItem.InlineError e ? new SessionStreamItem.InlineError(new MacpError(e.Error.Code, e.Error.Message) { MessageId = e.Error.MessageId }) : item;
}

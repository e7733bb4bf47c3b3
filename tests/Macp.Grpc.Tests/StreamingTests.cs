using Google.Protobuf;
using static Macp.Grpc.Tests.Methods;

namespace Macp.Grpc.Tests;

public sealed class StreamingTests
{
    [Fact]
    public async Task A_stream_of_responses_arrives_in_order()
    {
        await using var server = await TestServer.StartAsync(Echo);
        Assert.Equal("stream", string.Concat(await Texts(server.Channel.ServerStreaming(Responses, Text("stream")))));
    }

    [Fact]
    public async Task A_stream_without_a_response_ends_with_OK()
    {
        await using var server = await TestServer.StartAsync(Echo);
        Assert.Empty(await Texts(server.Channel.ServerStreaming(Responses, Text(""))));
    }

    [Fact]
    public async Task A_stream_carries_headers_and_trailers_and_its_status()
    {
        await using var server = await TestServer.StartAsync(OfStream(async (_, responses, call) =>
        {
            call.ResponseHeaders.Add("ahead", "1");
            await responses.WriteAsync(Text("one"));
            throw new GrpcException(GrpcStatusCode.DataLoss, "half", new() { { "behind", "2" } });
        }));
        var stream = server.Channel.ServerStreaming(Responses, Text(""));
        await using var responses = stream.GetAsyncEnumerator();
        Assert.True(await responses.MoveNextAsync());
        Assert.Equal("1", stream.Headers.Get("ahead"));
        var failure = await responses.MoveNextAsync().Fails();

        Assert.Equal(new(GrpcStatusCode.DataLoss, "half"), failure.Status);
        Assert.Equal("2", failure.Trailers.Get("behind"));
        Assert.Equal("2", stream.Trailers.Get("behind"));
    }

    [Fact]
    public async Task Written_messages_leave_together_at_the_flush_or_at_the_end()
    {
        await using var server = await TestServer.StartAsync(OfStream(async (_, responses, _) =>
        {
            responses.Write(Text("a"));
            responses.Write(Text("b"));
            await responses.FlushAsync();
            responses.Write(Text("c"));
        }));
        Assert.Equal(["a", "b", "c"], await Texts(server.Channel.ServerStreaming(Responses, Text(""))));
    }

    [Fact]
    public async Task Messages_that_are_serialised_already_arrive_among_the_others()
    {
        string large = new('c', 200_000);
        await using var server = await TestServer.StartAsync(OfStream(async (_, responses, _) =>
        {
            responses.WriteSerialized(Text("a").ToByteArray());
            responses.Write(Text("b"));
            responses.WriteSerialized([]);
            await responses.FlushAsync();
            responses.WriteSerialized(Text(large).ToByteArray());
        }));
        Assert.Equal(["a", "b", "", large], await Texts(server.Channel.ServerStreaming(Responses, Text(""))));
    }

    [Fact]
    public async Task A_flush_without_a_message_sends_the_headers()
    {
        await using var server = await TestServer.StartAsync(OfDuplex(async (requests, responses, call) =>
        {
            call.ResponseHeaders.Add("ready", "yes");
            await responses.FlushAsync();
            await requests.ReadAsync();
        }));
        await using var call = server.Channel.Duplex(Duplex);
        Assert.Equal("yes", (await call.ResponseHeadersAsync().Happens()).Get("ready"));
    }

    [Fact]
    public async Task Both_streams_go_on_side_by_side_until_half_close()
    {
        await using var server = await TestServer.StartAsync(Echo);
        await using var call = server.Channel.Duplex(Duplex);
        for (int i = 0; i < 100; i++)
        {
            await call.WriteAsync(Text($"{i}")).Happens();
            Assert.Equal($"{i}", (await call.ReadAsync().Happens())?.Value);
        }
        await call.CompleteAsync();

        Assert.Null(await call.ReadAsync().Happens());
        Assert.Null(await call.ReadAsync().Happens());
        Assert.Equal(GrpcStatus.Ok, call.Status);
        await Assert.ThrowsAsync<GrpcException>(() => call.WriteAsync(Text("late")).AsTask());
    }

    [Fact]
    public async Task Half_close_is_null_to_the_handler_ever_after()
    {
        await using var server = await TestServer.StartAsync(OfDuplex(async (requests, responses, _) =>
        {
            Assert.Null(await requests.ReadAsync());
            Assert.Null(await requests.ReadAsync());
            await responses.WriteAsync(Text("end"));
        }));
        await using var call = server.Channel.Duplex(Duplex);
        await call.CompleteAsync();
        Assert.Equal(["end"], await Texts(call.ReadAllAsync()));
        await Assert.ThrowsAsync<GrpcException>(() => call.WriteAsync(Text("late")).AsTask());
    }

    [Fact]
    public async Task A_write_after_half_close_is_refused()
    {
        await using var server = await TestServer.StartAsync(Echo);
        await using var call = server.Channel.Duplex(Duplex);
        await call.CompleteAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.WriteAsync(Text("late")).AsTask());
    }

    [Fact]
    public async Task A_write_after_the_server_ended_the_call_throws_its_status_and_the_responses_stay_to_be_read()
    {
        await using var server = await TestServer.StartAsync(OfDuplex(async (requests, responses, _) =>
        {
            await requests.ReadAsync();
            for (int i = 0; i < 10; i++) await responses.WriteAsync(Text($"{i}"));
            throw new GrpcException(GrpcStatusCode.ResourceExhausted, "enough");
        }));
        await using var call = server.Channel.Duplex(Duplex);

        // Nobody reads; sooner or later the client learns that nobody listens either.
        var failure = await Task.Run(async () =>
        {
            while (true) await call.WriteAsync(Text("more"));
        }).Fails();
        Assert.Equal(new(GrpcStatusCode.ResourceExhausted, "enough"), failure.Status);

        for (int i = 0; i < 10; i++) Assert.Equal($"{i}", (await call.ReadAsync().Happens())?.Value);
        Assert.Equal("enough", (await call.ReadAsync().Fails()).Status.Detail);
        Assert.Equal("enough", (await call.ReadAsync().Fails()).Status.Detail);
        Assert.Equal("enough", (await call.WriteAsync(Text("more")).Fails()).Status.Detail);
    }

    [Fact]
    public async Task A_call_refused_at_once_fails_its_writes_and_its_reads()
    {
        await using var server = await TestServer.StartAsync(OfDuplex((_, _, _) => throw new GrpcException(GrpcStatusCode.PermissionDenied, "no")));
        await using var call = server.Channel.Duplex(Duplex);
        Assert.Equal("no", (await call.ReadAsync().Fails()).Status.Detail);
        Assert.Equal("no", (await call.WriteAsync(Text("")).Fails()).Status.Detail);
    }

    [Fact]
    public async Task A_slow_reader_holds_the_server_back_and_loses_nothing()
    {
        const int Messages = 400;
        int written = 0;
        var blocked = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(OfStream(async (_, responses, _) =>
        {
            var message = Text(new string('x', 64 * 1024));
            for (; written < Messages; written++)
            {
                var write = responses.WriteAsync(message);
                if (!write.IsCompleted) blocked.TrySetResult();
                await write;
            }
        }));
        await using var responses = server.Channel.ServerStreaming(Responses, Text("")).GetAsyncEnumerator();
        Assert.True(await responses.MoveNextAsync());
        await blocked.Task.Happens();
        // The first message may be read before its own write has returned.
        Assert.InRange(written, 0, Messages - 1);

        int read = 1;
        while (await responses.MoveNextAsync().Happens()) read++;
        Assert.Equal(Messages, read);
    }

    [Fact]
    public async Task A_stream_may_carry_more_than_Kestrels_limit_for_a_body()
    {
        await using var server = await TestServer.StartAsync(OfDuplex(async (requests, responses, _) =>
        {
            long bytes = 0;
            while (await requests.ReadAsync() is { } request) bytes += request.Value.Length;
            await responses.WriteAsync(Text($"{bytes}"));
        }));
        await using var call = server.Channel.Duplex(Duplex);
        for (int i = 0; i < 33; i++) await call.WriteAsync(Text(new string('x', 1_000_000))).Happens();
        await call.CompleteAsync();
        Assert.Equal("33000000", (await call.ReadAsync().Happens())?.Value);
    }

    [Fact]
    public async Task A_message_that_the_server_will_not_send_ends_the_stream_with_RESOURCE_EXHAUSTED()
    {
        await using var server = await TestServer.StartAsync(new GrpcServerOptions { MaxSendMessageBytes = 100 }, Echo);
        await using var call = server.Channel.Duplex(Duplex);
        await call.WriteAsync(Text(new string('x', 50)));
        Assert.NotNull(await call.ReadAsync().Happens());
        await call.WriteAsync(Text(new string('x', 101)));
        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await call.ReadAsync().Fails()).Status.Code);
    }

    [Fact]
    public async Task A_serialised_message_above_the_limit_ends_the_stream_likewise_and_is_not_sent()
    {
        await using var server = await TestServer.StartAsync(new GrpcServerOptions { MaxSendMessageBytes = 100 }, OfStream((_, responses, _) =>
        {
            responses.WriteSerialized(new byte[101]);
            return Task.CompletedTask;
        }));
        var stream = server.Channel.ServerStreaming(Responses, Text(""));
        await using var responses = stream.GetAsyncEnumerator();
        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await responses.MoveNextAsync().Fails()).Status.Code);
    }

    [Fact]
    public async Task Responses_can_be_enumerated_once()
    {
        await using var server = await TestServer.StartAsync(Echo);
        var stream = server.Channel.ServerStreaming(Responses, Text("a"));
        await Texts(stream);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Texts(stream));
    }

    internal static async Task<List<string>> Texts(IAsyncEnumerable<Google.Protobuf.WellKnownTypes.StringValue> responses)
    {
        var texts = new List<string>();
        await foreach (var response in responses) texts.Add(response.Value);
        return texts;
    }
}

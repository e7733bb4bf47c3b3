using static Macp.Grpc.Tests.Methods;

namespace Macp.Grpc.Tests.Interop;

/// <summary>Both sides against grpcio, an implementation that shares nothing with this one.</summary>
public sealed class GrpcioTests
{
    [GrpcioFact]
    public async Task A_grpcio_client_is_served()
    {
        var cancelled = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(ServiceFor(cancelled));
        await using var client = new PythonScript("grpcio_client.py", server.Address.Authority);
        var found = await client.FindingsAsync();

        Assert.Equal("hello", found["unary"]);
        Assert.Equal("a", found["initial"]);
        Assert.Equal(@"b'\x00\xff\x01'", found["trailing"]);
        Assert.Equal("1000000", found["large"]);
        Assert.Equal("stream", found["stream"]);
        Assert.Equal("[]", found["empty"]);
        Assert.Equal("['one', 'two', 'three']", found["duplex"]);
        Assert.Equal(@"ALREADY_EXISTS '50% \xfcber \U0001f642'", found["error"]);
        Assert.Equal(@"OUT_OF_RANGE 'after one'", found["stream_error"]);
        Assert.StartsWith("UNIMPLEMENTED", found["unimplemented"]);
        Assert.StartsWith("UNIMPLEMENTED", found["compressed"]);
        Assert.StartsWith("DEADLINE_EXCEEDED", found["deadline"]);
        Assert.StartsWith("DEADLINE_EXCEEDED", found["duplex_deadline"]);
        Assert.StartsWith("CANCELLED", found["cancel"]);
        Assert.Equal("yes", found["seen"]);
        Assert.Empty(server.Logs.Entries);
    }

    [GrpcioFact]
    public async Task A_grpcio_server_is_called()
    {
        await using var server = new PythonScript("grpcio_server.py");
        var port = await server.ReadLineAsync().Happens();
        using var channel = new GrpcChannel(new() { Address = new Uri($"http://127.0.0.1:{port}") });

        var response = await channel.UnaryResponseAsync(Unary, Text("hello"), new() { Metadata = new() { { "x-text", "there" } } }).Happens();
        Assert.Equal("hello", response.Message.Value);
        Assert.Equal("there", response.Headers.Get("x-text"));
        Assert.Equal(1_000_000, (await channel.UnaryAsync(Unary, Text(new string('x', 1_000_000))).Happens()).Value.Length);
        Assert.Equal(["a", "a", "a"], await StreamingTests.Texts(channel.ServerStreaming(Responses, Text("a"))).Happens());

        var failure = await channel.UnaryAsync(Unary, Text("fail")).Fails();
        Assert.Equal(new(GrpcStatusCode.AlreadyExists, "50% über 🙂"), failure.Status);
        Assert.Equal("because", failure.Trailers.Get("x-reason"));
        Assert.Equal([0, 255], failure.Trailers.GetBytes("x-data-bin"));
        Assert.Equal("after three", (await StreamingTests.Texts(channel.ServerStreaming(Responses, Text("fail"))).Fails()).Status.Detail);
        Assert.Equal(GrpcStatusCode.Unimplemented, (await channel.UnaryAsync(Of("Absent"), Text("")).Fails()).Status.Code);

        var soon = new GrpcCallOptions { Timeout = TimeSpan.FromMilliseconds(200) };
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, (await channel.UnaryAsync(Unary, Text("wait"), soon).Fails()).Status.Code);
    }

    [GrpcioFact]
    public async Task A_grpcio_server_streams_both_ways_and_sees_a_cancellation()
    {
        await using var server = new PythonScript("grpcio_server.py");
        var port = await server.ReadLineAsync().Happens();
        using var channel = new GrpcChannel(new() { Address = new Uri($"http://127.0.0.1:{port}") });

        await using (var call = channel.Duplex(Duplex))
        {
            for (int i = 0; i < 20; i++)
            {
                await call.WriteAsync(Text($"{i}")).Happens();
                Assert.Equal($"{i}", (await call.ReadAsync().Happens())?.Value);
            }
            await call.CompleteAsync();
            Assert.Null(await call.ReadAsync().Happens());
        }

        await foreach (var _ in channel.ServerStreaming(Responses, Text("endless"))) break;
        Assert.Equal("cancelled?", (await channel.UnaryAsync(Unary, Text("cancelled?")).Happens()).Value);
    }

    static GrpcService ServiceFor(TaskCompletionSource cancelled) => new GrpcService(Service)
        .Unary(Unary, async (request, call) =>
        {
            if (request.Value == "fail") throw new GrpcException(GrpcStatusCode.AlreadyExists, "50% über 🙂");
            if (request.Value == "wait") await Task.Delay(Timeout.Infinite, call.CancellationToken);
            if (request.Value == "cancelled?") return Text(await cancelled.Task.ContinueWith(_ => "yes"));
            foreach (var entry in call.RequestHeaders.GetAll("x-text")) call.ResponseHeaders.Add(entry.Key, entry.Value);
            foreach (var entry in call.RequestHeaders.GetAll("x-data-bin")) call.ResponseTrailers.Add(entry.Key, entry.Bytes);
            return request;
        })
        .ServerStreaming(Responses, async (request, responses, call) =>
        {
            foreach (char c in request.Value is "wait" or "fail" ? "1" : request.Value) await responses.WriteAsync(Text(c.ToString()));
            if (request.Value == "fail") throw new GrpcException(GrpcStatusCode.OutOfRange, "after one");
            if (request.Value != "wait") return;

            using var registration = call.CancellationToken.Register(cancelled.SetResult);
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        })
        .Duplex(Duplex, async (requests, responses, call) =>
        {
            while (await requests.ReadAsync() is { } request)
            {
                if (request.Value == "wait") await Task.Delay(Timeout.Infinite, call.CancellationToken);
                await responses.WriteAsync(request);
            }
        });
}

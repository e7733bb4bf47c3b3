using System.Collections.Concurrent;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using static Macp.Grpc.Tests.Methods;

namespace Macp.Grpc.Tests;

/// <summary>How many calls of one connection are worked on at a time.</summary>
public sealed class ConnectionPlacesTests : IAsyncDisposable
{
    readonly FakeTime _time = new();
    readonly ConcurrentQueue<string> _entered = [];
    readonly ConcurrentDictionary<string, TaskCompletionSource> _released = [];
    TestServer _server = null!;

    [Fact]
    public async Task Further_calls_wait_for_their_turn_in_order()
    {
        int begun = 0;
        // Whose request is there works or waits as soon as it is begun; what is still on its way could be overtaken.
        await StartAsync(places: 2, next => async context =>
        {
            await WholeRequestAsync(context.Request.BodyReader);
            var call = next(context);
            Interlocked.Increment(ref begun);
            await call;
        });
        var calls = new List<Task>();
        foreach (string name in new[] { "a", "b", "c", "d", "e" })
        {
            calls.Add(CallAsync(name));
            await Soon.Comes(() => Volatile.Read(ref begun) == calls.Count);
        }
        await EnteredAsync("a b");

        Release("b");
        await EnteredAsync("a b c");
        Release("a");
        await EnteredAsync("a b c d");
        Release("c", "d", "e");
        await Task.WhenAll(calls).Happens();
        await EnteredAsync("a b c d e");
    }

    [Fact]
    public async Task Another_connection_has_places_of_its_own()
    {
        await StartAsync(places: 1);
        var first = CallAsync("a");
        await EnteredAsync("a");
        var second = CallAsync("b");
        await _time.HasAsync(2);
        using var other = new GrpcChannel(new() { Address = _server.Address });
        Release("c");
        Assert.Equal("c", (await other.UnaryAsync(Unary, Text("c")).Happens()).Value);
        await EnteredAsync("a c");
        Release("a", "b");
        await Task.WhenAll(first, second).Happens();
    }

    [Fact]
    public async Task A_call_that_gives_up_waiting_frees_its_place_in_the_queue()
    {
        await StartAsync(places: 1);
        var first = CallAsync("a");
        await EnteredAsync("a");
        using var source = new CancellationTokenSource();
        var second = _server.Channel.UnaryAsync(Unary, Text("b"), null, source.Token);
        await _time.HasAsync(2);
        var third = CallAsync("c");
        await _time.HasAsync(3);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.Happens());
        await _time.HasAsync(2);

        Release("a", "c");
        await Task.WhenAll(first, third).Happens();
        await EnteredAsync("a c");
        Release("d");
        await CallAsync("d").Happens(); // the one place is free again
    }

    [Theory]
    [InlineData(10, 10, "The deadline has passed.")]
    [InlineData(null, 30, "The server's limit of 30 seconds for a request has passed.")]
    public async Task The_time_of_a_call_that_waits_runs(int? deadline, int passing, string text)
    {
        await StartAsync(places: 1);
        var first = CallAsync("a");
        await EnteredAsync("a");
        _time.Advance(TimeSpan.FromSeconds(1));
        var second = _server.Channel.UnaryAsync(Unary, Text("b"), new() { Timeout = deadline is { } seconds ? TimeSpan.FromSeconds(seconds) : null });
        await _time.HasAsync(2);
        _time.Advance(TimeSpan.FromSeconds(passing));
        Assert.Equal(new(GrpcStatusCode.DeadlineExceeded, text), (await second.Fails()).Status);
        Release("a");
        await Record.ExceptionAsync(() => first.Happens());
        await EnteredAsync("a"); // it was never worked on
    }

    [Theory]
    [InlineData("Responses")]
    [InlineData("Duplex")]
    public async Task A_stream_counts_until_it_has_sent_its_headers(string method)
    {
        await StartAsync(places: 1);
        await using var stream = _server.Channel.Duplex(Of(method));
        await stream.WriteAsync(Text("open"));
        if (method == "Responses") await stream.CompleteAsync();
        await EnteredAsync("open");
        var next = CallAsync("a");
        await _time.HasAsync(1);
        Release("a");
        await EnteredAsync("open"); // the other waits

        Release("open");
        await stream.ResponseHeadersAsync().Happens();
        await next.Happens();
        await using var second = _server.Channel.Duplex(Of(method)); // and two open streams are not too many
        Release("again");
        await second.WriteAsync(Text("again"));
        if (method == "Responses") await second.CompleteAsync();
        await second.ResponseHeadersAsync().Happens();
        Release("end");
    }

    [Fact]
    public async Task A_call_that_ends_badly_frees_its_place_too()
    {
        _server = await TestServer.StartAsync(new GrpcServerOptions { MaxConcurrentCallsPerConnection = 1 }, new GrpcService(Service)
            .Unary(Unary, (request, _) => request.Value == "bad" ? throw new GrpcException(GrpcStatusCode.NotFound, "") : new(request))
            .ServerStreaming(Responses, (_, _, _) => throw new GrpcException(GrpcStatusCode.NotFound, "")));
        await _server.Channel.UnaryAsync(Unary, Text("bad")).Fails();
        await StreamingTests.Texts(_server.Channel.ServerStreaming(Responses, Text(""))).Fails();
        Assert.Equal("good", (await _server.Channel.UnaryAsync(Unary, Text("good")).Happens()).Value);
    }

    [Theory]
    [InlineData("Unary")]
    [InlineData("Responses")]
    public async Task A_call_whose_request_is_not_there_yet_takes_no_place(string method)
    {
        await StartAsync(places: 1);
        await using var silent = _server.Channel.Duplex(Of(method));
        await _time.HasAsync(1);
        Release("a");
        await CallAsync("a").Happens();
        await EnteredAsync("a");
    }

    [Fact]
    public async Task Large_requests_that_wait_do_not_keep_the_connection_from_those_that_are_worked_on()
    {
        _server = await TestServer.StartAsync(new GrpcServerOptions { MaxConcurrentCallsPerConnection = 2 }, new GrpcService(Service).Unary(Unary, (request, _) => new(request)));
        string large = new('x', 200_000); // fifty are ten times the window of a connection
        var calls = Enumerable.Range(0, 50).Select(_ => _server.Channel.UnaryAsync(Unary, Text(large)));
        Assert.All(await Task.WhenAll(calls).Happens(), response => Assert.Equal(large.Length, response.Value.Length));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    async Task StartAsync(int places, Func<RequestDelegate, RequestDelegate>? around = null)
    {
        var options = new GrpcServerOptions { TimeProvider = _time, RequestTimeout = TimeSpan.FromSeconds(30), MaxConcurrentCallsPerConnection = places };
        var service = new GrpcService(Service)
            .Unary(Unary, async (request, _) =>
            {
                await EnterAsync(request.Value);
                return request;
            })
            .ServerStreaming(Responses, (request, responses, _) => OpenAsync(request.Value, responses))
            .Duplex(Duplex, async (requests, responses, _) => await OpenAsync((await requests.ReadAsync())!.Value, responses));
        _server = await TestServer.StartAsync(app => app.Use(around ?? (next => next)).UseGrpc(options, service));
    }

    static async Task WholeRequestAsync(PipeReader body)
    {
        for (bool isWhole = false; !isWhole;)
        {
            var read = await body.ReadAsync();
            isWhole = read.IsCompleted;
            body.AdvanceTo(read.Buffer.Start, isWhole ? read.Buffer.Start : read.Buffer.End);
        }
    }

    async Task OpenAsync(string name, IGrpcStreamWriter<Google.Protobuf.WellKnownTypes.StringValue> responses)
    {
        await EnterAsync(name);
        await responses.FlushAsync();
        await Gate("end").Task;
    }

    Task EnterAsync(string name)
    {
        _entered.Enqueue(name);
        return Gate(name).Task;
    }

    TaskCompletionSource Gate(string name) => _released.GetOrAdd(name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    void Release(params string[] names)
    {
        foreach (string name in names) Gate(name).TrySetResult();
    }

    Task CallAsync(string name) => _server.Channel.UnaryAsync(Unary, Text(name));

    /// <summary>These are worked on, or were, and no others.</summary>
    async Task EnteredAsync(string names)
    {
        await Soon.Comes(() => _entered.Count >= names.Split(' ').Length);
        Assert.Equal(names, string.Join(' ', _entered));
    }
}

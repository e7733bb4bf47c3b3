using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Macp.Protocol;

namespace Macp.Client.Tests;

/// <summary>A runtime that is down, slow, or refuses: each has its exception, and nothing hangs.</summary>
public class WeatherTests
{
    static readonly MacpAuth Alice = MacpAuth.DevAgent("alice");
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_runtime_that_is_down_is_unavailable_for_every_kind_of_call()
    {
        using var reserved = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        reserved.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // Nobody listens, and nobody else comes to.
        await using var client = new MacpClient(new() { Endpoint = new($"http://{reserved.LocalEndPoint}"), AllowInsecure = true, Auth = Alice });

        await AssertUnavailableAsync(() => client.InitializeAsync());
        await AssertUnavailableAsync(() => client.SendAsync(Notes.Note("s", "alice", "x")));
        await AssertUnavailableAsync(async () => { await foreach (var _ in client.WatchSignalsAsync()) { } });
        await using var stream = await client.OpenStreamAsync();
        await AssertUnavailableAsync(async () => await stream.ReadAsync());
    }

    [Fact]
    public async Task A_runtime_that_does_not_finish_the_handshake_is_unavailable_after_the_connect_timeout()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var client = new MacpClient(new() { Endpoint = new($"https://{silent.LocalEndpoint}"), ConnectTimeout = TimeSpan.FromMilliseconds(200) });

        await AssertUnavailableAsync(() => client.InitializeAsync());
    }

    [Fact]
    public async Task A_runtime_that_never_answers_runs_into_the_deadline()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var client = new MacpClient(new() { Endpoint = new($"http://{silent.LocalEndpoint}"), AllowInsecure = true, Auth = Alice, DefaultTimeout = TimeSpan.FromMilliseconds(200) });

        await Assert.ThrowsAsync<MacpTimeoutException>(() => client.InitializeAsync().WaitAsync(Patience));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_cancelled_call_has_its_callers_token_whatever_it_waits_for(bool beforehand)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var client = new MacpClient(new() { Endpoint = new($"http://{silent.LocalEndpoint}"), AllowInsecure = true, Auth = Alice });
        using var source = new CancellationTokenSource();
        if (beforehand) await source.CancelAsync();
        else source.CancelAfter(100);

        foreach (Func<Task> call in (Func<Task>[])[() => client.InitializeAsync(null, source.Token), () => client.SendAsync(Notes.Note("s", "alice", "x"), null, source.Token)])
            Assert.Equal(source.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call().WaitAsync(Patience))).CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => { await foreach (var _ in client.WatchSignalsAsync(null, source.Token)) { } });
    }

    public static TheoryData<string> Codes => [.. ErrorCode.All.Select(code => code.Value), "NEWER_THAN_THIS_CLIENT"];

    [Theory, MemberData(nameof(Codes))]
    public async Task A_nack_of_every_code_is_thrown_with_it(string code)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnSend = (r, _) => new(FakeRuntime.Refuse(r.Envelope, code, "no"));
        runtime.OnResume = (r, _) => new(new ResumeSessionResponse { Ack = FakeRuntime.Refuse(new() { SessionId = r.SessionId }, code, "no").Ack });

        foreach (Func<Task> call in (Func<Task>[])[() => client.SendAsync(Notes.Note("s", "alice", "x")), () => client.ResumeSessionAsync("s")])
        {
            var e = await Assert.ThrowsAsync<MacpNackException>(call);
            Assert.Equal((code, $"{code}: no", "s", code is "RATE_LIMITED" or "INTERNAL_ERROR"), (e.Code.Value, e.Message, e.Error.SessionId, e.IsTransient));
        }
    }

    [Fact]
    public async Task The_ack_of_another_message_is_no_answer()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice, o => o with { Retry = MacpRetryPolicy.Default });
        runtime.OnSend = (r, _) => new(FakeRuntime.Accept(new() { MessageId = "another", SessionId = r.Envelope.SessionId }));

        Assert.Contains("'another'", (await Assert.ThrowsAsync<MacpProtocolException>(() => client.SendAsync(Notes.Note("s", "alice", "x")))).Message);
        Assert.Single(runtime.Sent);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_client_that_is_disposed_during_calls_ends_them(bool ownHandler)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        using var handler = new SocketsHttpHandler();
        var client = runtime.Connect(Alice, o => o with { HttpMessageHandler = ownHandler ? null : handler });
        using var arrived = new SemaphoreSlim(0);
        runtime.OnSend = async (request, call) =>
        {
            arrived.Release();
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            throw new UnreachableException();
        };
        runtime.OnWatchSignals = async (_, call) =>
        {
            arrived.Release();
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        };
        var sending = client.SendAsync(Notes.Note("s", "alice", "x"));
        var watching = client.WatchSignalsAsync().GetAsyncEnumerator();
        var next = watching.MoveNextAsync().AsTask();
        for (int i = 0; i < 2; i++) Assert.True(await arrived.WaitAsync(Patience));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.DisposeAsync().AsTask()));

        Assert.Contains("closed", (await Assert.ThrowsAsync<MacpException>(() => sending.WaitAsync(Patience))).Message);
        Assert.Contains("closed", (await Assert.ThrowsAsync<MacpException>(() => next.WaitAsync(Patience))).Message);
        await watching.DisposeAsync();
    }

    static async Task AssertUnavailableAsync(Func<Task> call)
    {
        var e = await Assert.ThrowsAsync<MacpTransportException>(() => call().WaitAsync(Patience));
        Assert.Equal(("UNAVAILABLE", true), (e.StatusName, e.IsTransient));
    }
}

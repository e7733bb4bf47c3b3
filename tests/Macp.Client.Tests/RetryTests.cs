using Macp.Grpc;
using Macp.Protocol;

namespace Macp.Client.Tests;

public class RetryTests
{
    static readonly MacpAuth Alice = MacpAuth.DevAgent("alice");

    static readonly MacpRetryPolicy Steady = MacpRetryPolicy.Default with { Jitter = 0 };

    readonly HastyTime _time = new();

    [Fact]
    public async Task A_transient_nack_is_retried_with_the_same_message_after_doubling_waits()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        runtime.OnSend = (r, _) => ValueTask.FromResult(runtime.Sent.Count < 4 ? FakeRuntime.Refuse(r.Envelope, "INTERNAL_ERROR") : FakeRuntime.Accept(r.Envelope));
        var session = new NoteSession(client);

        Assert.True((await session.NoteAsync("persistent")).Ok);

        Assert.Equal([0.1, 0.2, 0.4], _time.Waits.Select(w => w.TotalSeconds));
        Assert.Equal(4, runtime.Sent.Count);
        Assert.Single(runtime.Sent.Distinct());
        Assert.Equal(["alice: persistent"], session.Projection.Notes);
    }

    [Fact]
    public async Task When_the_retries_are_used_up_the_last_failure_is_inside()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        runtime.OnSend = (r, _) => ValueTask.FromResult(FakeRuntime.Refuse(r.Envelope, "INTERNAL_ERROR", "disk"));

        var e = await Assert.ThrowsAsync<MacpRetryException>(() => client.SendAsync(Notes.Note("s", "alice", "x")));

        Assert.Equal((4, true), (e.Attempts, e.IsTransient));
        Assert.Equal(ErrorCode.InternalError, Assert.IsType<MacpNackException>(e.InnerException).Code);
        Assert.Equal(3, _time.Waits.Count);
    }

    [Fact]
    public async Task A_caller_who_wants_nacks_returned_gets_the_last_one()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        runtime.OnSend = (r, _) => ValueTask.FromResult(FakeRuntime.Refuse(r.Envelope, "RATE_LIMITED"));

        var ack = await client.SendAsync(Notes.Note("s", "alice", "x"), new() { ThrowOnNack = false });

        Assert.Equal((false, ErrorCode.RateLimited, 4), (ack.Ok, ack.Error!.Code, runtime.Sent.Count));
    }

    public static TheoryData<string> Codes => [.. ErrorCode.All.Select(c => c.Value)];

    [Theory, MemberData(nameof(Codes))]
    public async Task Of_the_registrys_codes_exactly_two_are_retried(string code)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        runtime.OnSend = (r, _) => ValueTask.FromResult(FakeRuntime.Refuse(r.Envelope, code));

        await client.SendAsync(Notes.Note("s", "alice", "x"), new() { ThrowOnNack = false });

        Assert.Equal(code is "RATE_LIMITED" or "INTERNAL_ERROR" ? 4 : 1, runtime.Sent.Count);
    }

    public static TheoryData<GrpcStatusCode> Statuses => [.. Enum.GetValues<GrpcStatusCode>().Where(s => s is not GrpcStatusCode.Ok)];

    [Theory, MemberData(nameof(Statuses))]
    public async Task Of_the_transports_statuses_only_unavailable_is_retried(GrpcStatusCode status)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        runtime.OnSend = (_, _) => throw new GrpcException(status, "no");

        await Assert.ThrowsAnyAsync<MacpException>(() => client.SendAsync(Notes.Note("s", "alice", "x")));

        Assert.Equal(status is GrpcStatusCode.Unavailable ? 4 : 1, runtime.Sent.Count);
    }

    [Fact]
    public async Task What_arrived_at_first_is_a_duplicate_at_last_and_that_is_a_success()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        runtime.OnSend = (r, _) => runtime.Sent.Count == 1 ? throw new GrpcException(GrpcStatusCode.Unavailable, "lost the ack") : ValueTask.FromResult(FakeRuntime.Duplicate(r.Envelope));
        var session = new NoteSession(client);

        Assert.True((await session.NoteAsync("once")).Duplicate);
        Assert.Equal(["alice: once"], session.Projection.Notes);
    }

    [Fact]
    public async Task Nothing_is_retried_unless_a_policy_says_so_and_the_calls_counts_first()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var patient = Connect(runtime);
        await using var hasty = runtime.Connect(Alice, o => o with { TimeProvider = _time });
        runtime.OnSend = (r, _) => ValueTask.FromResult(FakeRuntime.Refuse(r.Envelope, "RATE_LIMITED"));

        await Assert.ThrowsAsync<MacpNackException>(() => hasty.SendAsync(Notes.Note("s", "alice", "x")));
        await Assert.ThrowsAsync<MacpNackException>(() => patient.SendAsync(Notes.Note("s", "alice", "x"), new() { Retry = MacpRetryPolicy.None }));
        Assert.Equal(2, runtime.Sent.Count);
        await Assert.ThrowsAsync<MacpRetryException>(() => hasty.SendAsync(Notes.Note("s", "alice", "x"), new() { Retry = new() { MaxRetries = 1 } }));
        Assert.Equal(4, runtime.Sent.Count);
    }

    [Fact]
    public async Task Reading_is_retried_and_changing_a_session_is_not()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        runtime.OnGetSession = (_, _) => throw new GrpcException(GrpcStatusCode.Unavailable, "no");
        runtime.OnSuspend = (_, _) => throw new GrpcException(GrpcStatusCode.Unavailable, "no");

        await Assert.ThrowsAsync<MacpRetryException>(() => client.GetSessionAsync("s"));
        await Assert.ThrowsAsync<MacpTransportException>(() => client.SuspendSessionAsync("s"));

        Assert.Equal(5, runtime.Requests.Count);
    }

    [Fact]
    public async Task A_limited_rate_is_waited_for_longer()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        runtime.OnSend = (r, _) => ValueTask.FromResult(runtime.Sent.Count < 4 ? FakeRuntime.Refuse(r.Envelope, "RATE_LIMITED") : FakeRuntime.Accept(r.Envelope));

        await client.SendAsync(Notes.Note("s", "alice", "x"));

        Assert.Equal([1, 2, 4], _time.Waits.Select(w => w.TotalSeconds));
        var limited = new MacpNackException(new MacpError(ErrorCode.RateLimited, ""));
        Assert.Equal(30, Steady.DelayBefore(10, limited).TotalSeconds);
        Assert.Equal(2, Steady.DelayBefore(10, new MacpTransportException(GrpcStatusCode.Unavailable, "")).TotalSeconds);
        Assert.Equal(2, (Steady with { CodeDelays = new Dictionary<ErrorCode, MacpRetryDelay>() }).DelayBefore(10, limited).TotalSeconds);
    }

    [Fact]
    public async Task A_wait_before_a_retry_ends_with_the_callers_token()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice, o => o with { Retry = Steady with { BaseDelay = TimeSpan.FromMinutes(5), MaxDelay = TimeSpan.FromMinutes(5) } });
        using var source = new CancellationTokenSource();
        runtime.OnSend = (r, _) =>
        {
            source.CancelAfter(50);
            return ValueTask.FromResult(FakeRuntime.Refuse(r.Envelope, "INTERNAL_ERROR"));
        };

        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.SendAsync(Notes.Note("s", "alice", "x"), null, source.Token));

        Assert.Equal(source.Token, e.CancellationToken);
        Assert.Single(runtime.Sent);
    }

    [Fact]
    public void The_policy_that_clients_share_leaves_a_fifth_to_chance()
    {
        Assert.Equal((3, 0.1, 2.0, 0.2), (MacpRetryPolicy.Default.MaxRetries, MacpRetryPolicy.Default.BaseDelay.TotalSeconds, MacpRetryPolicy.Default.MaxDelay.TotalSeconds, MacpRetryPolicy.Default.Jitter));
        Assert.Equal([ErrorCode.RateLimited, ErrorCode.InternalError], MacpRetryPolicy.Default.Codes);
        var waits = Enumerable.Range(0, 100).Select(_ => MacpRetryPolicy.Default.DelayBefore(0).TotalSeconds).ToList();
        Assert.All(waits, wait => Assert.InRange(wait, 0.08, 0.1));
        Assert.True(waits.Distinct().Count() > 1);
    }

    [Fact]
    public void Waits_double_up_to_the_longest_and_chance_only_shortens_them()
    {
        var policy = Steady;
        Assert.Equal([0.1, 0.2, 0.4, 0.8, 1.6, 2, 2], Enumerable.Range(0, 7).Select(r => policy.DelayBefore(r).TotalSeconds));
        Assert.Equal(2, policy.DelayBefore(int.MaxValue).TotalSeconds);
        // No timer takes more.
        Assert.InRange((policy with { MaxDelay = TimeSpan.MaxValue }).DelayBefore(int.MaxValue).TotalMilliseconds, 1, uint.MaxValue - 1);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.InRange((policy with { Jitter = 0.5 }).DelayBefore(1).TotalSeconds, 0.1, 0.2));
    }

    MacpClient Connect(FakeRuntime runtime) => runtime.Connect(Alice, o => o with { Retry = Steady, TimeProvider = _time });
}

using System.Collections.Concurrent;
using Macp.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Client.Tests;

/// <summary>Whoever leaves is let go, whatever the other side or the caller's own code is doing, and leaves nothing behind.</summary>
public class LeavingTests
{
    static readonly FollowOptions Quietly = new() { StateCheck = Timeout.InfiniteTimeSpan };

    readonly string _id = SessionIds.New();

    [Fact]
    public async Task Detaching_leaves_no_failure_that_nobody_observes()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(MacpAuth.DevAgent("alice"));
        ServeStart(runtime);
        var unobserved = new ConcurrentQueue<Exception>();
        EventHandler<UnobservedTaskExceptionEventArgs> note = (_, e) =>
        {
            // Tests run side by side: only a stream's own failure is this one's.
            if (e.Exception.ToString().Contains(nameof(MacpStream), StringComparison.Ordinal)) unobserved.Enqueue(e.Exception);
        };
        TaskScheduler.UnobservedTaskException += note;
        try
        {
            for (int i = 0; i < 5; i++) await AttachAndDetachAsync(client);
            for (int i = 0; i < 5; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                await Task.Delay(10);
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= note;
        }

        Assert.Empty(unobserved);
    }

    [Fact]
    public async Task A_token_provider_that_never_answers_holds_no_caller_that_has_left()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        var never = new TaskCompletionSource<string>();
        await using var client = runtime.Connect(MacpAuth.Bearer(_ => new(never.Task)));
        using var source = new CancellationTokenSource();

        var call = client.GetSessionAsync(_id, cancellationToken: source.Token);
        await source.CancelAsync();

        Assert.Equal(source.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Happens())).CancellationToken);
    }

    [Fact]
    public async Task A_token_provider_that_never_answers_holds_no_session_and_no_client_that_is_disposed()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        ServeStart(runtime);
        var never = new TaskCompletionSource<string>();
        var asked = new ConcurrentQueue<int>();
        await using var client = runtime.Connect(MacpAuth.Bearer(_ =>
        {
            asked.Enqueue(1);
            return new(never.Task);
        }));
        var session = new NoteSession(client, new() { SessionId = _id });
        var attaching = session.AttachAsync(Quietly);
        await Soon.Comes(() => asked.Count == 1, "the provider to be asked");
        await session.DisposeAsync().AsTask().Happens();
        await attaching.Happens();

        var call = client.GetSessionAsync(_id);
        await Soon.Comes(() => asked.Count == 2, "the provider to be asked again");
        await client.DisposeAsync();

        Assert.IsType<MacpException>(await Record.ExceptionAsync(() => call.Happens()));
    }

    [Fact]
    public async Task A_container_that_is_disposed_of_synchronously_closes_its_client()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        var services = new ServiceCollection();
        services.AddMacpClient(options => (options.Endpoint, options.AllowInsecure, options.Auth) = (runtime.Address, true, MacpAuth.DevAgent("alice")));
        var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<MacpClient>();

        provider.Dispose();

        await Assert.ThrowsAsync<MacpException>(() => client.ListModesAsync());
    }

    [Fact]
    public async Task Attaching_detaching_waiting_and_disposing_at_once_hangs_nobody()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        ServeStart(runtime);
        for (int round = 0; round < 60; round++)
        {
            await using var client = runtime.Connect(MacpAuth.DevAgent("alice"));
            var session = new NoteSession(client, new() { SessionId = _id });
            Task[] doings =
            [
                Task.Run(() => session.AttachAsync(Quietly)),
                Task.Run(async () => await session.DetachAsync()),
                Task.Run(() => session.WaitForAsync(p => p.IsCommitted)),
                Task.Run(async () => await session.Changes.CountAsync()),
                Task.Run(() => session.WaitForEndAsync()),
                Task.Run(() => session.AttachAsync(Quietly)),
                Task.Run(async () => await (round % 2 == 0 ? client.DisposeAsync() : session.DisposeAsync())),
            ];

            // Whoever came to attach last is still attached, and whoever waits is let go.
            await doings[0].ContinueWith(_ => { }, TaskScheduler.Default).Happens();
            await doings[5].ContinueWith(_ => { }, TaskScheduler.Default).Happens();
            await session.DisposeAsync().AsTask().Happens();
            foreach (var doing in doings)
            {
                var failure = await Record.ExceptionAsync(() => doing.Happens());
                Assert.True(failure is null or MacpException, $"round {round}: {failure}");
            }
            Assert.False(session.IsAttached);
        }
    }

    async Task AttachAndDetachAsync(MacpClient client)
    {
        var session = new NoteSession(client, new() { SessionId = _id });
        await session.AttachAsync(Quietly);
        await session.DisposeAsync();
    }

    void ServeStart(FakeRuntime runtime) => runtime.OnStream = async (requests, responses, call) =>
    {
        await requests.ReadAsync();
        await responses.WriteAsync(new() { Envelope = Notes.Start(_id, "bob", "alice", "bob") });
        await Task.Delay(Timeout.Infinite, call.CancellationToken);
    };
}

using Macp.Grpc;
using Macp.Runtime;

namespace Macp.Server.Tests;

/// <summary>What clients are told of a session that was removed after the time for which the host keeps finished ones (decisions 22 and 23).</summary>
public sealed class RetentionTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("macp-retention-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_session_that_was_removed_is_out_of_range_to_readers_not_open_to_senders_and_its_id_is_taken()
    {
        await using var runtime = await EndAsync(new() { HistoryRetention = TimeSpan.FromSeconds(7) }, out string session);
        Assert.Contains("SessionCancel", await runtime.TracesAsync(session), StringComparison.Ordinal);
        runtime.Time.Advance(TimeSpan.FromSeconds(8));
        await runtime.Host.Runtime.SweepAsync();
        string reason = await runtime.MetadataAsync(session).FailsWith(GrpcStatusCode.OutOfRange);
        Assert.StartsWith("HISTORY_UNAVAILABLE: ", reason, StringComparison.Ordinal);
        await using var stream = runtime.Stream("alice");
        await stream.SubscribeAsync(session, after: 1);
        Assert.Equal(reason, await stream.EndsWithAsync(GrpcStatusCode.OutOfRange));
        Assert.Equal(reason, await runtime.CancelAsync("ini", session).FailsWith(GrpcStatusCode.OutOfRange));
        Assert.Equal(reason, await runtime.SuspendAsync("ini", session).FailsWith(GrpcStatusCode.OutOfRange));
        Assert.Equal(reason, await runtime.ResumeAsync("ini", session).FailsWith(GrpcStatusCode.OutOfRange));
        await runtime.RefusesAsync("SESSION_NOT_OPEN", "alice", Envelopes.Proposal(session));
        await runtime.RefusesAsync("SESSION_ALREADY_EXISTS", "ini", Envelopes.Start(session));
        Assert.Equal([[]], await runtime.PagesAsync("ini", 0, ("macp-include-finished", "1")));
    }

    [Fact]
    public async Task Without_a_time_everything_is_kept()
    {
        await using var runtime = await EndAsync(new(), out string session);
        runtime.Time.Advance(TimeSpan.FromDays(1000));
        await runtime.Host.Runtime.SweepAsync();
        Assert.Contains("SessionStart", await runtime.TracesAsync(session), StringComparison.Ordinal);
    }

    /// <summary>A session that has ended, on the disk of a runtime that was started again.</summary>
    Task<TestRuntime> EndAsync(MacpRuntimeOptions options, out string session)
    {
        string id = session = Envelopes.NewSession();
        return EndedAsync();

        async Task<TestRuntime> EndedAsync()
        {
            await using (var runtime = await TestRuntime.StartAsync(options, data: _folder))
            {
                await runtime.AcceptsAsync("ini", Envelopes.Start(id));
                await runtime.CancelAsync("ini", id);
            }
            return await TestRuntime.StartAsync(options, data: _folder);
        }
    }
}

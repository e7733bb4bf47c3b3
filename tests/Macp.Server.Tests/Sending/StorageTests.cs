using Macp.Grpc;
using Macp.Runtime;
using Macp.Wire.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>What a client is told when the history cannot take a record: INTERNAL_ERROR, and nothing is kept (runtime-semantics 1.6, 1.7 and 10).</summary>
public sealed class StorageTests
{
    readonly LossyHistory _history = new();

    [Fact]
    public async Task A_start_that_is_not_stored_leaves_its_id_free()
    {
        await using var runtime = await StartAsync();
        string session = Envelopes.NewSession();
        _history.Loses = true;
        await runtime.RefusesAsync("INTERNAL_ERROR", "ini", Envelopes.Start(session, id: "s"));
        await runtime.MetadataAsync(session).FailsWith(GrpcStatusCode.NotFound);
        Assert.Equal([[]], await runtime.PagesAsync("ini"));

        _history.Loses = false;
        Assert.False((await runtime.AcceptsAsync("ini", Envelopes.Start(session, id: "s"))).Duplicate);
    }

    [Fact]
    public async Task A_message_that_is_not_stored_may_be_sent_again()
    {
        await using var runtime = await StartAsync();
        string session = await runtime.DeliberateAsync();
        string before = await runtime.TracesAsync(session);
        _history.Loses = true;
        await runtime.RefusesAsync("INTERNAL_ERROR", "alice", Envelopes.Evaluation(session, id: "m"));
        _history.Loses = false;
        Assert.Equal(before, await runtime.TracesAsync(session));
        Assert.False((await runtime.AcceptsAsync("alice", Envelopes.Evaluation(session, id: "m"))).Duplicate);
    }

    [Fact]
    public async Task On_a_stream_it_ends_the_stream_as_internal()
    {
        await using var runtime = await StartAsync();
        string session = await runtime.DeliberateAsync();
        await using var stream = runtime.Stream("alice");
        _history.Loses = true;
        await stream.SendAsync(Envelopes.Evaluation(session));
        Assert.StartsWith("INTERNAL_ERROR:", await stream.EndsWithAsync(GrpcStatusCode.Internal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Cancel")]
    [InlineData("Suspend")]
    [InlineData("Resume")]
    public async Task A_control_call_that_is_not_stored_is_a_nack_and_changes_nothing(string operation)
    {
        await using var runtime = await StartAsync();
        string session = await runtime.DeliberateAsync();
        if (operation is "Resume") await runtime.SuspendAsync("ini", session);
        string before = await runtime.TracesAsync(session);

        _history.Loses = true;
        var ack = await (operation switch
        {
            "Cancel" => runtime.CancelAsync("ini", session),
            "Suspend" => runtime.SuspendAsync("ini", session),
            _ => runtime.ResumeAsync("ini", session),
        });
        _history.Loses = false;

        Assert.Equal((false, "INTERNAL_ERROR", SessionState.Unspecified), (ack.Ok, ack.Error.Code, ack.SessionState));
        Assert.Equal(before, await runtime.TracesAsync(session));
    }

    [Fact]
    public async Task What_may_only_be_read_when_it_is_stored_is_told_as_internal()
    {
        await using var runtime = await StartAsync();
        string session = await runtime.OpenAsync(start => start.TtlMs = 30_000);
        _history.Loses = true;
        runtime.Time.Advance(TimeSpan.FromSeconds(31)); // the expiry is due, and whoever reads has to store it
        await runtime.MetadataAsync(session).FailsWith(GrpcStatusCode.Internal);
        await using var stream = runtime.Stream("alice");
        await stream.SubscribeAsync(session);
        await stream.EndsWithAsync(GrpcStatusCode.Internal);

        _history.Loses = false;
        Assert.Equal(SessionState.Expired, (await runtime.MetadataAsync(session)).State);
    }

    Task<TestRuntime> StartAsync() => TestRuntime.StartAsync(configure: services => services.AddSingleton<IHistory>(_history));
}

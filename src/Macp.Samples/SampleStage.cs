using System.Net;
using Macp.Client;
using Macp.Modes;
using Macp.Modes.MultiRound;
using Macp.Modes.Standard;
using Macp.Server;
using Macp.Wire.V1;
using Microsoft.Extensions.Logging;

namespace Macp.Samples;

/// <summary>What all samples stand on: a runtime, connections to it, and somebody who tells what happens.</summary>
sealed class SampleStage : IAsyncDisposable
{
    readonly MacpHost? _own;
    readonly TextWriter _output;
    readonly List<MacpClient> _clients = [];

    SampleStage(MacpHost? own, Uri endpoint, TextWriter output) => (_own, Endpoint, _output) = (own, endpoint, output);

    /// <summary>Agents that join may be there before the session is.</summary>
    public static FollowOptions Joining { get; } = new() { WaitForSession = TimeSpan.FromMinutes(1) };

    /// <summary>Where the runtime is.</summary>
    public Uri Endpoint { get; }

    /// <summary>Takes the runtime at the endpoint, or starts one in memory, on a free port of this machine.</summary>
    public static async Task<SampleStage> OpenAsync(Uri? endpoint, string? tokens, TextWriter output, CancellationToken cancellationToken)
    {
        if (endpoint is not null) return new(null, endpoint, output);
        var modes = new ModeCatalog().Add<DecisionMode>().Add<ProposalMode>().Add<TaskMode>().Add<HandoffMode>().Add<QuorumMode>().Add<MultiRoundMode>();
        var own = await MacpHost.StartAsync(modes, new()
        {
            Listen = new(IPAddress.Loopback, 0),
            AllowInsecure = true,
            Authentication = new() { TokensJson = tokens },
            LogLevel = LogLevel.Error,
            ShutdownDrain = TimeSpan.FromSeconds(2),
        }, cancellationToken: cancellationToken).ConfigureAwait(false);
        return new(own, own.Address, output);
    }

    /// <summary>A connection of an agent's own, by whose token a runtime in development mode knows it.</summary>
    public MacpClient Connect(string agent) => Connect(MacpAuth.DevAgent(agent));

    /// <summary>A connection of an agent's own.</summary>
    public MacpClient Connect(MacpAuth credential)
    {
        var client = new MacpClient(new() { Endpoint = Endpoint, AllowInsecure = true, Auth = credential });
        lock (_clients) _clients.Add(client);
        return client;
    }

    /// <summary>Lets agents run side by side until all are done. The first that fails ends the others.</summary>
    public static async Task PlayAsync(CancellationToken cancellationToken, params Func<CancellationToken, Task>[] agents)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> running = [.. agents.Select(agent => agent(ending.Token))];
        while (running.Count > 0)
        {
            var done = await Task.WhenAny(running).ConfigureAwait(false);
            running.Remove(done);
            if (done.IsCompletedSuccessfully) continue;
            await ending.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await done.ConfigureAwait(false);
        }
    }

    /// <summary>Says a line.</summary>
    public Task TellAsync(string line) => _output.WriteLineAsync(line);

    /// <summary>Reads a session to its end, and tells who said what in it, which phase that led to, and the outcome.</summary>
    /// <exception cref="MacpException">The session did not come to this end.</exception>
    public async Task NarrateAsync(IModeSession session, CancellationToken cancellationToken, SessionState end = SessionState.Resolved)
    {
        await using var following = session;
        await session.AttachAsync(Joining, cancellationToken: cancellationToken).ConfigureAwait(false);
        CommitmentPayload? outcome = null;
        await foreach (var change in session.Changes.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            string phase = change.IsPhaseChange ? $"  [{change.PhaseBefore} -> {change.Phase}]" : "";
            await TellAsync($"{change.Envelope.Sender,-10}  {change.Envelope.MessageType}{phase}").ConfigureAwait(false);
            if (change.Envelope.MessageType == "Commitment") outcome = CommitmentPayload.Parser.ParseFrom(change.Envelope.Payload);
        }
        if (session.State != end) throw new MacpException($"the session was to end as {end}, and it is {session.State}");
        await TellAsync(outcome is null ? $"{session.State}" : $"{session.State}: {outcome.Action}, {outcome.Reason}").ConfigureAwait(false);
    }

    /// <summary>Closes the connections, and the runtime where it was started here.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync().ConfigureAwait(false);
        if (_own is not null) await _own.DisposeAsync().ConfigureAwait(false);
    }
}

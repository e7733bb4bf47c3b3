using System.Text.Json.Nodes;
using Macp.Client;
using Macp.Modes;

namespace Macp.Testing;

/// <summary>Checks a runtime against fixtures and hash vectors, one at a time.</summary>
public sealed class Conformance : IAsyncDisposable
{
    readonly ModeCatalog _modes;
    readonly FixtureRunner _runner;
    readonly MacpClient _client;
    readonly MacpNegotiation _runtime;

    Conformance(ModeCatalog modes, Uri endpoint, MacpClient client, MacpNegotiation runtime) =>
        (_modes, _runner, _client, _runtime) = (modes, new(modes, endpoint), client, runtime);

    /// <summary>Asks a runtime what it hosts.</summary>
    /// <param name="modes">The modes whose payloads and states are known here.</param>
    /// <param name="endpoint">The runtime; it authenticates as in development.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="MacpException">The runtime cannot be reached.</exception>
    public static async Task<Conformance> ConnectAsync(ModeCatalog modes, Uri endpoint, CancellationToken cancellationToken = default)
    {
        var client = new MacpClient(new() { Endpoint = endpoint, AllowInsecure = true, Auth = MacpAuth.DevAgent("conformance") });
        try
        {
            return new(modes, endpoint, client, await client.InitializeAsync(null, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Checks one fixture or vector.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="json">Its content.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What it came to. A fixture that cannot be used or played fails with the reason.</returns>
    public async Task<CheckResult> CheckAsync(string name, JsonObject json, CancellationToken cancellationToken = default)
    {
        try
        {
            return HashVector.IsVector(json)
                ? HashVector.Parse(name, json).Check() is { } differs ? CheckResult.Fail(differs) : CheckResult.Pass
                : await CheckAsync(FixtureReader.Parse(name, json), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FixtureException or MacpException)
        {
            return CheckResult.Fail(e.Message);
        }
    }

    /// <summary>Closes the connection.</summary>
    public ValueTask DisposeAsync() => _client.DisposeAsync();

    async Task<CheckResult> CheckAsync(Fixture fixture, CancellationToken cancellationToken)
    {
        if (!_runtime.SupportedModes.Contains(fixture.Mode)) return CheckResult.Skip($"mode {fixture.Mode} is not hosted");
        if (_modes.Find(fixture.Mode, fixture.ModeVersion) is null) return CheckResult.Skip($"mode {fixture.Mode} {fixture.ModeVersion} is not known here");
        if (fixture.Policy is not null && _runtime.Capabilities.PolicyRegistry is not { RegisterPolicy: true })
            return CheckResult.Skip("it binds a policy of its own, and the runtime registers none");

        FixtureEvent? last = null;
        await foreach (var happened in _runner.PlayAsync(fixture, cancellationToken).ConfigureAwait(false)) last = happened;
        var failures = ((FixtureEvent.Finished)last!).Failures;
        return failures.Count == 0 ? CheckResult.Pass : CheckResult.Fail(string.Join("; ", failures));
    }
}

/// <summary>What checking a fixture or vector came to.</summary>
/// <param name="Verdict">Whether it passed.</param>
/// <param name="Reason">Why it did not; empty when it did.</param>
public sealed record CheckResult(CheckVerdict Verdict, string Reason)
{
    /// <summary>Everything held.</summary>
    public static CheckResult Pass { get; } = new(CheckVerdict.Pass, "");

    /// <summary>Something did not hold.</summary>
    public static CheckResult Fail(string reason) => new(CheckVerdict.Fail, reason);

    /// <summary>It was not played.</summary>
    public static CheckResult Skip(string reason) => new(CheckVerdict.Skip, reason);
}

/// <summary>Whether a check passed.</summary>
public enum CheckVerdict
{
    /// <summary>Everything held.</summary>
    Pass,

    /// <summary>Something did not hold.</summary>
    Fail,

    /// <summary>It was not played.</summary>
    Skip,
}

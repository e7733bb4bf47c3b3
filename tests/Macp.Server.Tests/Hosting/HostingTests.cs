using System.Net;
using Macp.Grpc;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Server.Authentication;
using Macp.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>A server of its own: what it does not start with, and what it lives beside and through.</summary>
public sealed class HostingTests
{
    static readonly MacpServerOptions Insecure = new() { AllowInsecure = true, Listen = new(IPAddress.Loopback, 0) };

    static ModeCatalog Modes => new ModeCatalog().Add<DecisionMode>();

    [Fact]
    public async Task A_host_does_not_start_without_authentication() =>
        Assert.Contains("no authentication configured", (await Assert.ThrowsAsync<MacpConfigurationException>(() => MacpHost.StartAsync(Modes))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task An_address_in_use_is_told()
    {
        await using var host = await MacpHost.StartAsync(Modes, Insecure);
        await Assert.ThrowsAsync<IOException>(() => MacpHost.StartAsync(Modes, Insecure with { Listen = new(IPAddress.Loopback, host.Address.Port) }));
    }

    [Fact]
    public async Task Two_hosts_of_one_process_know_nothing_of_each_other()
    {
        await using var one = await TestRuntime.StartAsync();
        await using var two = await TestRuntime.StartAsync();
        string session = await one.OpenAsync();
        await two.RefusesAsync("SESSION_NOT_FOUND", "alice", Envelopes.Proposal(session));
    }

    [Fact]
    public async Task A_thing_that_the_authenticator_throws_fails_the_call_and_not_the_server()
    {
        await using var runtime = await TestRuntime.StartAsync(configure: services => services.AddSingleton<IAuthenticator, Broken>());
        await runtime.Channel.UnaryAsync(Rpc.Send, new() { Envelope = Envelopes.Start(Envelopes.NewSession()) }).FailsWith(GrpcStatusCode.Unknown);
        Assert.Single((await runtime.Channel.UnaryAsync(Rpc.ListModes, new())).Modes);
    }

    sealed class Broken : IAuthenticator
    {
        public ValueTask<Identity?> AuthenticateAsync(GrpcServerCall call) => throw new InvalidOperationException("secret");
    }
}

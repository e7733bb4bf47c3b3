using System.Net;
using Macp.Grpc;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Server.Authentication;
using Macp.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>Starting, and living in another application.</summary>
public sealed class HostingTests
{
    static readonly MacpServerOptions Insecure = new() { AllowInsecure = true, Listen = new(IPAddress.Loopback, 0) };

    static ModeCatalog Modes => new ModeCatalog().Add<DecisionMode>();

    [Fact]
    public void Without_authentication_a_runtime_is_not_added_unless_that_is_allowed()
    {
        var refusal = Assert.Throws<MacpConfigurationException>(() => new ServiceCollection().AddMacpRuntime(Modes));
        Assert.Contains("no authentication configured", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--dev", refusal.Message, StringComparison.Ordinal);
        new ServiceCollection().AddMacpRuntime(Modes, Insecure);
        new ServiceCollection().AddSingleton<IAuthenticator, Anybody>().AddMacpRuntime(Modes);
    }

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
    public async Task The_runtime_works_beside_other_endpoints_of_an_application()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IAuthenticator, Anybody>().AddMacpRuntime(Modes);
        await using var app = builder.Build();
        app.UseMacpRuntime();
        app.MapGet("/hello", () => "hello");
        await app.StartAsync();
        var address = new Uri(app.Urls.Single());

        using var channel = new GrpcChannel(new() { Address = address });
        Assert.True((await channel.UnaryAsync(Rpc.Send, new() { Envelope = Envelopes.Start(Envelopes.NewSession()) })).Ack.Ok);
        using var http = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        Assert.Equal("hello", await http.GetStringAsync(new Uri(address, "/hello")));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(address, "/other"))).StatusCode);
        await app.StopAsync();
    }

    [Theory]
    [InlineData("192.0.2.7", false, false), InlineData("192.0.2.7", true, true), InlineData("127.0.0.1", false, true), InlineData("::ffff:127.0.0.1", false, true), InlineData("::1", false, true)]
    public async Task In_an_application_that_listens_elsewhere_development_identity_is_for_this_machine_too(string caller, bool isForced, bool isTaken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddMacpRuntime(Modes, Insecure with { AllowRemoteDevelopmentIdentity = isForced });
        await using var app = builder.Build();
        app.Use(next => context =>
        {
            context.Connection.RemoteIpAddress = IPAddress.Parse(caller);
            return next(context);
        });
        app.UseMacpRuntime();
        await app.StartAsync();
        using var channel = new GrpcChannel(new() { Address = new(app.Urls.Single()) });

        Assert.Equal(isTaken, (await channel.UnaryAsync(Rpc.Send, new() { Envelope = Envelopes.Start(Envelopes.NewSession()) }, Rpc.As("ini")).Happens()).Ack.Ok);

        await app.StopAsync();
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

    sealed class Anybody : IAuthenticator
    {
        public ValueTask<Identity?> AuthenticateAsync(GrpcServerCall call) => new(new Identity("anybody"));
    }

    sealed class Broken : IAuthenticator
    {
        public ValueTask<Identity?> AuthenticateAsync(GrpcServerCall call) => throw new InvalidOperationException("secret");
    }
}

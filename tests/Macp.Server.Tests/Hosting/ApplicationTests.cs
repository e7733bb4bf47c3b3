using System.Net;
using System.Text.Json;
using Macp.Grpc;
using Macp.Modes;
using Macp.Modes.MultiRound;
using Macp.Modes.Standard;
using Macp.Runtime;
using Macp.Server.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>A runtime within somebody's own ASP.NET Core application, beside its own endpoints.</summary>
public sealed class ApplicationTests
{
    static readonly MacpServerOptions Insecure = new() { AllowInsecure = true };

    [Fact]
    public async Task It_serves_beside_the_applications_own_endpoints()
    {
        await using var app = await StartAsync(services => services.AddMacpRuntime(Insecure).AddMode<DecisionMode>().AddMode<ProposalMode>(), app => app.MapGet("/hello", () => "hello"));
        using var channel = Channel(app);
        using var http = Http(app);

        Assert.True((await channel.UnaryAsync(Rpc.Send, new() { Envelope = Envelopes.Start(Envelopes.NewSession()) }, Rpc.As("ini"))).Ack.Ok);
        Assert.Equal(2, (await channel.UnaryAsync(Rpc.ListModes, new())).Modes.Count);
        Assert.Equal("hello", await http.GetStringAsync(new Uri("/hello", UriKind.Relative)));
        Assert.Equal(2, JsonDocument.Parse(await http.GetStringAsync(new Uri("/.well-known/macp.json", UriKind.Relative))).RootElement.GetProperty("supported_modes").GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri("/other", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task A_method_that_there_is_not_is_unimplemented_as_on_a_server_of_its_own()
    {
        await using var app = await StartAsync(services => services.AddMacpRuntime(Insecure));
        using var channel = Channel(app);

        var unknown = new GrpcMethod<Wire.V1.ListModesRequest, Wire.V1.ListModesResponse>("macp.v1.MACPRuntimeService", "Guess", Wire.V1.ListModesRequest.Parser, Wire.V1.ListModesResponse.Parser);
        await channel.UnaryAsync(unknown, new()).FailsWith(GrpcStatusCode.Unimplemented);
    }

    [Fact]
    public async Task Its_settings_are_those_of_the_applications_configuration()
    {
        await using var app = await StartAsync(
            services => services.AddMacpRuntime().AddMode<DecisionMode>(), configuration: new() { ["Macp:AllowInsecure"] = "true", ["Macp:MemoryOnly"] = "true", ["Macp:MessageLimitPerMinute"] = "1" });
        using var channel = Channel(app);
        string session = Envelopes.NewSession();

        Assert.True((await SendAsync(channel, "ini", Envelopes.Start(session))).Ok);
        Assert.True((await SendAsync(channel, "alice", Envelopes.Proposal(session))).Ok);
        Assert.Equal("RATE_LIMITED", (await SendAsync(channel, "alice", Envelopes.Proposal(session))).Error.Code);
    }

    [Theory]
    [InlineData("Macp:MaxPayloadBytes", "many", "Macp:MaxPayloadBytes must be a whole number from 1 to 2147483647; it is 'many'.")]
    [InlineData("Macp:MaxPayloadByte", "7", "Macp:MaxPayloadByte is no setting of the runtime")]
    [InlineData("MACP_BIND_ADDR", "here", "MACP_BIND_ADDR must be an IP address and a port")]
    public async Task A_setting_that_makes_no_sense_ends_its_start(string key, string value, string complaint)
    {
        var refusal = await Assert.ThrowsAsync<MacpConfigurationException>(() => StartAsync(services => services.AddMacpRuntime(), configuration: new() { ["Macp:AllowInsecure"] = "true", [key] = value }));
        Assert.StartsWith(complaint, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_authentication_it_does_not_start_unless_that_is_allowed()
    {
        var refusal = await Assert.ThrowsAsync<MacpConfigurationException>(() => StartAsync(services => services.AddMacpRuntime(new MacpServerOptions())));
        Assert.Contains("no authentication configured", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--dev", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_applications_own_authenticator_counts_whenever_it_is_added()
    {
        foreach (bool isBefore in (bool[])[true, false])
        {
            await using var app = await StartAsync(services =>
            {
                if (isBefore) services.AddSingleton<IAuthenticator, Anybody>();
                services.AddMacpRuntime(new MacpServerOptions()).AddMode<DecisionMode>();
                if (!isBefore) services.AddSingleton<IAuthenticator, Anybody>();
            });
            using var channel = Channel(app);
            Assert.True((await channel.UnaryAsync(Rpc.Send, new() { Envelope = Envelopes.Start(Envelopes.NewSession()) })).Ack.Ok);
        }
    }

    [Fact]
    public async Task An_authorizer_that_cannot_be_made_ends_its_start_and_not_each_call()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(services =>
        {
            services.AddSingleton<IAuthorizer>(_ => throw new InvalidOperationException("no roles"));
            services.AddMacpRuntime(Insecure);
        }));
        Assert.Equal("no roles", refusal.Message);
    }

    [Fact]
    public async Task The_first_call_when_it_stops_is_not_told_that_it_starts()
    {
        await using var app = await StartAsync(services => services.AddMacpRuntime(Insecure));
        using var channel = Channel(app);

        app.Lifetime.StopApplication();

        Assert.Contains("or stopping", await channel.UnaryAsync(Rpc.ListModes, new()).FailsWith(GrpcStatusCode.Unavailable), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Modes_are_added_by_as_many_as_have_some_and_each_once()
    {
        var services = new ServiceCollection();
        services.AddMacpRuntime(Insecure).AddMode<DecisionMode>();
        Assert.Throws<InvalidOperationException>(() => services.AddMacpRuntime().AddMode<DecisionMode>());
        Assert.Throws<InvalidOperationException>(() => services.AddMacpRuntime().AddModes(new ModeCatalog().Add<DecisionMode>()));

        await using var app = await StartAsync(own =>
        {
            own.AddMacpRuntime(Insecure).AddMode<DecisionMode>();
            own.AddMacpRuntime().AddModes(new ModeCatalog().Add<MultiRoundMode>());
        });
        using var channel = Channel(app);
        Assert.Single((await channel.UnaryAsync(Rpc.ListModes, new())).Modes);
        Assert.Single((await channel.UnaryAsync(Rpc.ListExtModes, new())).Modes);
    }

    [Theory]
    [InlineData("192.0.2.7", false, false), InlineData("192.0.2.7", true, true), InlineData("127.0.0.1", false, true), InlineData("::ffff:127.0.0.1", false, true), InlineData("::1", false, true)]
    public async Task Where_it_listens_elsewhere_development_identity_is_for_this_machine_too(string caller, bool isForced, bool isTaken)
    {
        await using var app = await StartAsync(
            services => services.AddMacpRuntime(Insecure with { AllowRemoteDevelopmentIdentity = isForced }).AddMode<DecisionMode>(),
            app => app.Use(next => context =>
            {
                context.Connection.RemoteIpAddress = IPAddress.Parse(caller);
                return next(context);
            }));
        using var channel = Channel(app);

        Assert.Equal(isTaken, (await channel.UnaryAsync(Rpc.Send, new() { Envelope = Envelopes.Start(Envelopes.NewSession()) }, Rpc.As("ini")).Happens()).Ack.Ok);
    }

    [Fact]
    public async Task It_is_a_part_of_the_applications_health()
    {
        await using var app = await StartAsync(services => services.AddMacpRuntime(Insecure), app => app.MapHealthChecks("/health"));
        using var http = Http(app);
        Assert.Equal("Healthy", await http.GetStringAsync(new Uri("/health", UriKind.Relative)));
    }

    [Fact]
    public async Task The_one_of_the_page_serves_calls_its_own_endpoint_and_health()
    {
        await using var app = ExampleApplication.Create(["--urls=http://127.0.0.1:0", "--Macp:AllowInsecure=true", "--Macp:MemoryOnly=true"]);
        await app.StartAsync();
        using var channel = Channel(app);
        using var http = Http(app);

        Assert.True((await SendAsync(channel, "ini", Envelopes.Start(Envelopes.NewSession()))).Ok);
        Assert.Equal("An application with a runtime in it.", await http.GetStringAsync(new Uri("/", UriKind.Relative)));
        Assert.Equal("Healthy", await http.GetStringAsync(new Uri("/health", UriKind.Relative)));
    }

    static async Task<Wire.V1.Ack> SendAsync(GrpcChannel channel, string sender, Wire.V1.Envelope envelope) =>
        (await channel.UnaryAsync(Rpc.Send, new() { Envelope = envelope }, Rpc.As(sender)).Happens()).Ack;

    static async Task<WebApplication> StartAsync(Action<IServiceCollection> add, Action<WebApplication>? map = null, Dictionary<string, string?>? configuration = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Configuration.AddInMemoryCollection(configuration ?? []);
        add(builder.Services);
        var app = builder.Build();
        map?.Invoke(app);
        app.MapMacp();
        try
        {
            await app.StartAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    static GrpcChannel Channel(WebApplication app) => new(new() { Address = new(app.Urls.Single()) });

    static HttpClient Http(WebApplication app) =>
        new() { BaseAddress = new(app.Urls.Single()), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

    sealed class Anybody : IAuthenticator
    {
        public ValueTask<Identity?> AuthenticateAsync(GrpcServerCall call) => new(new Identity("anybody"));
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Macp.Client.Tests;

/// <summary>Clients that a container makes.</summary>
public class HostingTests
{
    [Fact]
    public async Task The_client_is_a_singleton_that_the_container_closes()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        MacpClient client;
        await using (var provider = Provider(services => services.AddMacpClient(o => Lead(o, runtime))))
        {
            client = provider.GetRequiredService<MacpClient>();
            Assert.Same(client, provider.GetRequiredService<MacpClient>());
            Assert.True((await client.SendAsync(Notes.Note("s", "alice", "x"))).Ok);
        }

        Assert.Equal("Bearer alice", Assert.Single(runtime.Credentials));
        Assert.Contains("closed", (await Assert.ThrowsAsync<MacpException>(() => client.InitializeAsync())).Message);
    }

    [Fact]
    public async Task Clients_have_names_of_their_own_and_keys()
    {
        await using var one = await FakeRuntime.StartAsync();
        await using var two = await FakeRuntime.StartAsync();
        await using var provider = Provider(services =>
        {
            services.AddMacpClient("one", o => Lead(o, one));
            services.AddMacpClient("two", o => Lead(o, two));
        });
        var factory = provider.GetRequiredService<IMacpClientFactory>();

        await using (var client = factory.CreateClient("one")) await client.InitializeAsync();
        await using (var client = factory.CreateClient("one")) await client.InitializeAsync(); // The connection outlives the first.
        await provider.GetRequiredKeyedService<MacpClient>("two").InitializeAsync();

        Assert.Equal((2, 1), (one.Requests.Count, two.Requests.Count));
        Assert.Null(provider.GetService<MacpClient>());
        Assert.Same(provider.GetRequiredKeyedService<MacpClient>("two"), provider.GetRequiredKeyedService<MacpClient>("two"));
        Assert.Contains("AddMacpClient(\"three\", ...)", Assert.Throws<MacpConfigurationException>(() => factory.CreateClient("three")).Message);
        Assert.Throws<MacpConfigurationException>(() => factory.CreateClient(""));
    }

    [Fact]
    public async Task Handlers_can_be_added()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var provider = Provider(services => services.AddMacpClient(o => Lead(o, runtime)).AddHttpMessageHandler(() => new TenantHandler()));

        await provider.GetRequiredService<MacpClient>().GetSessionAsync("s");

        Assert.Equal("blue", runtime.Headers.Single().Get("x-tenant"));
    }

    [Fact]
    public async Task A_connection_that_is_replaced_leaves_its_streams_alone()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        var (told, ports) = (new TaskCompletionSource(), new ConcurrentBag<string?>());
        runtime.OnWatchSessions = async (responses, call) =>
        {
            await Tell();
            await told.Task.WaitAsync(call.CancellationToken);
            await Tell();

            ValueTask Tell() => responses.WriteAsync(new() { Event = new() { Session = new() { SessionId = "s" } } });
        };
        runtime.OnListModes = (_, call) =>
        {
            ports.Add(call.Peer);
            return new(new ListModesResponse());
        };
        await using var provider = Provider(services => services.AddMacpClient(o => Lead(o, runtime))
            .ConfigurePrimaryHttpMessageHandler((handler, _) => ((SocketsHttpHandler)handler).PooledConnectionLifetime = TimeSpan.FromMilliseconds(200)));
        var client = provider.GetRequiredService<MacpClient>();

        await using var watch = client.WatchSessionsAsync().GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        for (int i = 0; i < 500 && ports.Distinct().Count() < 3; i++)
        {
            await client.ListModesAsync();
            await Task.Delay(20);
        }
        Assert.True(ports.Distinct().Count() >= 3);

        told.SetResult();
        Assert.True(await watch.MoveNextAsync());
        Assert.False(await watch.MoveNextAsync());
    }

    [Fact]
    public async Task Options_are_validated_when_the_host_starts()
    {
        using var host = new HostBuilder().ConfigureServices(services => services.AddMacpClient("planner", o =>
        {
            o.Endpoint = new("http://localhost:1");
            o.MaxPayloadBytes = 0;
        })).Build();

        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains("client 'planner': Endpoint", e.Message);
        Assert.Contains("AllowInsecure = true", e.Message);
        Assert.Contains("MaxPayloadBytes must be positive", e.Message);
    }

    [Fact]
    public async Task Without_a_host_they_are_validated_when_the_client_is_made()
    {
        await using var provider = Provider(services => services.AddMacpClient(_ => { }));

        Assert.Contains("Endpoint: there is none", Assert.Throws<MacpConfigurationException>(() => provider.GetRequiredService<MacpClient>()).Message);
    }

    public static TheoryData<string, Action<MacpClientOptions>> Wrong => new()
    {
        { "Endpoint", o => o.Endpoint = null! },
        { "Endpoint", o => o.Endpoint = new("ftp://host:1") },
        { "DefaultTimeout", o => o.DefaultTimeout = TimeSpan.Zero },
        { "ConnectTimeout", o => o.ConnectTimeout = TimeSpan.FromSeconds(-5) },
        { "KeepAlive", o => o.KeepAlive = TimeSpan.FromMilliseconds(1) },
        { "MaxPayloadBytes", o => o.MaxPayloadBytes = 0 },
        { "ClientName", o => o.ClientName = " " },
        { "ClientVersion", o => o.ClientVersion = "" },
        { "TimeProvider", o => o.TimeProvider = null! },
        { "Retry.MaxRetries", o => o.Retry = new() { MaxRetries = -1 } },
        { "Retry.BaseDelay", o => o.Retry = new() { BaseDelay = TimeSpan.FromSeconds(-1) } },
        { "Retry.MaxDelay", o => o.Retry = new() { MaxDelay = TimeSpan.Zero } },
        { "Retry.Jitter", o => o.Retry = new() { Jitter = double.NaN } },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void An_option_that_cannot_be_is_named(string option, Action<MacpClientOptions> spoil)
    {
        var options = MacpClientOptions.FromEndpoint("localhost:1");
        spoil(options);

        Assert.StartsWith(option, Assert.Throws<MacpConfigurationException>(() => new MacpClient(options)).Message);
    }

    [Fact]
    public async Task A_client_keeps_what_it_was_made_with()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        var options = new MacpClientOptions { Endpoint = runtime.Address, AllowInsecure = true, Auth = MacpAuth.DevAgent("alice") };
        await using var client = new MacpClient(options);
        options.Auth = MacpAuth.DevAgent("mallory");
        client.Options.Auth = MacpAuth.DevAgent("mallory");

        await client.SendAsync(Notes.Note("s", "alice", "x"));

        Assert.Equal("Bearer alice", Assert.Single(runtime.Credentials));
    }

    [Fact]
    public async Task The_hosts_log_and_clock_are_used_unless_the_options_name_others()
    {
        var (hosts, own) = (new HastyTime(), new HastyTime());
        using var log = new HeardLog();
        await using var provider = Provider(services =>
        {
            services.AddSingleton<TimeProvider>(hosts).AddSingleton<ILoggerFactory>(log);
            services.AddMacpClient(o => o.Endpoint = new("https://localhost:1"));
            services.AddMacpClient("own", o => (o.Endpoint, o.TimeProvider) = (new("https://localhost:1"), own));
        });

        var client = provider.GetRequiredService<MacpClient>();

        Assert.Equal((hosts, (ILoggerFactory)log), (client.Options.TimeProvider, client.Options.LoggerFactory));
        Assert.Same(own, provider.GetRequiredKeyedService<MacpClient>("own").Options.TimeProvider);
    }

    [Fact]
    public async Task Nobody_but_the_client_writes_about_its_requests()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        using var log = new HeardLog();
        await using var provider = Provider(services => services.AddSingleton<ILoggerFactory>(log).AddMacpClient(o => Lead(o, runtime)));

        await provider.GetRequiredService<MacpClient>().GetSessionAsync("s");

        Assert.Contains(log.Entries, entry => entry.Id == 2);
        Assert.All(log.Entries, entry => Assert.Equal(MacpClientTelemetry.LogCategory, entry.Category));
    }

    static ServiceProvider Provider(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        add(services);
        return services.BuildServiceProvider();
    }

    static void Lead(MacpClientOptions options, FakeRuntime runtime) =>
        (options.Endpoint, options.AllowInsecure, options.Auth) = (runtime.Address, true, MacpAuth.DevAgent("alice"));

    sealed class TenantHandler : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("x-tenant", "blue");
            return base.SendAsync(request, cancellationToken);
        }
    }
}

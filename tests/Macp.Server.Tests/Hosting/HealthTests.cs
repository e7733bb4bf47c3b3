using System.Net;
using Google.Protobuf;
using Macp.Grpc;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Runtime;
using Macp.Wire.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using ServingStatus = Macp.Wire.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Macp.Server.Tests;

/// <summary>What a server says of its own health, by gRPC and by HTTP, from its start to its end.</summary>
public sealed class HealthTests
{
    const string Runtime = "macp.v1.MACPRuntimeService";

    static readonly GrpcMethod<HealthCheckRequest, HealthCheckResponse> Check = Of("Check", HealthCheckRequest.Parser, HealthCheckResponse.Parser);
    static readonly GrpcMethod<HealthListRequest, HealthListResponse> List = Of("List", HealthListRequest.Parser, HealthListResponse.Parser);
    static readonly GrpcMethod<HealthCheckRequest, HealthCheckResponse> Watching = Of("Watch", HealthCheckRequest.Parser, HealthCheckResponse.Parser);

    [Fact]
    public async Task It_serves_when_its_histories_are_read_and_not_before()
    {
        var history = new SlowHistory();
        var starting = StartAsync(history);
        var address = await history.Reading.Happens();
        using var channel = new GrpcChannel(new() { Address = address });
        await using var watch = await Watch<HealthCheckResponse>.BeginAsync(channel, Watching, new());

        Assert.Equal((ServingStatus.NotServing, ServingStatus.NotServing), (await StatusAsync(channel), (await watch.NextAsync()).Status));
        Assert.Contains("reading its histories", await channel.UnaryAsync(Rpc.ListModes, new()).FailsWith(GrpcStatusCode.Unavailable), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (await GetAsync(address, "/healthz"), await GetAsync(address, "/readyz")));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetAsync(address, "/.well-known/macp.json"));
        Assert.False(starting.IsCompleted);

        history.GoOn();
        await using var host = await starting.Happens();

        Assert.Equal((ServingStatus.Serving, ServingStatus.Serving), (await StatusAsync(channel), (await watch.NextAsync()).Status));
        Assert.Single((await channel.UnaryAsync(Rpc.ListModes, new())).Modes);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await GetAsync(address, "/healthz"), await GetAsync(address, "/readyz")));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(address, "/.well-known/macp.json"));
    }

    [Fact]
    public async Task A_server_whose_histories_cannot_be_read_does_not_start()
    {
        var history = new SlowHistory();
        var starting = StartAsync(history);
        var address = await history.Reading.Happens();

        history.Fail(new IOException("no disk"));

        Assert.Equal("no disk", (await Assert.ThrowsAsync<IOException>(() => starting.Happens())).Message);
        using var channel = new GrpcChannel(new() { Address = address });
        await channel.UnaryAsync(Check, new()).FailsWith(GrpcStatusCode.Unavailable);
    }

    [Theory]
    [InlineData("/healthz"), InlineData("/readyz")]
    public async Task Who_asks_to_be_connected_through_is_refused_and_no_fault_of_the_servers(string path)
    {
        var notebook = new Notebook();
        await using var runtime = await TestRuntime.StartAsync(configure: notebook.Opened);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Connect, new Uri(runtime.Host.Address, path)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Protocol = "websocket";

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Happens();

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.DoesNotContain(notebook.Notes, note => note.Text.Contains("unhandled exception", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_watches_is_told_that_it_stops_before_the_watch_ends()
    {
        var runtime = await TestRuntime.StartAsync();
        await using var watch = await Watch<HealthCheckResponse>.BeginAsync(runtime.Channel, Watching, new());
        Assert.Equal(ServingStatus.Serving, (await watch.NextAsync()).Status);

        var stopping = runtime.Host.DisposeAsync();

        Assert.Equal(ServingStatus.NotServing, (await watch.NextAsync()).Status);
        await watch.EndsWithAsync(GrpcStatusCode.Unavailable);
        await stopping;
        await runtime.DisposeAsync();
    }

    [Fact]
    public async Task It_tells_of_the_server_and_of_the_runtimes_service_and_of_no_other()
    {
        await using var runtime = await TestRuntime.StartAsync();

        Assert.Equal(ServingStatus.Serving, (await runtime.Channel.UnaryAsync(Check, new() { Service = Runtime })).Status);
        Assert.Contains("other.Service", await runtime.Channel.UnaryAsync(Check, new() { Service = "other.Service" }).FailsWith(GrpcStatusCode.NotFound), StringComparison.Ordinal);
        Assert.Equal(["", Runtime], (await runtime.Channel.UnaryAsync(List, new())).Statuses.Keys.Order(StringComparer.Ordinal));

        var told = runtime.Channel.ServerStreaming(Watching, new() { Service = "other.Service" }).GetAsyncEnumerator();
        Assert.True(await told.MoveNextAsync().Happens());
        Assert.Equal(ServingStatus.ServiceUnknown, told.Current.Status);
        await told.DisposeAsync();
    }

    [Fact]
    public async Task It_asks_nobody_who_they_are()
    {
        await using var runtime = await TestRuntime.StartAsync(authentication: new() { TokensJson = """[{"token":"t","sender":"s"}]""" });
        Assert.Equal(ServingStatus.Serving, await StatusAsync(runtime.Channel));
    }

    static Task<MacpHost> StartAsync(SlowHistory history) => MacpHost.StartAsync(
        new ModeCatalog().Add<DecisionMode>(), new() { Listen = new(IPAddress.Loopback, 0), AllowInsecure = true }, services => services.AddSingleton<IHistory>(history.In));

    static async Task<ServingStatus> StatusAsync(GrpcChannel channel) => (await channel.UnaryAsync(Check, new()).Happens()).Status;

    static async Task<HttpStatusCode> GetAsync(Uri address, string path)
    {
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(address, path)).Happens();
        return response.StatusCode;
    }

    static GrpcMethod<TRequest, TResponse> Of<TRequest, TResponse>(string name, MessageParser<TRequest> request, MessageParser<TResponse> response)
        where TRequest : class, IMessage<TRequest>, IBufferMessage
        where TResponse : class, IMessage<TResponse>, IBufferMessage => new("grpc.health.v1.Health", name, request, response);
}

using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Macp.Grpc.Tests;

/// <summary>A Kestrel of its own on a free loopback port, and a channel to it.</summary>
sealed class TestServer : IAsyncDisposable
{
    readonly WebApplication _app;

    TestServer(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.Single());
        Channel = new GrpcChannel(new() { Address = Address });
    }

    public Uri Address { get; }

    public GrpcChannel Channel { get; }

    public LogCollector Logs { get; private init; } = new();

    public static Task<TestServer> StartAsync(params GrpcService[] services) => StartAsync(new GrpcServerOptions(), services);

    public static Task<TestServer> StartAsync(GrpcServerOptions options, params GrpcService[] services) =>
        StartAsync(app => app.UseGrpc(options, services));

    public static Task<TestServer> StartAsync(RequestDelegate answer) => StartAsync(app => app.Run(answer));

    public static async Task<TestServer> StartAsync(Action<WebApplication> configure, HttpProtocols protocols = HttpProtocols.Http2)
    {
        var logs = new LogCollector();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        builder.Logging.AddProvider(logs);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        var app = builder.Build();
        configure(app);
        await app.StartAsync();
        return new(app) { Logs = logs };
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>Keeps what was logged.</summary>
sealed class LogCollector : ILoggerProvider, ILogger
{
    public ConcurrentQueue<(LogLevel Level, string Text, Exception? Exception)> Entries { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        // That the machine is busy tells nothing of what is tested.
        if (IsEnabled(logLevel) && eventId.Name != "HeartbeatSlow") Entries.Enqueue((logLevel, formatter(state, exception), exception));
    }

    public void Dispose() { }
}

/// <summary>The methods that the tests serve and call. Their messages are well-known types.</summary>
static class Methods
{
    public const string Service = "test.v1.Echo";

    public static GrpcMethod<StringValue, StringValue> Unary { get; } = Of("Unary");

    public static GrpcMethod<StringValue, StringValue> Responses { get; } = Of("Responses");

    public static GrpcMethod<StringValue, StringValue> Duplex { get; } = Of("Duplex");

    public static GrpcMethod<StringValue, StringValue> Of(string name) => new(Service, name, StringValue.Parser, StringValue.Parser);

    public static StringValue Text(string value) => new() { Value = value };

    public static GrpcService OfUnary(Func<StringValue, GrpcServerCall, ValueTask<StringValue>> handler) => new GrpcService(Service).Unary(Unary, handler);

    public static GrpcService OfStream(Func<StringValue, IGrpcStreamWriter<StringValue>, GrpcServerCall, Task> handler) =>
        new GrpcService(Service).ServerStreaming(Responses, handler);

    public static GrpcService OfDuplex(Func<IGrpcStreamReader<StringValue>, IGrpcStreamWriter<StringValue>, GrpcServerCall, Task> handler) =>
        new GrpcService(Service).Duplex(Duplex, handler);

    public static GrpcService Echo { get; } = new GrpcService(Service)
        .Unary(Unary, (request, _) => new(request))
        .ServerStreaming(Responses, async (request, responses, call) =>
        {
            foreach (char c in request.Value) await responses.WriteAsync(Text(c.ToString()), call.CancellationToken);
        })
        .Duplex(Duplex, async (requests, responses, call) =>
        {
            while (await requests.ReadAsync(call.CancellationToken) is { } request) await responses.WriteAsync(request);
        });
}

/// <summary>Bounds every wait of a test; none is meant to take that long.</summary>
static class Soon
{
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    public static Task Happens(this Task task) => task.WaitAsync(s_limit);

    public static Task<T> Happens<T>(this Task<T> task) => task.WaitAsync(s_limit);

    public static Task<T> Happens<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(s_limit);

    public static Task Happens(this ValueTask task) => task.AsTask().WaitAsync(s_limit);

    /// <summary>Waits until it holds, or as long as one would for anything else; the test then says what it found instead.</summary>
    public static async Task Comes(Func<bool> condition)
    {
        for (long since = Environment.TickCount64; !condition() && Environment.TickCount64 - since < s_limit.TotalMilliseconds;) await Task.Delay(10);
    }

    public static async Task<GrpcException> Fails(this Task task) => await Assert.ThrowsAsync<GrpcException>(() => task.WaitAsync(s_limit));

    public static Task<GrpcException> Fails<T>(this ValueTask<T> task) => task.AsTask().Fails();

    public static Task<GrpcException> Fails(this ValueTask task) => task.AsTask().Fails();
}

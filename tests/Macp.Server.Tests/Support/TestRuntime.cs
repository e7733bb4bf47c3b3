using System.Net;
using Google.Protobuf;
using Macp.Grpc;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Runtime;
using Macp.Wire.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>A runtime that hosts Decision on a free loopback port, on a clock that stands, and a channel to it.</summary>
sealed class TestRuntime : IAsyncDisposable
{
    TestRuntime(MacpHost host, ManualTime time)
    {
        (Host, Time) = (host, time);
        Channel = new(new() { Address = host.Address });
    }

    public MacpHost Host { get; }

    public ManualTime Time { get; }

    public GrpcChannel Channel { get; }

    public static async Task<TestRuntime> StartAsync(
        MacpRuntimeOptions? limits = null, Action<IServiceCollection>? configure = null, string? data = null, MacpAuthenticationOptions? authentication = null,
        Func<MacpServerOptions, MacpServerOptions>? server = null)
    {
        var time = new ManualTime();
        var options = new MacpServerOptions
        {
            Listen = new(IPAddress.Loopback, 0),
            AllowInsecure = true,
            DataFolder = data,
            Authentication = authentication ?? new(),
            Runtime = limits ?? new() { MessageLimitPerMinute = int.MaxValue, SessionStartLimitPerMinute = int.MaxValue },
        };
        var host = await MacpHost.StartAsync(new ModeCatalog().Add<DecisionMode>(), server?.Invoke(options) ?? options, services =>
        {
            services.AddSingleton<TimeProvider>(time);
            configure?.Invoke(services);
        });
        return new(host, time);
    }

    public Task<Ack> SendAsync(string? sender, Envelope envelope) => SendAsync(Rpc.As(sender), envelope);

    public async Task<Ack> SendAsync(GrpcCallOptions options, Envelope envelope) =>
        (await Channel.UnaryAsync(Rpc.Send, new() { Envelope = envelope }, options).Happens()).Ack;

    /// <summary>The message is accepted.</summary>
    public async Task<Ack> AcceptsAsync(string sender, Envelope envelope)
    {
        var ack = await SendAsync(sender, envelope);
        Assert.True(ack.Ok, $"{envelope.MessageType}: {ack.Error}");
        return ack;
    }

    /// <summary>The message is refused with this code, as a nack is to look; answers its text.</summary>
    public async Task<string> RefusesAsync(string code, string? sender, Envelope envelope)
    {
        var ack = await SendAsync(sender, envelope);
        Assert.False(ack.Ok);
        Assert.Equal(code, ack.Error.Code);
        Assert.NotEmpty(ack.Error.Message);
        Assert.False(ack.Duplicate);
        Assert.Equal(SessionState.Unspecified, ack.SessionState);
        Assert.Equal(Time.NowMs, ack.AcceptedAtUnixMs);
        Assert.Equal((envelope.MessageId, envelope.SessionId), (ack.MessageId, ack.SessionId));
        Assert.Equal((envelope.MessageId, envelope.SessionId), (ack.Error.MessageId, ack.Error.SessionId));
        Assert.Empty(ack.Error.Details);
        return ack.Error.Message;
    }

    /// <summary>An open session that "ini" started for alice, bob and carol.</summary>
    public async Task<string> OpenAsync(Action<SessionStartPayload>? change = null)
    {
        string session = Envelopes.NewSession();
        await AcceptsAsync("ini", Envelopes.Start(session, change));
        return session;
    }

    /// <summary>An open session with the proposal p1.</summary>
    public async Task<string> DeliberateAsync()
    {
        string session = await OpenAsync();
        await AcceptsAsync("alice", Envelopes.Proposal(session));
        return session;
    }

    public async Task<SessionMetadata> MetadataAsync(string session, string reader = "ini") =>
        (await Channel.UnaryAsync(Rpc.GetSession, new() { SessionId = session }, Rpc.As(reader)).Happens()).Metadata;

    public async Task<Ack> CancelAsync(string sender, string session, string reason = "") =>
        (await Channel.UnaryAsync(Rpc.CancelSession, new() { SessionId = session, Reason = reason }, Rpc.As(sender)).Happens()).Ack;

    public async Task<Ack> SuspendAsync(string sender, string session, string reason = "") =>
        (await Channel.UnaryAsync(Rpc.SuspendSession, new() { SessionId = session, Reason = reason }, Rpc.As(sender)).Happens()).Ack;

    public async Task<Ack> ResumeAsync(string sender, string session, string reason = "") =>
        (await Channel.UnaryAsync(Rpc.ResumeSession, new() { SessionId = session, Reason = reason }, Rpc.As(sender)).Happens()).Ack;

    public SessionCall Stream(string? sender, params (string, string)[] metadata) => new(Channel.Duplex(Rpc.StreamSession, Rpc.As(sender, metadata)));

    /// <summary>A watch in this caller's name.</summary>
    public Task<Watch<TResponse>> WatchAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, string? sender)
        where TRequest : class, IMessage<TRequest>, IBufferMessage, new()
        where TResponse : class, IMessage<TResponse>, IBufferMessage => Watch<TResponse>.BeginAsync(Channel, method, Rpc.As(sender));

    /// <summary>The pages of a caller's list of sessions.</summary>
    public async Task<List<string[]>> PagesAsync(string sender, int size = 0, params (string, string)[] metadata)
    {
        var pages = new List<string[]>();
        var request = new ListSessionsRequest { PageSize = size };
        do
        {
            var page = await Channel.UnaryAsync(Rpc.ListSessions, request, Rpc.As(sender, metadata)).Happens();
            pages.Add([.. page.Sessions.Select(session => session.SessionId)]);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return pages;
    }

    /// <summary>Everything that a reader may see of a session: metadata, messages, annotations.</summary>
    public async Task<string> TracesAsync(string session)
    {
        await using var stream = Stream("ini", ("macp-annotations", "1"));
        await stream.SubscribeAsync(session);
        await stream.CompleteAsync();
        return string.Join('\n', await MetadataAsync(session), string.Join('\n', await stream.RestAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await Host.DisposeAsync();
    }
}

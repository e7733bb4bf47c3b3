using Macp.Grpc;
using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>One <c>StreamSession</c> call of a client.</summary>
sealed class SessionCall(GrpcDuplexCall<StreamSessionRequest, StreamSessionResponse> call) : IAsyncDisposable
{
    public Task SubscribeAsync(string session, ulong after = 0) => WriteAsync(new() { SubscribeSessionId = session, AfterSequence = after });

    public Task SendAsync(Envelope envelope) => WriteAsync(new() { Envelope = envelope });

    public Task WriteAsync(StreamSessionRequest frame) => call.WriteAsync(frame).AsTask().Happens();

    public Task CompleteAsync() => call.CompleteAsync();

    /// <summary>The next response; null at an end with OK.</summary>
    public Task<StreamSessionResponse?> NextAsync() => call.ReadAsync().Happens();

    /// <summary>The next response is this message.</summary>
    public async Task<Envelope> DeliversAsync(string messageId)
    {
        var response = await NextAsync();
        Assert.NotNull(response);
        Assert.True(response.Envelope is not null, $"expected {messageId}, got {response}");
        Assert.Equal(messageId, response.Envelope.MessageId);
        return response.Envelope;
    }

    /// <summary>The next response is an inline error with this code.</summary>
    public async Task<MACPError> RefusesAsync(string code)
    {
        var response = await NextAsync();
        Assert.NotNull(response);
        Assert.True(response.Error is not null, $"expected an error {code}, got {response}");
        Assert.Equal(code, response.Error.Code);
        Assert.NotEmpty(response.Error.Message);
        return response.Error;
    }

    /// <summary>Nothing more comes, and the stream ends with OK.</summary>
    public async Task EndsAsync() => Assert.Null(await NextAsync());

    public Task<string> EndsWithAsync(GrpcStatusCode code) => NextAsync().FailsWith(code);

    /// <summary>Every envelope until the end.</summary>
    public async Task<List<Envelope>> RestAsync()
    {
        var all = new List<Envelope>();
        while (await NextAsync() is { } response) all.Add(response.Envelope ?? throw new InvalidOperationException(response.Error.ToString()));
        return all;
    }

    public ValueTask DisposeAsync() => call.DisposeAsync();
}

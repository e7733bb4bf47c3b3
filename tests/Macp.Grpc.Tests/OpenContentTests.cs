using Macp.Grpc.Client;

namespace Macp.Grpc.Tests;

/// <summary>The request body of a bidirectional call, where the server is faster than the client.</summary>
public sealed class OpenContentTests
{
    [Fact]
    public async Task A_writer_is_told_when_the_request_stream_is_gone_before_it_was_opened()
    {
        using var content = new OpenContent();
        var writer = content.Stream;

        await Assert.ThrowsAsync<HttpRequestException>(() => content.CopyToAsync(new ClosedStream()));

        await Assert.ThrowsAsync<IOException>(() => writer.Happens());
    }

    /// <summary>A stream that the transport has closed: the first flush fails.</summary>
    sealed class ClosedStream : MemoryStream
    {
        public override Task FlushAsync(CancellationToken cancellationToken) => Task.FromException(new IOException("the stream is closed"));
    }
}

using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using static Macp.Grpc.Tests.Methods;
using static Macp.Grpc.Tests.RawCall;

namespace Macp.Grpc.Tests;

/// <summary>The client against servers that are wrong, or not there.</summary>
public sealed class ClientTests
{
    static readonly byte[] s_hello = Frame(Text("hello").ToByteArray());

    [Theory]
    [InlineData(400, GrpcStatusCode.Internal)]
    [InlineData(401, GrpcStatusCode.Unauthenticated)]
    [InlineData(403, GrpcStatusCode.PermissionDenied)]
    [InlineData(404, GrpcStatusCode.Unimplemented)]
    [InlineData(429, GrpcStatusCode.Unavailable)]
    [InlineData(502, GrpcStatusCode.Unavailable)]
    [InlineData(503, GrpcStatusCode.Unavailable)]
    [InlineData(504, GrpcStatusCode.Unavailable)]
    [InlineData(302, GrpcStatusCode.Unknown)]
    [InlineData(500, GrpcStatusCode.Unknown)]
    public async Task An_HTTP_status_becomes_a_gRPC_status(int http, GrpcStatusCode expected)
    {
        await using var server = await TestServer.StartAsync(context =>
        {
            context.Response.StatusCode = http;
            return Task.CompletedTask;
        });
        Assert.Equal(expected, await CodeOf(server));
    }

    [Theory]
    [InlineData(0x0, GrpcStatusCode.Unavailable)]
    [InlineData(0x1, GrpcStatusCode.Internal)]
    [InlineData(0x2, GrpcStatusCode.Internal)]
    [InlineData(0x5, GrpcStatusCode.Unknown)]
    [InlineData(0x8, GrpcStatusCode.Cancelled)]
    [InlineData(0xb, GrpcStatusCode.ResourceExhausted)]
    [InlineData(0xc, GrpcStatusCode.PermissionDenied)]
    public async Task A_reset_becomes_a_status_before_and_within_the_response(int code, GrpcStatusCode expected)
    {
        bool within = false;
        await using var server = await TestServer.StartAsync(async context =>
        {
            if (within) await Answer(context, s_hello[..3], flush: true);
            context.Features.Get<IHttpResetFeature>()!.Reset(code);
        });
        Assert.Equal(expected, await CodeOf(server));
        within = true;
        Assert.Equal(expected, await CodeOf(server));
    }

    [Fact]
    public async Task A_refused_stream_is_UNAVAILABLE()
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            await Answer(context, s_hello[..3], flush: true);
            context.Features.Get<IHttpResetFeature>()!.Reset(0x7);
        });
        Assert.Equal(GrpcStatusCode.Unavailable, await CodeOf(server));
    }

    [Fact]
    public async Task Nobody_listening_is_UNAVAILABLE()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://{listener.LocalEndpoint}");
        listener.Stop();
        using var channel = new GrpcChannel(new() { Address = address });
        Assert.Equal(GrpcStatusCode.Unavailable, (await channel.UnaryAsync(Unary, Text("")).Fails()).Status.Code);
        await using var call = channel.Duplex(Duplex);
        Assert.Equal(GrpcStatusCode.Unavailable, (await call.WriteAsync(Text("")).Fails()).Status.Code);
        Assert.Equal(GrpcStatusCode.Unavailable, (await call.ReadAsync().Fails()).Status.Code);
    }

    [Fact]
    public async Task A_connection_that_is_cut_is_UNAVAILABLE()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var channel = new GrpcChannel(new() { Address = new Uri($"http://{listener.LocalEndpoint}") });
        var call = channel.UnaryAsync(Unary, Text(""));
        using (var connection = await listener.AcceptTcpClientAsync())
        {
            // The server's settings, then nothing more.
            await connection.GetStream().WriteAsync(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 });
            await connection.GetStream().ReadExactlyAsync(new byte[24]);
        }
        Assert.Equal(GrpcStatusCode.Unavailable, (await call.Fails()).Status.Code);
        listener.Stop();
    }

    [Fact]
    public async Task A_missing_grpc_status_is_INTERNAL()
    {
        await using var server = await TestServer.StartAsync(context => Answer(context, s_hello, status: null));
        Assert.Equal(GrpcStatusCode.Internal, await CodeOf(server));
    }

    [Theory]
    [InlineData("17")]
    [InlineData("-1")]
    [InlineData("ok")]
    public async Task A_grpc_status_that_is_none_is_UNKNOWN(string status)
    {
        await using var server = await TestServer.StartAsync(context => Answer(context, s_hello, status));
        Assert.Equal(GrpcStatusCode.Unknown, await CodeOf(server));
    }

    [Fact]
    public async Task Another_content_type_is_UNKNOWN()
    {
        await using var server = await TestServer.StartAsync(context => context.Response.WriteAsync("<html>"));
        Assert.Equal(GrpcStatusCode.Unknown, await CodeOf(server));
    }

    [Fact]
    public async Task A_compressed_response_is_INTERNAL()
    {
        await using var server = await TestServer.StartAsync(context => Answer(context, Frame([1, 2], flags: 1)));
        Assert.Equal(GrpcStatusCode.Internal, await CodeOf(server));
    }

    [Fact]
    public async Task A_truncated_response_is_INTERNAL()
    {
        await using var server = await TestServer.StartAsync(context => Answer(context, s_hello[..^1]));
        Assert.Equal(GrpcStatusCode.Internal, await CodeOf(server));
    }

    [Fact]
    public async Task A_unary_response_must_be_exactly_one()
    {
        byte[] body = [];
        await using var server = await TestServer.StartAsync(context => Answer(context, body));
        Assert.Equal(GrpcStatusCode.Internal, await CodeOf(server));
        body = [.. s_hello, .. s_hello];
        Assert.Equal(GrpcStatusCode.Internal, await CodeOf(server));
    }

    [Fact]
    public async Task A_response_above_the_limit_is_RESOURCE_EXHAUSTED_by_its_prefix_alone()
    {
        await using var server = await TestServer.StartAsync(context => Answer(context, Frame([], length: 11)));
        using var channel = new GrpcChannel(new() { Address = server.Address, MaxReceiveMessageBytes = 10 });
        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await channel.UnaryAsync(Unary, Text("")).Fails()).Status.Code);
    }

    [Fact]
    public async Task A_request_above_the_limit_is_not_sent()
    {
        await using var server = await TestServer.StartAsync(Echo);
        using var channel = new GrpcChannel(new() { Address = server.Address, MaxSendMessageBytes = 10 });
        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await channel.UnaryAsync(Unary, Text("more than ten")).Fails()).Status.Code);

        await using var call = channel.Duplex(Duplex);
        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await call.WriteAsync(Text("more than ten")).Fails()).Status.Code);
        await call.WriteAsync(Text("less"));
        Assert.Equal("less", (await call.ReadAsync().Happens())?.Value);
    }

    [Fact]
    public async Task The_request_is_gRPCs()
    {
        await using var server = await TestServer.StartAsync(context =>
        {
            var request = context.Request;
            return Answer(context, Frame(Text(
                $"{request.Protocol} {request.Method} {request.Path} {request.ContentType} {request.Headers.TE} {request.Headers["grpc-timeout"]}").ToByteArray()));
        });
        using var channel = new GrpcChannel(new() { Address = new Uri(server.Address, "/base/") });
        Assert.Equal(
            $"HTTP/2 POST /base/{Service}/Unary application/grpc trailers 30000000u",
            (await channel.UnaryAsync(Unary, Text(""), new() { Timeout = TimeSpan.FromSeconds(30) }).Happens()).Value);
    }

    [Fact]
    public void An_address_must_be_http() =>
        Assert.Throws<ArgumentException>(() => new GrpcChannel(new() { Address = new Uri("ftp://localhost") }));

    [Fact]
    public async Task A_closed_channel_is_UNAVAILABLE()
    {
        await using var server = await TestServer.StartAsync(Echo);
        server.Channel.Dispose();
        Assert.Equal(GrpcStatusCode.Unavailable, (await server.Channel.UnaryAsync(Unary, Text("")).Fails()).Status.Code);
    }

    static async Task<GrpcStatusCode> CodeOf(TestServer server) => (await server.Channel.UnaryAsync(Unary, Text("")).Fails()).Status.Code;

    static async Task Answer(HttpContext context, byte[] body, string? status = "0", bool flush = false)
    {
        context.Response.ContentType = "application/grpc";
        if (status is not null && !flush) context.Response.AppendTrailer("grpc-status", status);
        await context.Response.Body.WriteAsync(body);
        if (flush) await context.Response.Body.FlushAsync();
    }
}

using System.Net.Http.Headers;
using Google.Protobuf;
using static Macp.Grpc.Tests.Methods;
using static Macp.Grpc.Tests.RawCall;

namespace Macp.Grpc.Tests;

/// <summary>Requests made by hand, against the server.</summary>
public sealed class FramingTests
{
    const string UnaryPath = $"/{Service}/Unary", DuplexPath = $"/{Service}/Duplex", ResponsesPath = $"/{Service}/Responses";
    static readonly byte[] s_hello = Text("hello").ToByteArray();

    [Fact]
    public async Task A_well_formed_call_is_answered_with_headers_a_frame_and_trailers()
    {
        await using var server = await TestServer.StartAsync(Echo);
        var answer = await server.PostAsync(UnaryPath, Frame(s_hello));

        Assert.Equal(200, (int)answer.Response.StatusCode);
        Assert.Equal("application/grpc", answer.Response.Content.Headers.ContentType?.ToString());
        Assert.Equal(Frame(s_hello), answer.Body);
        Assert.Equal("0", answer.Status);
        Assert.Null(answer.Message);
        Assert.False(answer.IsTrailersOnly);
    }

    [Theory]
    [InlineData(UnaryPath)]
    [InlineData(ResponsesPath)]
    [InlineData(DuplexPath)]
    public async Task A_compressed_message_is_refused_with_unimplemented(string path)
    {
        await using var server = await TestServer.StartAsync(Echo);
        var answer = await server.PostAsync(path, Frame(s_hello, flags: 1), request => request.Headers.Add("grpc-encoding", "gzip"));

        Assert.Equal("12", answer.Status);
        Assert.Equal("identity", answer.Field("grpc-accept-encoding"));
        Assert.True(answer.IsTrailersOnly);
        Assert.Empty(answer.Body);
    }

    [Theory]
    [InlineData(UnaryPath)]
    [InlineData(DuplexPath)]
    public async Task Flags_that_gRPC_does_not_define_are_INTERNAL(string path)
    {
        await using var server = await TestServer.StartAsync(Echo);
        Assert.Equal("13", (await server.PostAsync(path, Frame(s_hello, flags: 0x80))).Status);
    }

    [Theory]
    [InlineData(UnaryPath)]
    [InlineData(ResponsesPath)]
    [InlineData(DuplexPath)]
    public async Task A_truncated_message_is_INTERNAL(string path)
    {
        await using var server = await TestServer.StartAsync(Echo);
        for (int length = 1; length < 5 + s_hello.Length; length++)
            Assert.Equal("13", (await server.PostAsync(path, Frame(s_hello)[..length])).Status);
    }

    [Theory]
    [InlineData(UnaryPath)]
    [InlineData(ResponsesPath)]
    [InlineData(DuplexPath)]
    public async Task A_message_above_the_limit_is_RESOURCE_EXHAUSTED_by_its_prefix_alone(string path)
    {
        await using var server = await TestServer.StartAsync(new GrpcServerOptions { MaxReceiveMessageBytes = 7 }, Echo);
        Assert.Equal("0", (await server.PostAsync(path, Frame(s_hello))).Status);
        Assert.Equal("8", (await server.PostAsync(path, Frame([], length: 8))).Status);
        Assert.Equal("8", (await server.PostAsync(path, Frame([], length: uint.MaxValue))).Status);
    }

    [Theory]
    [InlineData(UnaryPath)]
    [InlineData(ResponsesPath)]
    public async Task A_single_request_must_be_exactly_one(string path)
    {
        await using var server = await TestServer.StartAsync(Echo);
        Assert.Equal("13", (await server.PostAsync(path, [])).Status);
        Assert.Equal("13", (await server.PostAsync(path, [.. Frame(s_hello), .. Frame(s_hello)])).Status);
        Assert.Equal("13", (await server.PostAsync(path, new PiecesContent(Frame(s_hello), Frame(s_hello)))).Status);
    }

    [Theory]
    [InlineData(UnaryPath)]
    [InlineData(DuplexPath)]
    public async Task Messages_and_HTTP2_frames_need_not_line_up(string path)
    {
        await using var server = await TestServer.StartAsync(Echo);
        var bytes = Frame(s_hello);
        var answer = await server.PostAsync(path, new PiecesContent([.. bytes.Select(b => new[] { b })]));
        Assert.Equal("0", answer.Status);
        Assert.Equal(bytes, answer.Body);
    }

    [Fact]
    public async Task Several_messages_may_share_a_frame()
    {
        await using var server = await TestServer.StartAsync(Echo);
        byte[] bytes = [.. Frame(s_hello), .. Frame([]), .. Frame(s_hello)];
        Assert.Equal(bytes, (await server.PostAsync(DuplexPath, bytes)).Body);
    }

    [Theory]
    [InlineData(UnaryPath)]
    [InlineData(DuplexPath)]
    public async Task Bytes_that_are_no_message_are_INTERNAL(string path)
    {
        await using var server = await TestServer.StartAsync(Echo);
        Assert.Equal("13", (await server.PostAsync(path, Frame([0x0a, 0x7f]))).Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_request_check_sees_the_bytes_before_they_are_parsed(int pieces)
    {
        var method = new GrpcMethod<Google.Protobuf.WellKnownTypes.StringValue, Google.Protobuf.WellKnownTypes.StringValue>(
            Service, "Checked", Google.Protobuf.WellKnownTypes.StringValue.Parser, Google.Protobuf.WellKnownTypes.StringValue.Parser)
        {
            RequestCheck = bytes => bytes.Length == 2 ? new(GrpcStatusCode.InvalidArgument, "two bytes") : null,
        };
        await using var server = await TestServer.StartAsync(new GrpcService(Service).Unary(method, (request, _) => new(request)));
        HttpContent Content(byte[] body) => pieces == 0 ? new ByteArrayContent(body) : new PiecesContent(body[..3], body[3..]);

        var refused = await server.PostAsync(method.Path, Content(Frame([0xff, 0xff])));
        Assert.Equal(("3", "two bytes"), (refused.Status, refused.Message));
        Assert.Equal("0", (await server.PostAsync(method.Path, Content(Frame(s_hello)))).Status);
    }

    [Theory]
    [InlineData($"/{Service}/Absent")]
    [InlineData("/absent.Service/Unary")]
    [InlineData($"/{Service}/unary")]
    public async Task An_unknown_method_is_UNIMPLEMENTED_in_trailers_only(string path)
    {
        await using var server = await TestServer.StartAsync(Echo);
        var answer = await server.PostAsync(path, Frame(s_hello));
        Assert.Equal(200, (int)answer.Response.StatusCode);
        Assert.Equal("12", answer.Status);
        Assert.True(answer.IsTrailersOnly);
    }

    [Theory]
    [InlineData("application/grpc", 200)]
    [InlineData("application/grpc+proto", 200)]
    [InlineData("application/grpc; charset=utf-8", 200)]
    [InlineData("application/grpc+json", 415)]
    [InlineData("application/grpc-web", 415)]
    [InlineData("application/json", 415)]
    public async Task The_content_type_must_be_gRPCs(string contentType, int status)
    {
        await using var server = await TestServer.StartAsync(Echo);
        var answer = await server.PostAsync(UnaryPath, Frame(s_hello), request => request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType));
        Assert.Equal(status, (int)answer.Response.StatusCode);
    }

    [Fact]
    public async Task Only_POST_is_allowed()
    {
        await using var server = await TestServer.StartAsync(Echo);
        var answer = await server.PostAsync(UnaryPath, Frame(s_hello), request => request.Method = HttpMethod.Put);
        Assert.Equal(405, (int)answer.Response.StatusCode);
    }

    [Fact]
    public async Task HTTP_1_is_told_to_upgrade()
    {
        await using var server = await TestServer.StartAsync(app => app.UseGrpc(Echo), Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http1);
        var answer = await server.PostAsync(UnaryPath, Frame(s_hello), request => request.Version = System.Net.HttpVersion.Version11);
        Assert.Equal(426, (int)answer.Response.StatusCode);
        var unknown = await server.PostAsync(UnaryPath + "x", Frame(s_hello), request => request.Version = System.Net.HttpVersion.Version11);
        Assert.Equal(426, (int)unknown.Response.StatusCode);
    }

    [Fact]
    public async Task What_is_not_gRPC_passes_on()
    {
        await using var server = await TestServer.StartAsync(app =>
        {
            app.UseGrpc(Echo);
            Microsoft.AspNetCore.Builder.RunExtensions.Run(app, context => Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, "healthy"));
        });
        var answer = await server.PostAsync("/health", [], request => (request.Method, request.Content) = (HttpMethod.Get, null));
        Assert.Equal("healthy"u8.ToArray(), answer.Body);
    }

    [Fact]
    public async Task A_status_detail_is_percent_encoded_on_the_wire()
    {
        await using var server = await TestServer.StartAsync(OfUnary((_, _) => throw new GrpcException(GrpcStatusCode.NotFound, "50% ü\n")));
        var answer = await server.PostAsync(UnaryPath, Frame(s_hello));
        Assert.Equal(("5", "50%25 %C3%BC%0A"), (answer.Status, answer.Message));
    }

    [Theory]
    [InlineData("1x")]
    [InlineData("123456789S")]
    [InlineData("S")]
    [InlineData("-1S")]
    public async Task A_malformed_timeout_is_INTERNAL(string timeout)
    {
        await using var server = await TestServer.StartAsync(Echo);
        var answer = await server.PostAsync(UnaryPath, Frame(s_hello), request => request.Headers.TryAddWithoutValidation("grpc-timeout", timeout));
        Assert.Equal("13", answer.Status);
    }

    [Fact]
    public async Task Binary_metadata_is_accepted_padded_unpadded_and_joined()
    {
        await using var server = await TestServer.StartAsync(OfUnary((_, call) =>
            new(Text(string.Join('|', call.RequestHeaders.GetAll("x-bin").Select(entry => Convert.ToHexString(entry.Bytes)))))));
        var answer = await server.PostAsync(UnaryPath, Frame([]), request => request.Headers.TryAddWithoutValidation("x-bin", "AQ==,AQI,AQID,#"));
        Assert.Equal(Frame(Text("01|0102|010203").ToByteArray()), answer.Body);
    }
}

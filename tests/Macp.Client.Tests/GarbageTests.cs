using System.Buffers.Binary;
using System.Net;
using System.Text;
using Google.Protobuf;
using Macp.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Macp.Client.Tests;

/// <summary>A server that is no runtime, or a broken one: each answer has its exception, for every kind of call, and nothing hangs.</summary>
public class GarbageTests
{
    static readonly byte[] Answer = FakeRuntime.Accept(Notes.Note("s", "alice", "x")).ToByteArray();

    static readonly Dictionary<string, (RequestDelegate Answer, GrpcStatusCode? Status)> Answers = new()
    {
        ["another content type"] = (Reply("text/html", Encoding.UTF8.GetBytes("<html>welcome</html>")), GrpcStatusCode.Unknown),
        ["no content type"] = (Reply(null, Frame(Answer), "0"), GrpcStatusCode.Unknown),
        ["an HTTP error"] = (http => { http.Response.StatusCode = 503; return Task.CompletedTask; }, GrpcStatusCode.Unavailable),
        ["no such path"] = (http => { http.Response.StatusCode = 404; return Task.CompletedTask; }, GrpcStatusCode.Unimplemented),
        ["no body and no status"] = (Reply("application/grpc", []), GrpcStatusCode.Internal),
        ["a message and no trailers"] = (Reply("application/grpc", Frame(Answer)), GrpcStatusCode.Internal),
        ["an unknown status"] = (Reply("application/grpc", Frame(Answer), "99"), GrpcStatusCode.Unknown),
        ["a frame of an unknown kind"] = (Reply("application/grpc", Frame(Answer, flags: 7), "0"), GrpcStatusCode.Internal),
        ["a compressed message"] = (Reply("application/grpc", Frame(Answer, flags: 1), "0"), GrpcStatusCode.Internal),
        ["a frame that is cut"] = (Reply("application/grpc", Frame(Answer)[..^3], "0"), GrpcStatusCode.Internal),
        ["a head that is cut"] = (Reply("application/grpc", [0, 0, 0], "0"), GrpcStatusCode.Internal),
        ["a protobuf that is cut"] = (Reply("application/grpc", Frame(Answer[..^3]), "0"), GrpcStatusCode.Internal),
        ["no protobuf"] = (Reply("application/grpc", Frame([0xff, 0xff, 0xff, 0xff]), "0"), GrpcStatusCode.Internal),
        ["a message that is too large"] = (Reply("application/grpc", Frame([], length: 64 * 1024 * 1024), "0"), GrpcStatusCode.ResourceExhausted),
        ["a length beyond all bounds"] = (Reply("application/grpc", Frame([], length: uint.MaxValue), "0"), GrpcStatusCode.ResourceExhausted),
        // With CANCEL or INTERNAL_ERROR, as it happens.
        ["a stream that is reset"] = (http => { http.Abort(); return Task.CompletedTask; }, null),
    };

    public static TheoryData<string> Kinds => [.. Answers.Keys];

    [Theory, MemberData(nameof(Kinds))]
    public async Task Garbage_is_a_status_whatever_is_called(string kind)
    {
        var (answer, status) = Answers[kind];
        await using var app = await StartAsync(HttpProtocols.Http2, answer);

        await AssertEachFailsAsync(app, status);
    }

    [Fact]
    public async Task So_is_a_server_of_HTTP_1()
    {
        await using var app = await StartAsync(HttpProtocols.Http1, Reply("text/plain", Encoding.UTF8.GetBytes("hello")));

        await AssertEachFailsAsync(app, null);
    }

    static async Task AssertEachFailsAsync(WebApplication app, GrpcStatusCode? status)
    {
        await using var client = new MacpClient(new() { Endpoint = new(app.Urls.Single()), AllowInsecure = true, Auth = MacpAuth.DevAgent("alice") });
        Func<Task>[] calls =
        [
            () => client.SendAsync(Notes.Note("s", "alice", "x")),
            () => client.GetSessionAsync("s"),
            async () => { await foreach (var _ in client.WatchSignalsAsync()) { } },
            async () =>
            {
                await using var stream = await client.OpenStreamAsync();
                while (await stream.ReadAsync() is not null) { }
            },
        ];
        foreach (var call in calls)
        {
            var e = await Assert.ThrowsAnyAsync<MacpTransportException>(() => call().WaitAsync(TimeSpan.FromSeconds(30)));
            Assert.Equal(status ?? e.StatusCode, e.StatusCode);
        }
    }

    static RequestDelegate Reply(string? contentType, byte[] body, string? status = null) => async http =>
    {
        http.Response.ContentType = contentType;
        if (status is not null) http.Response.DeclareTrailer("grpc-status");
        await http.Response.Body.WriteAsync(body);
        if (status is not null) http.Response.AppendTrailer("grpc-status", status);
    };

    static byte[] Frame(byte[] message, byte flags = 0, uint? length = null)
    {
        byte[] frame = [flags, 0, 0, 0, 0, .. message];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), length ?? (uint)message.Length);
        return frame;
    }

    static async Task<WebApplication> StartAsync(HttpProtocols protocols, RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }
}

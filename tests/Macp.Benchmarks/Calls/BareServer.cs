using System.Net;
using Google.Protobuf;
using Macp.Wire.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Macp.Benchmarks.Calls;

/// <summary>The control of every call: Kestrel, and nothing that looks at the request. Any POST is answered by one and the same <c>Ack</c>.</summary>
static class BareServer
{
    static readonly byte[] Answer = Framed(new SendResponse
    {
        Ack = new() { Ok = true, MessageId = "00000000-8a0f-4b6e-9d6c-3f1f6e0c5a21", SessionId = "5d0b2a52-0d5c-4f0e-9f39-0d6a3a0f1c11", AcceptedAtUnixMs = 1_750_000_000_000, SessionState = SessionState.Open },
    });

    /// <summary>Serves until it is told to stop, and says where.</summary>
    public static async Task RunAsync(string endpoint)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPEndPoint.Parse(endpoint), static listen => listen.Protocols = HttpProtocols.Http2);
        });
        await using var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        Console.WriteLine($"bare: listening on {app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()}");
        await app.WaitForShutdownAsync();
    }

    /// <summary>One message behind the prefix of gRPC.</summary>
    public static byte[] Framed(IMessage message) => [0, .. BitConverter.GetBytes(IPAddress.HostToNetworkOrder(message.CalculateSize())), .. message.ToByteArray()];

    static async Task AnswerAsync(HttpContext http)
    {
        var body = http.Request.BodyReader;
        for (bool complete = false; !complete;)
        {
            var read = await body.ReadAsync();
            complete = read.IsCompleted;
            body.AdvanceTo(read.Buffer.End);
        }
        http.Response.ContentType = "application/grpc";
        await http.Response.BodyWriter.WriteAsync(Answer);
        http.Response.AppendTrailer("grpc-status", "0");
    }
}

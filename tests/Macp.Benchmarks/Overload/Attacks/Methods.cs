using Google.Protobuf.Reflection;
using Macp.Grpc;
using Macp.Wire.V1;

namespace Macp.Benchmarks.Overload.Attacks;

/// <summary>The two methods that everybody here calls, without what the client does beside them.</summary>
static class Methods
{
    static readonly ServiceDescriptor Service = CoreReflection.Descriptor.Services[0];

    public static GrpcMethod<SendRequest, SendResponse> Send { get; } = new(Service.FullName, "Send", SendRequest.Parser, SendResponse.Parser);

    public static GrpcMethod<StreamSessionRequest, StreamSessionResponse> StreamSession { get; } =
        new(Service.FullName, "StreamSession", StreamSessionRequest.Parser, StreamSessionResponse.Parser);

    /// <summary>Calls as whoever has this token.</summary>
    public static GrpcCallOptions As(string token)
    {
        var metadata = new GrpcMetadata();
        metadata.Add("authorization", "Bearer " + token);
        return new() { Metadata = metadata };
    }

    /// <summary>Sends, and tells what came of it: accepted, a code, or a status.</summary>
    public static async Task<string> SendAsync(GrpcChannel channel, Envelope envelope, GrpcCallOptions options)
    {
        try
        {
            var ack = (await channel.UnaryAsync(Send, new() { Envelope = envelope }, options).ConfigureAwait(false)).Ack;
            return ack.Ok ? Accepted : ack.Error.Code;
        }
        catch (GrpcException e)
        {
            return e.Status.Code.ToString();
        }
    }

    public const string Accepted = "accepted";
}

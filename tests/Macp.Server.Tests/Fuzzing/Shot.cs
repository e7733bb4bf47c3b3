using Macp.Grpc;
using System.Buffers.Binary;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Macp.Protocol;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>One HTTP/2 request, right or wrong in any of its parts.</summary>
/// <param name="Method">The method of the service that it is for.</param>
/// <param name="Body">What is posted.</param>
sealed record Shot(MethodDescriptor Method, byte[] Body)
{
    const byte Compressed = 1;

    public static readonly MethodDescriptor[] Methods = [.. Rpc.Service.Methods];

    /// <summary>The whole value of <c>authorization</c>; null for none.</summary>
    public string? Credential { get; init; }

    /// <summary>Whose credential it is; null when it is nobody's.</summary>
    public string? Sender { get; init; }

    public string Verb { get; init; } = "POST";

    public string? Path { get; init; }

    public string? ContentType { get; init; } = "application/grpc";

    public (string Name, string Value)[] Metadata { get; init; } = [];

    /// <summary>The value of <c>grpc-timeout</c>.</summary>
    public string? Timeout { get; init; }

    /// <summary>When the client resets the call; null for never.</summary>
    public TimeSpan? GivesUp { get; init; }

    /// <summary>Whether it is a gRPC request of the method, whatever its body.</summary>
    public bool IsCall => Verb == "POST" && Path is null && ContentType?.Split(';')[0] is "application/grpc" or "application/grpc+proto";

    public static MethodDescriptor Named(string method) => Rpc.Service.FindMethodByName(method);

    public static Shot Of(string method, IMessage request, Caller caller) => Of(method, request.ToByteArray(), caller);

    public static Shot Of(string method, byte[] request, Caller caller) => new(Named(method), RawCall.Frame(request)) { Credential = caller.Credential, Sender = caller.Name };

    /// <summary>The messages of a body up to the first that is none of the method, and what may be said of that one.</summary>
    public (List<IMessage> Messages, GrpcStatusCode[] Faults) Read(int largest)
    {
        var messages = new List<IMessage>();
        var rest = Body.AsSpan();
        for (; rest.Length > 0;)
        {
            if (rest[0] == Compressed && rest.Length >= 5) return (messages, [GrpcStatusCode.Unimplemented]);
            if (rest.Length < 5 || rest[0] != 0) return (messages, [GrpcStatusCode.Internal]);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest[1..]);
            if (length > largest) return (messages, [GrpcStatusCode.ResourceExhausted]);
            if (length > rest.Length - 5 || Parse(rest.Slice(5, (int)length)) is not { } message) return (messages, [GrpcStatusCode.Internal]);
            messages.Add(message);
            rest = rest[(5 + (int)length)..];
        }
        return (messages, messages.Count == 1 || Method.IsClientStreaming ? [] : [GrpcStatusCode.Internal]);
    }

    IMessage? Parse(ReadOnlySpan<byte> bytes)
    {
        if (WireShape.Of(Method.InputType).Check(bytes) is not WireFault.None) return null;
        try
        {
            return Method.InputType.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}

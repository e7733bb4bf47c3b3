using System.Buffers.Binary;
using Google.Protobuf;
using Macp.Grpc;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>What came back.</summary>
/// <param name="Http">The status of HTTP; 0 when there was none.</param>
/// <param name="Status">The status of gRPC; null when there was none.</param>
/// <param name="Detail">Its text, or what broke.</param>
/// <param name="Body">The response's body.</param>
sealed record Answer(int Http, GrpcStatusCode? Status, string Detail, byte[] Body)
{
    public bool IsOk => Status is GrpcStatusCode.Ok;

    /// <summary>The message of a call that has one.</summary>
    public T Message<T>(MessageParser<T> parser)
        where T : IMessage<T> => parser.ParseFrom(Body.AsSpan(5));

    /// <summary>The messages of a stream.</summary>
    public IEnumerable<T> Messages<T>(MessageParser<T> parser)
        where T : IMessage<T>
    {
        for (int at = 0; at + 5 <= Body.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(Body.AsSpan(at + 1));
            yield return parser.ParseFrom(Body.AsSpan(at + 5, length));
            at += 5 + length;
        }
    }

    public override string ToString() => $"HTTP {Http}, {Status?.ToString() ?? "no status"}: {Detail}";
}

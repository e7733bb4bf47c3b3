using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Macp.Grpc.Wire;

/// <summary>Reads messages from a body, one after the other. Messages and HTTP/2 frames need not line up.</summary>
sealed class MessageReader<T>(PipeReader body, MessageParser<T> parser, FrameRules rules, Func<ReadOnlySequence<byte>, GrpcStatus?>? check = null)
    where T : class, IMessage<T>, IBufferMessage
{
    bool _awaitsRest;

    /// <summary>Told when the rest of a message that has begun is waited for, and when it is there; null where nobody wants to know.</summary>
    public Action<bool>? AwaitsRest { get; init; }

    /// <summary>The next message; null at the end of the body.</summary>
    /// <exception cref="GrpcException">The body breaks the protocol. Reading again says so again.</exception>
    /// <exception cref="OperationCanceledException">The token, or <see cref="PipeReader.CancelPendingRead"/>, ended the wait.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await body.ReadAsync(cancellationToken).ConfigureAwait(false);
            bool hasBegun = !result.Buffer.IsEmpty;
            bool isTaken = TryTake(result, out var message);
            if (_awaitsRest != (hasBegun && !isTaken)) AwaitsRest?.Invoke(_awaitsRest = !_awaitsRest);
            if (isTaken) return message;
        }
    }

    /// <summary>
    /// Reads without waiting, if a body of exactly one message is already there; what is not so simple is left where it is for
    /// <see cref="ReadAsync"/>.
    /// </summary>
    public static bool TryReadSingle(
        PipeReader body, MessageParser<T> parser, FrameRules rules, Func<ReadOnlySequence<byte>, GrpcStatus?>? check, out T? message)
    {
        message = null;
        if (!body.TryRead(out var result)) return false;

        var rest = result.Buffer;
        if (!result.IsCompleted || result.IsCanceled || !MessageFrame.TryRead(ref rest, rules, out var payload) || !rest.IsEmpty)
        {
            body.AdvanceTo(result.Buffer.Start);
            return false;
        }

        message = Parse(payload, parser, check);
        body.AdvanceTo(rest.End);
        return true;
    }

    /// <summary>The only message of a body.</summary>
    /// <exception cref="GrpcException">INTERNAL: there are none or several; or as <see cref="ReadAsync"/>.</exception>
    public async ValueTask<T> ReadSingleAsync(CancellationToken cancellationToken)
    {
        var message = await ReadAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new GrpcException(GrpcStatusCode.Internal, "The body has no message where one was expected.");
        if (await ReadAsync(cancellationToken).ConfigureAwait(false) is not null)
            throw new GrpcException(GrpcStatusCode.Internal, "The body has several messages where one was expected.");
        return message;
    }

    bool TryTake(in ReadResult result, out T? message)
    {
        var (rest, examined) = (result.Buffer, result.Buffer.Start);
        message = null;
        try
        {
            if (result.IsCanceled) throw new OperationCanceledException("The call has ended.");
            if (MessageFrame.TryRead(ref rest, rules, out var payload))
            {
                message = Parse(payload, parser, check);
                examined = rest.Start;
                return true;
            }

            if (result.IsCompleted && rest.IsEmpty) return true;
            if (result.IsCompleted) throw new GrpcException(GrpcStatusCode.Internal, "The body ended in the middle of a message.");
            examined = rest.End;
            return false;
        }
        finally
        {
            // Advanced on every way out, so that a reader that failed fails alike when asked again.
            body.AdvanceTo(message is null ? result.Buffer.Start : rest.Start, examined);
        }
    }

    static T Parse(ReadOnlySequence<byte> payload, MessageParser<T> parser, Func<ReadOnlySequence<byte>, GrpcStatus?>? check)
    {
        if (check?.Invoke(payload) is { IsOk: false } refusal) throw new GrpcException(refusal);
        try
        {
            return payload.IsSingleSegment ? parser.ParseFrom(payload.FirstSpan) : parser.ParseFrom(payload);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new GrpcException(GrpcStatusCode.Internal, "The message is not of the method's type.", innerException: e);
        }
    }
}

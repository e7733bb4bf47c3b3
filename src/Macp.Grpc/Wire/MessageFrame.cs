using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Macp.Grpc.Wire;

/// <summary>Length-Prefixed-Message: a byte of flags, four of length (big-endian), then the message.</summary>
static class MessageFrame
{
    public const int PrefixLength = 5;

    // Larger messages are written in the pipe's own blocks rather than into one span, which would be rented at the message's size.
    const int LargestSpan = 64 * 1024;

    /// <summary>
    /// Takes one message off the front of <paramref name="buffer"/>. False when it is not all there yet. The length is judged as soon
    /// as the prefix is there, before anything is buffered for it.
    /// </summary>
    /// <exception cref="GrpcException">The message is compressed, too large, or no message.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, FrameRules rules, out ReadOnlySequence<byte> message)
    {
        message = default;
        if (buffer.Length < PrefixLength) return false;

        Span<byte> copy = stackalloc byte[PrefixLength];
        scoped var prefix = buffer.FirstSpan;
        if (prefix.Length < PrefixLength)
        {
            buffer.Slice(0, PrefixLength).CopyTo(copy);
            prefix = copy;
        }

        if (prefix[0] == 1) throw new GrpcException(rules.Compressed);
        if (prefix[0] != 0) throw new GrpcException(GrpcStatusCode.Internal, "The flags of the message are not those of gRPC.");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (length > (uint)rules.MaxBytes)
            throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"A message of {length} bytes was received; the limit is {rules.MaxBytes}.");
        if (buffer.Length - PrefixLength < length) return false;

        message = buffer.Slice(PrefixLength, length);
        buffer = buffer.Slice(message.End);
        return true;
    }

    /// <summary>Serialises straight into <paramref name="output"/>; nothing is written when it throws.</summary>
    /// <exception cref="GrpcException">The message is larger than <paramref name="maxBytes"/>.</exception>
    public static void Write<T>(IBufferWriter<byte> output, T message, int maxBytes) where T : IMessage
    {
        int size = SizeOf(message, maxBytes);
        if (size <= LargestSpan)
        {
            WriteTo(output.GetSpan(PrefixLength + size), message, size);
            output.Advance(PrefixLength + size);
            return;
        }

        WritePrefix(output.GetSpan(PrefixLength), size);
        output.Advance(PrefixLength);
        message.WriteTo(output);
    }

    /// <summary>Copies a serialised message behind its prefix; nothing is written when it throws.</summary>
    /// <exception cref="GrpcException">The message is larger than <paramref name="maxBytes"/>.</exception>
    public static void WriteSerialized(IBufferWriter<byte> output, ReadOnlySpan<byte> message, int maxBytes)
    {
        CheckSize(message.Length, maxBytes);
        WritePrefix(output.GetSpan(PrefixLength), message.Length);
        output.Advance(PrefixLength);
        output.Write(message);
    }

    /// <summary>Writes prefix and message to the front of <paramref name="span"/>.</summary>
    public static void WriteTo<T>(Span<byte> span, T message, int size) where T : IMessage
    {
        WritePrefix(span, size);
        message.WriteTo(span.Slice(PrefixLength, size));
    }

    /// <summary>The message's size in bytes, within the limit.</summary>
    /// <exception cref="GrpcException">It is above the limit.</exception>
    public static int SizeOf<T>(T message, int maxBytes) where T : IMessage
    {
        int size = message.CalculateSize();
        CheckSize(size, maxBytes);
        return size;
    }

    static void CheckSize(int size, int maxBytes)
    {
        if (size > maxBytes)
            throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"A message of {size} bytes was to be sent; the limit is {maxBytes}.");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void WritePrefix(Span<byte> span, int size)
    {
        span[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(span[1..], size);
    }
}

/// <summary>What one side accepts.</summary>
/// <param name="MaxBytes">The largest message, in bytes, without its prefix.</param>
/// <param name="Compressed">The status of a compressed message. Neither side announces a compression, but the blame differs.</param>
sealed record FrameRules(int MaxBytes, GrpcStatus Compressed)
{
    public static FrameRules Server(int maxBytes) =>
        new(maxBytes, new(GrpcStatusCode.Unimplemented, "Compressed messages are not supported; send identity."));

    public static FrameRules Client(int maxBytes) =>
        new(maxBytes, new(GrpcStatusCode.Internal, "The server sent a compressed message, though no compression was offered."));
}

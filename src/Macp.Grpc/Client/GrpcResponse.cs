namespace Macp.Grpc;

/// <summary>The outcome of a unary call, with its metadata.</summary>
/// <typeparam name="T">The message.</typeparam>
/// <param name="Message">The response.</param>
/// <param name="Headers">The metadata ahead of it.</param>
/// <param name="Trailers">The metadata behind it.</param>
public sealed record GrpcResponse<T>(T Message, GrpcMetadata Headers, GrpcMetadata Trailers);

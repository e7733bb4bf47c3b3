using System.Buffers;
using Google.Protobuf;

namespace Macp.Grpc;

/// <summary>One method of a service: its name, and how its messages are read. Server and client share it.</summary>
/// <typeparam name="TRequest">The request message.</typeparam>
/// <typeparam name="TResponse">The response message.</typeparam>
public sealed class GrpcMethod<TRequest, TResponse>
    where TRequest : class, IMessage<TRequest>, IBufferMessage
    where TResponse : class, IMessage<TResponse>, IBufferMessage
{
    /// <summary>Describes a method.</summary>
    /// <param name="service">The service's full name, such as <c>package.v1.Service</c>.</param>
    /// <param name="name">The method's name, such as <c>Send</c>.</param>
    /// <param name="requestParser">Reads requests, on the server.</param>
    /// <param name="responseParser">Reads responses, on the client.</param>
    public GrpcMethod(string service, string name, MessageParser<TRequest> requestParser, MessageParser<TResponse> responseParser)
    {
        ArgumentException.ThrowIfNullOrEmpty(service);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(requestParser);
        ArgumentNullException.ThrowIfNull(responseParser);
        (Service, Name, RequestParser, ResponseParser) = (service, name, requestParser, responseParser);
        (Path, FullName) = ($"/{service}/{name}", $"{service}/{name}");
    }

    /// <summary>The service's full name.</summary>
    public string Service { get; }

    /// <summary>The method's name within the service.</summary>
    public string Name { get; }

    /// <summary>The request's path: <c>/service/name</c>.</summary>
    public string Path { get; }

    /// <summary>The name by which it is measured: <c>service/name</c>.</summary>
    public string FullName { get; }

    /// <summary>Reads requests.</summary>
    public MessageParser<TRequest> RequestParser { get; }

    /// <summary>Reads responses.</summary>
    public MessageParser<TResponse> ResponseParser { get; }

    /// <summary>
    /// On the server, sees the raw bytes of each request before they are parsed, and may end the call with the status it returns;
    /// null lets the request pass. The bytes are valid during the check only.
    /// </summary>
    public Func<ReadOnlySequence<byte>, GrpcStatus?>? RequestCheck { get; init; }
}

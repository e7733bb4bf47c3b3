using Google.Protobuf;
using Macp.Grpc.Server;

namespace Macp.Grpc;

/// <summary>
/// A service as a set of handlers, one a method. A handler ends its call by returning, or by throwing <see cref="GrpcException"/>;
/// whatever else it throws is logged and reaches the client as UNKNOWN, without its text.
/// </summary>
/// <param name="name">The full name, such as <c>package.v1.Service</c>.</param>
public sealed class GrpcService(string name)
{
    readonly Dictionary<string, Func<ServerEnvironment, MethodHandler>> _handlers = [];

    /// <summary>The full name.</summary>
    public string Name { get; } = name;

    internal IReadOnlyDictionary<string, Func<ServerEnvironment, MethodHandler>> Handlers => _handlers;

    /// <summary>Adds a method of one request and one response.</summary>
    /// <param name="method">The method; its service is this one.</param>
    /// <param name="handler">Answers a call.</param>
    /// <exception cref="ArgumentException">The method is of another service, or is there already.</exception>
    public GrpcService Unary<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, Func<TRequest, GrpcServerCall, ValueTask<TResponse>> handler)
        where TRequest : class, IMessage<TRequest>, IBufferMessage
        where TResponse : class, IMessage<TResponse>, IBufferMessage =>
        Add(method, server => new UnaryHandler<TRequest, TResponse>(method, handler, server));

    /// <summary>Adds a method of one request and a stream of responses, which ends when the handler returns.</summary>
    /// <param name="method">The method; its service is this one.</param>
    /// <param name="handler">Answers a call by writing.</param>
    /// <exception cref="ArgumentException">The method is of another service, or is there already.</exception>
    public GrpcService ServerStreaming<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, Func<TRequest, IGrpcStreamWriter<TResponse>, GrpcServerCall, Task> handler)
        where TRequest : class, IMessage<TRequest>, IBufferMessage
        where TResponse : class, IMessage<TResponse>, IBufferMessage =>
        Add(method, server => new StreamingHandler<TRequest, TResponse>(
            method,
            async (requests, responses, call) =>
            {
                var request = await requests.ReadSingleAsync().ConfigureAwait(false);
                await call.TakeTurnAsync().ConfigureAwait(false);
                await handler(request, responses, call).ConfigureAwait(false);
            },
            server, hasOneRequest: true));

    /// <summary>Adds a method whose two streams are independent of each other. It ends when the handler returns.</summary>
    /// <param name="method">The method; its service is this one.</param>
    /// <param name="handler">Reads and writes, in whatever order.</param>
    /// <exception cref="ArgumentException">The method is of another service, or is there already.</exception>
    public GrpcService Duplex<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, Func<IGrpcStreamReader<TRequest>, IGrpcStreamWriter<TResponse>, GrpcServerCall, Task> handler)
        where TRequest : class, IMessage<TRequest>, IBufferMessage
        where TResponse : class, IMessage<TResponse>, IBufferMessage =>
        Add(method, server => new StreamingHandler<TRequest, TResponse>(method, handler, server, hasOneRequest: false));

    GrpcService Add<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, Func<ServerEnvironment, MethodHandler> handler)
        where TRequest : class, IMessage<TRequest>, IBufferMessage
        where TResponse : class, IMessage<TResponse>, IBufferMessage
    {
        if (method.Service != Name) throw new ArgumentException($"{method.Path} is not a method of {Name}.", nameof(method));
        if (!_handlers.TryAdd(method.Path, handler)) throw new ArgumentException($"{method.Path} has a handler already.", nameof(method));
        return this;
    }
}

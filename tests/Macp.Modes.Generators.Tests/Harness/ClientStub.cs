namespace Macp.Modes.Generators.Tests.Harness;

/// <summary>As much of the client library as a generated session needs to compile; the real one knows gRPC besides.</summary>
internal static class ClientStub
{
    public static Source Source { get; } = new("ClientStub.cs", """
        using Google.Protobuf;
        using Macp.Modes;

        namespace Macp.Client;

        public sealed class MacpClient;

        public sealed record SessionOptions;

        public sealed record MacpAck;

        public sealed record MacpCallOptions;

        public class MacpException : Exception;

        public abstract class ModeSession<TProjection>(MacpClient client, ModeDescriptor descriptor, TProjection projection, SessionOptions? options = null)
            where TProjection : class, IProjection
        {
            public MacpClient Client { get; } = client;
            public ModeDescriptor Descriptor { get; } = descriptor;
            public TProjection Projection { get; } = projection;
            public SessionOptions? Options { get; } = options;

            protected Task<MacpAck> SendAsync(string messageType, IMessage payload, Rejection? localFinding, MacpCallOptions? call, CancellationToken cancellationToken) =>
                throw new NotSupportedException();

            protected string SenderOf(MacpCallOptions? call) => "";
        }
        """);
}

namespace Macp.Grpc;

/// <summary>How a call ended: the <c>grpc-status</c> and <c>grpc-message</c> of its trailers.</summary>
/// <param name="Code">The canonical code.</param>
/// <param name="Detail">A sentence for humans, any Unicode. Never null; empty when there is nothing to say.</param>
public sealed record GrpcStatus(GrpcStatusCode Code, string Detail = "")
{
    /// <summary>Success, without a detail.</summary>
    public static GrpcStatus Ok { get; } = new(GrpcStatusCode.Ok);

    /// <summary>True for <see cref="GrpcStatusCode.Ok"/>.</summary>
    public bool IsOk => Code == GrpcStatusCode.Ok;

    /// <inheritdoc/>
    public override string ToString() => Detail.Length == 0 ? Code.ToString() : $"{Code}: {Detail}";
}

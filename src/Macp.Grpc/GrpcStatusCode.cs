namespace Macp.Grpc;

/// <summary>The seventeen canonical gRPC status codes. The numbers are those of the <c>grpc-status</c> trailer.</summary>
public enum GrpcStatusCode
{
    /// <summary>The call succeeded.</summary>
    Ok = 0,

    /// <summary>The call was cancelled, typically by the caller.</summary>
    Cancelled = 1,

    /// <summary>The cause is not known, or may not be told.</summary>
    Unknown = 2,

    /// <summary>The request is wrong whatever the state of the system.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed before the call completed. It may nevertheless have taken effect.</summary>
    DeadlineExceeded = 4,

    /// <summary>What was asked for does not exist.</summary>
    NotFound = 5,

    /// <summary>What was to be created exists already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known and may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A quota, a limit or a size was exceeded.</summary>
    ResourceExhausted = 8,

    /// <summary>The system is not in a state in which the call makes sense.</summary>
    FailedPrecondition = 9,

    /// <summary>The call was aborted by a concurrent one.</summary>
    Aborted = 10,

    /// <summary>The call went past the valid range.</summary>
    OutOfRange = 11,

    /// <summary>The method, or the compression of a message, is not implemented here.</summary>
    Unimplemented = 12,

    /// <summary>The protocol or an invariant was broken.</summary>
    Internal = 13,

    /// <summary>The service cannot be reached at the moment. Trying again may help.</summary>
    Unavailable = 14,

    /// <summary>Data was lost or damaged beyond repair.</summary>
    DataLoss = 15,

    /// <summary>The caller did not say, or could not prove, who it is.</summary>
    Unauthenticated = 16,
}

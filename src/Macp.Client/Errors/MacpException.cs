namespace Macp.Client;

/// <summary>
/// The base of everything that this library throws, apart from <see cref="OperationCanceledException"/> for a caller's own token. No
/// gRPC, HTTP or protobuf exception leaves a public member, except as an inner exception.
/// </summary>
public class MacpException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What went wrong, and the way out.</param>
    /// <param name="innerException">What caused it.</param>
    public MacpException(string message, Exception? innerException = null) : base(message, innerException) { }

    /// <summary>Whether the same call may succeed when it is made again later, unchanged.</summary>
    public virtual bool IsTransient => false;
}

/// <summary>The client was set up, or called, in a way that cannot work: no credential, plaintext without the opt-in, a malformed endpoint. Nothing was sent.</summary>
/// <param name="message">What is wrong, and the way out.</param>
/// <param name="innerException">What caused it.</param>
public sealed class MacpConfigurationException(string message, Exception? innerException = null) : MacpException(message, innerException);

/// <summary>The runtime does not speak this protocol version, or answered what the protocol does not allow.</summary>
/// <param name="message">What was offered or expected, and what came.</param>
/// <param name="innerException">What caused it.</param>
public sealed class MacpProtocolException(string message, Exception? innerException = null) : MacpException(message, innerException);

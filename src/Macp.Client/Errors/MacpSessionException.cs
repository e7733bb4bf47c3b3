using Macp.Modes;
using Macp.Protocol;

namespace Macp.Client;

/// <summary>The client found what the runtime would refuse, before anything was sent. <see cref="MacpCallOptions.ValidateLocally"/> turns these checks off.</summary>
/// <param name="rejection">What the runtime would say.</param>
public sealed class MacpSessionException(Rejection rejection) : MacpException($"{rejection?.Code}: {rejection?.Reason}")
{
    /// <summary>The code and the reason, the same as a runtime would give.</summary>
    public Rejection Rejection { get; } = rejection ?? throw new ArgumentNullException(nameof(rejection));

    /// <summary>The registry code.</summary>
    public ErrorCode Code => Rejection.Code;
}

/// <summary>The sender of an envelope is not the identity that its credential is for. Nothing was sent.</summary>
/// <param name="expectedSender">The identity that the credential is for.</param>
/// <param name="actualSender">The sender that was named.</param>
public sealed class MacpIdentityMismatchException(string expectedSender, string actualSender)
    : MacpException($"The credential is for '{expectedSender}', so it cannot send as '{actualSender}'. Name no sender, or pass that sender's credential.")
{
    /// <summary>The identity that the credential is for.</summary>
    public string ExpectedSender { get; } = expectedSender;

    /// <summary>The sender that was named.</summary>
    public string ActualSender { get; } = actualSender;
}

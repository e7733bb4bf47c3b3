namespace Macp.Client;

/// <summary>
/// A credential, and whom it is for. It travels as <c>authorization: Bearer ...</c> and as nothing else; the sender's name never does. It
/// may be given to the client, to a session and to a call: the call's counts before the session's, and that before the client's.
/// Immutable, and printed without its token.
/// </summary>
public sealed class MacpAuth
{
    readonly string? _token;
    readonly Func<CancellationToken, ValueTask<string>>? _provider;

    MacpAuth(string? token, Func<CancellationToken, ValueTask<string>>? provider, string? expectedSender, string? senderHint)
    {
        if (expectedSender is not null && string.IsNullOrWhiteSpace(expectedSender)) throw new MacpConfigurationException("expectedSender must not be blank; leave it out.");
        (_token, _provider, ExpectedSender, SenderHint) = (token, provider, expectedSender, senderHint ?? expectedSender);
    }

    /// <summary>Whom the credential is for. An envelope that names another sender is refused before the wire; null switches the guard off.</summary>
    public string? ExpectedSender { get; }

    /// <summary>The name to send by when a call names none, without guarding it.</summary>
    public string? SenderHint { get; }

    /// <summary>The name to send by when a call names none; null when the credential does not say, and the runtime fills it in.</summary>
    public string? Sender => ExpectedSender ?? SenderHint;

    /// <summary>A development credential: the token is the sender's name. Only runtimes in development mode take it.</summary>
    /// <param name="id">The agent's id.</param>
    /// <param name="guard">True to refuse, before the wire, envelopes that name another sender.</param>
    /// <exception cref="MacpConfigurationException">The id is blank, or cannot stand in a header.</exception>
    public static MacpAuth DevAgent(string id, bool guard = true) => new(Checked(id), null, guard ? id : null, id);

    /// <summary>A bearer token, opaque to the client: a JWT or a static token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="expectedSender">The identity that the runtime resolves the token to; guards envelopes. Null for no guard.</param>
    /// <param name="senderHint">The name to send by when a call names none; the expected sender when null.</param>
    /// <exception cref="MacpConfigurationException">The token is blank, or cannot stand in a header.</exception>
    public static MacpAuth Bearer(string token, string? expectedSender = null, string? senderHint = null) =>
        new(Checked(token), null, expectedSender, senderHint);

    /// <summary>A token that changes. The provider is asked before every call and for every stream that is opened, and should cache what it can.</summary>
    /// <param name="tokenProvider">Gives the token that is valid now. What it throws surfaces as <see cref="MacpConfigurationException"/>.</param>
    /// <param name="expectedSender">The identity that the runtime resolves the tokens to; guards envelopes. Null for no guard.</param>
    /// <param name="senderHint">The name to send by when a call names none; the expected sender when null.</param>
    public static MacpAuth Bearer(Func<CancellationToken, ValueTask<string>> tokenProvider, string? expectedSender = null, string? senderHint = null)
    {
        ArgumentNullException.ThrowIfNull(tokenProvider);
        return new(null, tokenProvider, expectedSender, senderHint);
    }

    /// <summary>The credential without its secret.</summary>
    public override string ToString() => $"MacpAuth {{ Sender = {Sender ?? "?"}, Token = *** }}";

    /// <summary>The token that is valid now.</summary>
    internal async ValueTask<string> TokenAsync(CancellationToken cancellationToken)
    {
        if (_token is not null) return _token;
        try
        {
            return Checked(await _provider!(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is not MacpException && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            throw new MacpConfigurationException("The token provider failed; see the inner exception.", e);
        }
    }

    /// <summary>Refuses a sender that the credential is not for. An empty one is filled in by the runtime.</summary>
    internal void Guard(string sender)
    {
        if (ExpectedSender is not null && sender.Length != 0 && sender != ExpectedSender) throw new MacpIdentityMismatchException(ExpectedSender, sender);
    }

    // The message must not quote the token.
    static string Checked(string token)
    {
        if (string.IsNullOrWhiteSpace(token)) throw new MacpConfigurationException("A credential needs a token; it is blank.");
        if (token.AsSpan().ContainsAnyExceptInRange(' ', '~') || token != token.Trim())
            throw new MacpConfigurationException("A token must be printable ASCII without space around it, since it travels in a header.");
        return token;
    }
}

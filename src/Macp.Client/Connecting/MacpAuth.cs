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
    readonly TokenCache? _cache;

    MacpAuth(string? token, Func<CancellationToken, ValueTask<string>>? provider, string? expectedSender, string? senderHint, TokenCache? cache = null)
    {
        _cache = cache;
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

    /// <summary>
    /// A token that changes. The provider is asked before every call and for every stream that is opened, and should cache what it can;
    /// <see cref="Refreshing"/> does. When the runtime refuses the token it is asked once more, and the call repeated if it gives another one.
    /// </summary>
    /// <param name="tokenProvider">Gives the token that is valid now. What it throws surfaces as <see cref="MacpConfigurationException"/>.</param>
    /// <param name="expectedSender">The identity that the runtime resolves the tokens to; guards envelopes. Null for no guard.</param>
    /// <param name="senderHint">The name to send by when a call names none; the expected sender when null.</param>
    public static MacpAuth Bearer(Func<CancellationToken, ValueTask<string>> tokenProvider, string? expectedSender = null, string? senderHint = null)
    {
        ArgumentNullException.ThrowIfNull(tokenProvider);
        return new(null, tokenProvider, expectedSender, senderHint);
    }

    /// <summary>
    /// A token that expires. It is fetched when it is first needed and kept; the next one is fetched in the background shortly before it expires, by one
    /// caller for all, and no caller's cancellation ends that for the others. A fetch that fails leaves the token at hand in use as long as it is valid. When the runtime
    /// refuses a token, a new one is fetched and the call repeated, once.
    /// </summary>
    /// <param name="fetch">Fetches a token and says when it expires. What it throws, or more than 30 seconds, surfaces as <see cref="MacpConfigurationException"/> where no valid token is left.</param>
    /// <param name="expectedSender">The identity that the runtime resolves the tokens to; guards envelopes. Null for no guard.</param>
    /// <param name="senderHint">The name to send by when a call names none; the expected sender when null.</param>
    /// <param name="ahead">How long before the expiry the next token is fetched; a minute when null, and never more than half a token's life.</param>
    public static MacpAuth Refreshing(
        Func<CancellationToken, ValueTask<MacpToken>> fetch, string? expectedSender = null, string? senderHint = null, TimeSpan? ahead = null)
    {
        ArgumentNullException.ThrowIfNull(fetch);
        if (ahead < TimeSpan.Zero) throw new MacpConfigurationException($"'ahead' must not be negative; it is {ahead}.");
        return new(null, null, expectedSender, senderHint, new(fetch, ahead ?? TimeSpan.FromMinutes(1)));
    }

    /// <summary>The credential without its secret.</summary>
    public override string ToString() => $"MacpAuth {{ Sender = {Sender ?? "?"}, Token = *** }}";

    /// <summary>Whether another token may be had where one was refused.</summary>
    internal bool CanRenew => _token is null;

    /// <summary>The token that is valid now.</summary>
    internal async ValueTask<string> TokenAsync(ClientTelemetry telemetry, CancellationToken cancellationToken)
    {
        if (_token is not null) return _token;
        try
        {
            return _cache is not null
                ? await _cache.GetAsync(telemetry, cancellationToken).ConfigureAwait(false)
                : Checked(await _provider!(cancellationToken).AsTask().Unattended().WaitAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is not MacpException && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            throw new MacpConfigurationException("The token provider failed; see the inner exception.", e);
        }
    }

    /// <summary>The runtime has refused this token.</summary>
    internal void Distrust(string refused) => _cache?.Distrust(refused);

    /// <summary>Another token than the one that was refused; null when there is none to be had.</summary>
    internal async ValueTask<string?> RenewedAsync(string refused, ClientTelemetry telemetry, CancellationToken cancellationToken)
    {
        if (!CanRenew) return null;
        Distrust(refused);
        try
        {
            string token = await TokenAsync(telemetry, cancellationToken).ConfigureAwait(false);
            return token == refused ? null : token;
        }
        catch (MacpConfigurationException)
        {
            // That the token was refused says more than that there is no other.
            return null;
        }
    }

    /// <summary>Refuses a sender that the credential is not for. An empty one is filled in by the runtime.</summary>
    internal void Guard(string sender)
    {
        if (ExpectedSender is not null && sender.Length != 0 && sender != ExpectedSender) throw new MacpIdentityMismatchException(ExpectedSender, sender);
    }

    // The message must not quote the token.
    internal static string Checked(string token)
    {
        if (string.IsNullOrWhiteSpace(token)) throw new MacpConfigurationException("A credential needs a token; it is blank.");
        if (token.AsSpan().ContainsAnyExceptInRange(' ', '~') || token != token.Trim())
            throw new MacpConfigurationException("A token must be printable ASCII without space around it, since it travels in a header.");
        return token;
    }
}

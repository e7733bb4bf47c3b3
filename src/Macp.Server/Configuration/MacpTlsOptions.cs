namespace Macp.Server;

/// <summary>The certificates of a server, from PEM files that are read when it starts, and again when somebody connects after they may have changed.</summary>
public sealed record MacpTlsOptions
{
    /// <summary>The server's certificate, and after it those of the authorities between it and one that clients know.</summary>
    public required string CertificateFile { get; init; }

    /// <summary>The certificate's private key, not encrypted.</summary>
    public required string KeyFile { get; init; }

    /// <summary>
    /// The authorities of clients. When set, a client must have a certificate that one of them issued (mutual TLS); who it is, its token still says. Null
    /// to ask for no certificate.
    /// </summary>
    public string? ClientAuthoritiesFile { get; init; }
}

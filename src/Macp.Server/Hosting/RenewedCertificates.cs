using System.Net.Security;
using Macp.Server.Telemetry;
using Microsoft.Extensions.Logging;

namespace Macp.Server.Hosting;

/// <summary>
/// What new connections are served with. Certificates are renewed while a server runs: their files are looked at again when somebody connects, at most every ten
/// seconds. Files that do not fit together, such as a certificate whose new key is not there yet, change nothing, and are told.
/// </summary>
sealed class RenewedCertificates(MacpTlsOptions tls, TlsFiles files, TimeProvider time, ILogger<RenewedCertificates> logger)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    readonly Lock _gate = new();
    SslServerAuthenticationOptions _current = files.Options();
    TlsFiles _read = files;
    long _readAt = time.GetTimestamp();

    /// <summary>How to serve a connection that begins now.</summary>
    public SslServerAuthenticationOptions Current()
    {
        if (time.GetElapsedTime(_readAt) >= Patience) ReadAgain();
        return _current;
    }

    void ReadAgain()
    {
        // One does, and the others go on with what there is.
        if (!_gate.TryEnter()) return;
        try
        {
            _readAt = time.GetTimestamp();
            var now = TlsFiles.Read(tls);
            if (now == _read) return;

            _current = now.Options();
            _read = now;
            logger.RenewedCertificate(tls.CertificateFile);
        }
        catch (MacpConfigurationException e)
        {
            logger.CannotRenewCertificate(e.Message);
        }
        finally
        {
            _gate.Exit();
        }
    }
}

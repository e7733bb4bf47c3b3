using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;

namespace Macp.Client;

/// <summary>Reads options from a section of a configuration, <c>Macp</c> by convention. Its keys are listed in docs/client-hosting.md; others are refused, so that none is misspelt in silence.</summary>
static class ClientConfiguration
{
    static readonly Dictionary<string, Action<MacpClientOptions, string>> Options = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Endpoint"] = (o, text) => o.Endpoint = EndpointOf(text),
        ["AllowInsecure"] = (o, text) => o.AllowInsecure = bool.Parse(text),
        ["Token"] = (_, _) => { },
        ["Sender"] = (_, _) => { },
        ["DefaultTimeout"] = (o, text) => o.DefaultTimeout = Duration(text),
        ["ConnectTimeout"] = (o, text) => o.ConnectTimeout = Duration(text),
        ["KeepAlive"] = (o, text) => o.KeepAlive = Duration(text),
        ["MaxPayloadBytes"] = (o, text) => o.MaxPayloadBytes = int.Parse(text, CultureInfo.InvariantCulture),
        ["ClientName"] = (o, text) => o.ClientName = text,
        ["ClientVersion"] = (o, text) => o.ClientVersion = text,
        ["AutoInitialize"] = (o, text) => o.AutoInitialize = bool.Parse(text),
        ["RootCertificates"] = (o, text) => o.RootCertificates = Certificates(text),
        ["ClientCertificate"] = (_, _) => { },
        ["ClientKey"] = (_, _) => { },
        ["Retry"] = (_, _) => throw new FormatException("it is a section"),
    };

    static readonly Dictionary<string, Func<MacpRetryPolicy, string, MacpRetryPolicy>> Retry = new(StringComparer.OrdinalIgnoreCase)
    {
        ["MaxRetries"] = (policy, text) => policy with { MaxRetries = int.Parse(text, CultureInfo.InvariantCulture) },
        ["BaseDelay"] = (policy, text) => policy with { BaseDelay = Duration(text) },
        ["MaxDelay"] = (policy, text) => policy with { MaxDelay = Duration(text) },
        ["Jitter"] = (policy, text) => policy with { Jitter = double.Parse(text, CultureInfo.InvariantCulture) },
    };

    /// <summary>Every key, those of a section within it by their path.</summary>
    public static IEnumerable<string> Keys => Options.Keys.Where(key => key != "Retry").Concat(Retry.Keys.Select(key => $"Retry:{key}"));

    /// <summary>Sets what the section says.</summary>
    /// <exception cref="MacpConfigurationException">It says what is no option, or what an option cannot be.</exception>
    public static void Read(IConfiguration section, MacpClientOptions options)
    {
        foreach (var entry in section.GetChildren())
        {
            if (!Options.TryGetValue(entry.Key, out var set)) throw Unknown(entry, Options.Keys);
            if (entry.Key.Equals("Retry", StringComparison.OrdinalIgnoreCase) && entry.Value is null) options.Retry = RetryOf(entry, options.Retry ?? MacpRetryPolicy.Default);
            else Read(entry, text => set(options, text));
        }
        ReadCredential(section, options);
        ReadClientCertificate(section, options);
    }

    static MacpRetryPolicy RetryOf(IConfigurationSection section, MacpRetryPolicy policy)
    {
        foreach (var entry in section.GetChildren())
        {
            if (!Retry.TryGetValue(entry.Key, out var with)) throw Unknown(entry, Retry.Keys);
            Read(entry, text => policy = with(policy, text));
        }
        return policy;
    }

    static void ReadCredential(IConfiguration section, MacpClientOptions options)
    {
        if (section["Token"] is { } token) options.Auth = MacpAuth.Bearer(token, section["Sender"]);
        else if (section["Sender"] is not null) throw new MacpConfigurationException($"{PathOf(section, "Sender")} says whom a token is for, and there is none. Set {PathOf(section, "Token")} too.");
    }

    static void ReadClientCertificate(IConfiguration section, MacpClientOptions options)
    {
        if (section["ClientCertificate"] is not { } certificate)
        {
            if (section["ClientKey"] is not null) throw new MacpConfigurationException($"{PathOf(section, "ClientKey")} is the key of a certificate, and there is none. Set {PathOf(section, "ClientCertificate")} too.");
            return;
        }
        Read(section.GetSection("ClientCertificate"), _ => options.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, section["ClientKey"])]);
    }

    // The message must not quote the value, which may be a secret under a wrong key.
    static void Read(IConfigurationSection entry, Action<string> read)
    {
        try
        {
            read(entry.Value ?? throw new FormatException("it is no section"));
        }
        catch (Exception e) when (e is not MacpException)
        {
            throw new MacpConfigurationException($"{entry.Path} cannot be read: {e.GetType().Name}. See docs/client-hosting.md for what it takes, and the inner exception.", e);
        }
    }

    static Uri EndpointOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var endpoint) ? endpoint : new(text, UriKind.Relative);

    // TimeSpan reads "30" as days, which nobody means.
    static TimeSpan Duration(string text) =>
        text.Contains(':') ? TimeSpan.Parse(text, CultureInfo.InvariantCulture) : throw new FormatException("A duration is written hh:mm:ss.");

    static X509Certificate2Collection Certificates(string file)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(file);
        return certificates.Count != 0 ? certificates : throw new FormatException("The file holds no certificate.");
    }

    static MacpConfigurationException Unknown(IConfigurationSection entry, IEnumerable<string> known) =>
        new($"{entry.Path} is no option of a MACP client. There are {string.Join(", ", known)}.");

    static string PathOf(IConfiguration section, string key) => section.GetSection(key).Path;
}

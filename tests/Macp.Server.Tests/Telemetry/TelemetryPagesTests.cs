using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Macp.Grpc;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Server.Telemetry;
using Macp.Tests;

namespace Macp.Server.Tests;

/// <summary>What <c>docs/operating.md</c> and <c>docs/telemetry.md</c> tell of a server's log and metrics is what it writes and measures.</summary>
public sealed class TelemetryPagesTests
{
    // A claim of JWTs, and no metric.
    const string Claim = "macp_scopes";

    static readonly string Operating = ReadPage("operating.md"), Telemetry = ReadPage("telemetry.md");

    [Fact]
    public void Every_event_is_on_the_page_once_with_its_level()
    {
        var written = Events("Macp.Server", @"\[LoggerMessage\(EventId = (\d+), Level = LogLevel\.(\w+)");
        Assert.Equal(written.Order(), Rows(@"^\| (\d+) \| (\w+) \|").Select(row => (int.Parse(row.Groups[1].Value, null), row.Groups[2].Value)));
        Assert.Equal(written.Select(entry => entry.Id).Distinct().Count(), written.Length);
    }

    [Fact]
    public void Events_of_gRPC_are_on_the_page_by_their_category()
    {
        var written = Events("Macp.Grpc", @"\[LoggerMessage\((\d+), LogLevel\.(\w+)");
        Assert.Equal(written, Rows(@"^\| `Macp\.Grpc` \| (\d+) \| (\w+) \|").Select(row => (int.Parse(row.Groups[1].Value, null), row.Groups[2].Value)));
    }

    [Fact]
    public void The_page_tells_how_much_of_a_flood_is_written() =>
        Assert.Contains($"at most {LogAllowance.Entries} are written in ten seconds", Operating.ReplaceLineEndings(" "), StringComparison.Ordinal);

    [Fact]
    public async Task Every_metric_that_is_named_is_to_be_had()
    {
        using var certificates = new Certificates();
        await using var host = await MacpHost.StartAsync(new ModeCatalog().Add<DecisionMode>(), new()
        {
            Listen = new(IPAddress.Loopback, 0),
            MetricsListen = new(IPAddress.Loopback, 0),
            Tls = certificates.Server(),
            Authentication = new() { TokensJson = """[{"token":"t","sender":"s"}]""" },
        });
        using var handler = new SocketsHttpHandler { SslOptions = new() { CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } } };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(certificates.Roots);
        using var channel = new GrpcChannel(new() { Address = host.Address, HttpMessageHandler = handler });
        await channel.UnaryAsync(Rpc.GetSession, new(), Rpc.As("wrong")).FailsWith(GrpcStatusCode.Unauthenticated);
        using var http = new HttpClient();
        string[] had = [.. Names(await http.GetStringAsync(host.MetricsAddress).Happens(), @"(?m)^# TYPE (\w+) ")];

        // The runtime's own are compared with its page by that project's tests.
        string[] kernels = [.. Names(Telemetry, @"(?m)^\| `macp[.a-z_]+` \| `(\w+)` \|")];
        Assert.Contains("macp_credentials_refused_total", kernels);
        Assert.Empty(had.Where(name => name.StartsWith("macp_", StringComparison.Ordinal)).Except(kernels));
        Assert.Empty(Names(Operating, @"\b((?:macp|kestrel|dotnet)_[a-z_]+)\b").Select(name => Regex.Replace(name, "_bucket$", "")).Except(kernels).Except(had).Except([Claim]));
    }

    /// <summary>The events that a project writes, by their declarations, of which none is of another form.</summary>
    static (int Id, string Level)[] Events(string project, string declaration)
    {
        string source = string.Concat(Directory.EnumerateFiles(Path.Combine(SharedFolder.Repository, "src", project), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Select(File.ReadAllText));
        var declared = Regex.Matches(source, declaration).Select(entry => (int.Parse(entry.Groups[1].Value, null), entry.Groups[2].Value.ToLowerInvariant())).ToArray();
        Assert.Equal(Regex.Count(source, @"\[LoggerMessage\("), declared.Length);
        Assert.NotEmpty(declared);
        return declared;
    }

    static IEnumerable<Match> Rows(string pattern) => Regex.Matches(Operating, "(?m)" + pattern);

    static IEnumerable<string> Names(string text, string pattern) => Regex.Matches(text, pattern).Select(name => name.Groups[1].Value).Distinct();

    static string ReadPage(string name) => File.ReadAllText(Path.Combine(SharedFolder.Repository, "docs", name));
}

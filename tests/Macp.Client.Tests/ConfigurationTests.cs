using System.Text.RegularExpressions;
using Macp.Tests;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Client.Tests;

/// <summary>Options from a section of a configuration.</summary>
public class ConfigurationTests
{
    [Fact]
    public void Every_key_sets_its_option()
    {
        using var folder = new CertificateFolder();
        var options = Read(new()
        {
            ["Endpoint"] = "https://runtime.example:50051", ["AllowInsecure"] = "true", ["Token"] = "t0k3n", ["Sender"] = "alice", ["DefaultTimeout"] = "00:00:30",
            ["ConnectTimeout"] = "00:00:03", ["KeepAlive"] = "00:01:00", ["MaxPayloadBytes"] = "4096", ["ClientName"] = "planner", ["ClientVersion"] = "2.1",
            ["AutoInitialize"] = "true", ["RootCertificates"] = folder.Certificate, ["ClientCertificate"] = folder.Certificate, ["ClientKey"] = folder.Key,
            ["Retry:MaxRetries"] = "7", ["Retry:BaseDelay"] = "00:00:00.5", ["Retry:MaxDelay"] = "00:00:09", ["Retry:Jitter"] = "0.5",
        }, out int keys);

        Assert.Equal(ClientConfiguration.Keys.Count(), keys);
        Assert.Equal(("https://runtime.example:50051/", true, "alice"), (options.Endpoint.AbsoluteUri, options.AllowInsecure, options.Auth!.ExpectedSender));
        Assert.Equal((30, 3, 60), (options.DefaultTimeout!.Value.TotalSeconds, options.ConnectTimeout.TotalSeconds, options.KeepAlive.TotalSeconds));
        Assert.Equal((4096, "planner", "2.1", true), (options.MaxPayloadBytes, options.ClientName, options.ClientVersion, options.AutoInitialize));
        Assert.True(options.RootCertificates is [{ HasPrivateKey: false }] && options.ClientCertificates is [{ HasPrivateKey: true }]);
        Assert.Equal((7, 0.5, 9.0, 0.5), (options.Retry!.MaxRetries, options.Retry.BaseDelay.TotalSeconds, options.Retry.MaxDelay.TotalSeconds, options.Retry.Jitter));
    }

    [Theory]
    [InlineData("Macp:Endpiont", "https://x", "Endpoint, AllowInsecure")]
    [InlineData("Macp:Retry:Retries", "3", "MaxRetries, BaseDelay")]
    [InlineData("Macp:Retry", "3", "Macp:Retry")]
    [InlineData("Macp:Endpoint:Host", "x", "Macp:Endpoint")]
    [InlineData("Macp:DefaultTimeout", "30", "Macp:DefaultTimeout")]
    [InlineData("Macp:MaxPayloadBytes", "many", "Macp:MaxPayloadBytes")]
    [InlineData("Macp:RootCertificates", "/there/is/none.pem", "Macp:RootCertificates")]
    [InlineData("Macp:Sender", "alice", "Macp:Token")]
    [InlineData("Macp:ClientKey", "/key.pem", "Macp:ClientCertificate")]
    public void What_is_no_option_or_cannot_be_read_is_named_with_the_way_out(string key, string value, string told) =>
        Assert.Contains(told, Assert.Throws<MacpConfigurationException>(() => ClientConfiguration.Read(Section(new() { [key] = value }), Options())).Message);

    [Fact]
    public void A_value_is_not_quoted_since_it_may_be_a_secret() =>
        Assert.DoesNotContain("s3cr3t", Assert.Throws<MacpConfigurationException>(() => Read(new() { ["MaxPayloadBytes"] = "s3cr3t" }, out _)).Message);

    [Theory, InlineData("localhost:50051"), InlineData("127.0.0.1:50051"), InlineData("[::1]:50051")]
    public void An_endpoint_may_be_bare(string endpoint)
    {
        var options = Read(new() { ["Endpoint"] = endpoint }, out _);

        Assert.Empty(OptionRules.Findings(options));
        Assert.Equal($"https://{endpoint}/", Connecting.Address(options.Endpoint, false).AbsoluteUri);
    }

    [Fact]
    public async Task A_client_is_made_as_a_section_says()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        var services = new ServiceCollection();
        var section = Section(new() { ["Macp:Endpoint"] = runtime.Address.ToString(), ["Macp:AllowInsecure"] = "true", ["Macp:Token"] = "t0k3n" });
        services.AddMacpClient(section, o => o.ClientName = "planner");
        services.AddMacpClient("other", section);
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<MacpClient>().GetSessionAsync("s");
        await provider.GetRequiredKeyedService<MacpClient>("other").GetSessionAsync("s");

        Assert.Equal(["Bearer t0k3n", "Bearer t0k3n"], runtime.Credentials);
        Assert.Equal("planner", provider.GetRequiredService<MacpClient>().Options.ClientName);
    }

    [Fact]
    public void The_page_lists_the_keys_that_there_are()
    {
        string page = File.ReadAllText(Path.Combine(SharedFolder.Repository, "docs", "client-hosting.md"));

        Assert.Equal(ClientConfiguration.Keys, Regex.Matches(page, @"(?m)^\| `([A-Za-z:]+)` \|").Select(row => row.Groups[1].Value));
    }

    static MacpClientOptions Read(Dictionary<string, string?> values, out int keys)
    {
        keys = values.Count;
        var options = Options();
        ClientConfiguration.Read(Section(values.ToDictionary(entry => $"Macp:{entry.Key}", entry => entry.Value)), options);
        return options;
    }

    static MacpClientOptions Options() => new() { Endpoint = new("https://unset") };

    static IConfigurationSection Section(Dictionary<string, string?> values) => new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection("Macp");

    sealed class CertificateFolder : IDisposable
    {
        readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

        public CertificateFolder()
        {
            using var certificate = Certificates.SelfSigned();
            File.WriteAllText(Certificate, certificate.ExportCertificatePem());
            File.WriteAllText(Key, Certificates.KeyPem(certificate));
        }

        public string Certificate => Path.Combine(_folder.FullName, "certificate.pem");

        public string Key => Path.Combine(_folder.FullName, "key.pem");

        public void Dispose() => _folder.Delete(recursive: true);
    }
}

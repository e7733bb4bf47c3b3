using System.Text;
using System.Text.RegularExpressions;
using Macp.Tests;
using Microsoft.Extensions.Configuration;

namespace Macp.Server.Tests;

/// <summary>The variables that <c>docs/operating.md</c> lists, and their defaults, are those of the server.</summary>
public sealed class OperatingPageTests
{
    // What the command reads by itself.
    static readonly string[] Commands = ["MACP_TOKEN"];

    // Those that mean what they meant and have no default here, since nothing is kept or sent unless they say so; RUST_LOG has that of MACP_LOG.
    static readonly string[] OthersDefaults = ["MACP_ROCKSDB_PATH", "MACP_REDIS_URL", "RUST_LOG", "OTEL_EXPORTER_OTLP_ENDPOINT"];

    static readonly string[] Page = File.ReadAllLines(Path.Combine(SharedFolder.Repository, "docs", "operating.md"));

    static readonly (string Name, string Default)[] Listed =
    [
        .. Page.Select(line => Regex.Match(line, @"^\| `([A-Z]+_[A-Z_]+)` \| (?:`([^`]*)`)? ?\|")).Where(row => row.Success)
            .Select(row => (row.Groups[1].Value, row.Groups[2].Value)),
    ];

    // With these, every other one is looked at.
    static readonly Dictionary<string, string> Enough = new() { ["MACP_AUTH_ISSUER"] = "i", ["MACP_AUTH_JWKS_JSON"] = "{}" };

    static readonly SortedSet<string> Asked = Ask();

    [Fact]
    public void Every_variable_is_listed_once_and_nothing_else() => Assert.Equal(Asked, Listed.Select(row => row.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Each_default_is_what_holds_without_the_variable()
    {
        string unset = Told(Enough);
        Assert.All(Listed.Where(row => row.Default.Length > 0), row => Assert.Equal(unset, Told(new(Enough) { [row.Name] = row.Default })));
        Assert.Equal(25, Listed.Count(row => row.Default.Length > 0));
    }

    [Fact]
    public void Every_name_on_the_page_is_that_of_a_variable() =>
        Assert.Empty(Page.SelectMany(line => Regex.Matches(line, "MACP_[A-Z_]+")).Select(name => name.Value).Except(Asked).Except(Commands));

    [Fact]
    public void The_first_settings_are_some()
    {
        var settings = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(Block("json", containing: "\"Macp\"")))).Build();
        var options = MacpEnvironment.Read(settings);
        Assert.Equal(("0.0.0.0:50051", "/var/lib/macp", "127.0.0.1:9464", true), (options.Listen.ToString(), options.DataFolder, options.MetricsListen?.ToString(), options.LogsJson));
        Assert.True(options.Tls is not null && options.Authentication.TokensFile is not null);
    }

    [SharedFact("spec/environment.md")]
    public void Every_variable_of_the_older_runtime_is_known_with_its_default()
    {
        var defaults = Listed.ToDictionary(row => row.Name, row => row.Default);
        var older = File.ReadLines(SharedFolder.Of("spec/environment.md")).Select(line => Regex.Match(line, @"^\| ([A-Z]+_[A-Z_]+.*?) \| ([^ |]*)")).Where(row => row.Success)
            .SelectMany(row => Regex.Matches(row.Groups[1].Value, "[A-Z]+_[A-Z_]+").Select(name => (Name: name.Value, Default: row.Groups[2].Value switch { "off" => "0", "–" => "", var said => said })))
            .ToArray();

        Assert.True(older.Length > 30);
        Assert.All(older, variable => Assert.Equal(OthersDefaults.Contains(variable.Name) ? "" : variable.Default, Assert.Contains(variable.Name, defaults)));
    }

    [Fact]
    public void Every_limit_names_tests_that_exist()
    {
        string[] tests = [.. Page.Where(line => line.StartsWith('|') && !line.StartsWith("|---", StringComparison.Ordinal))
            .SelectMany(line => Regex.Matches(line, @"`(\w+Tests)\.(\w+)`")).Select(test => $"{test.Groups[1].Value}.cs {test.Groups[2].Value}(")];
        var sources = Directory.EnumerateFiles(Path.Combine(SharedFolder.Repository, "tests"), "*Tests.cs", SearchOption.AllDirectories).ToLookup(Path.GetFileName);
        Assert.True(tests.Length > 20);
        Assert.All(tests, test => Assert.Contains(sources[test.Split(' ')[0]], path => File.ReadAllText(path).Contains($" {test.Split(' ')[1]}", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_application_is_the_one_that_is_tried() =>
        Assert.Contains(ExampleApplication.Source().TrimEnd(), Block("csharp", containing: "AddMacpRuntime"), StringComparison.Ordinal);

    /// <summary>The text of the page's first block in a language that has this in it.</summary>
    static string Block(string language, string containing) => Regex.Matches(string.Join('\n', Page), $@"(?ms)^```{language}\n(.*?)^```$")
        .Select(block => block.Groups[1].Value).First(text => text.Contains(containing, StringComparison.Ordinal));

    static SortedSet<string> Ask()
    {
        var asked = new SortedSet<string>(StringComparer.Ordinal);
        MacpEnvironment.Read(name => { asked.Add(name); return Enough.GetValueOrDefault(name); });
        return asked;
    }

    static string Told(Dictionary<string, string> variables) => MacpEnvironment.Read(variables.GetValueOrDefault).ToString();
}

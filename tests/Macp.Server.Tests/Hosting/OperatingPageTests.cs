using System.Text.RegularExpressions;
using Macp.Tests;

namespace Macp.Server.Tests;

/// <summary>The variables that <c>docs/operating.md</c> lists, and their defaults, are those of the server.</summary>
public sealed class OperatingPageTests
{
    static readonly string[] Page = File.ReadAllLines(Path.Combine(SharedFolder.Repository, "docs", "operating.md"));

    static readonly (string Name, string Default)[] Listed =
    [
        .. Page.Select(line => Regex.Match(line, @"^\| `(MACP_[A-Z_]+)` \| (?:`([^`]*)`)? ?\|")).Where(row => row.Success)
            .Select(row => (row.Groups[1].Value, row.Groups[2].Value)),
    ];

    // With these, every other one is looked at.
    static readonly Dictionary<string, string> Enough = new() { ["MACP_AUTH_ISSUER"] = "i", ["MACP_AUTH_JWKS_JSON"] = "{}" };

    [Fact]
    public void Every_variable_of_identity_TLS_and_limits_is_listed_once()
    {
        var asked = new SortedSet<string>(StringComparer.Ordinal);
        MacpEnvironment.Read(name => { asked.Add(name); return Enough.GetValueOrDefault(name); });

        Assert.Equal(asked.Where(name => Regex.IsMatch(name, "^MACP_(AUTH|TLS|ALLOW|DEV|MAX|LIST|REQUEST|CONCURRENCY)_|_LIMIT_PER_MINUTE$")), Listed.Select(row => row.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_default_is_what_holds_without_the_variable()
    {
        string unset = Told(Enough);
        Assert.All(Listed.Where(row => row.Default.Length > 0), row => Assert.Equal(unset, Told(new(Enough) { [row.Name] = row.Default })));
        Assert.Equal(13, Listed.Count(row => row.Default.Length > 0));
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

    static string Told(Dictionary<string, string> variables) => MacpEnvironment.Read(variables.GetValueOrDefault).ToString();
}

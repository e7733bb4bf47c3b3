using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using Macp.Tests;
using Microsoft.Extensions.Logging;

namespace Macp.Client.Tests;

/// <summary>What <c>docs/client-telemetry.md</c> lists is what there is.</summary>
public class TelemetryPageTests
{
    static readonly string Page = File.ReadAllText(Path.Combine(SharedFolder.Repository, "docs", "client-telemetry.md"));

    [Fact]
    public void Every_event_is_on_the_page_once_with_its_level()
    {
        var written = typeof(ClientLog).GetMethods(BindingFlags.Static | BindingFlags.Public).Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>().Select(entry => (entry.EventId, entry.Level.ToString().ToLowerInvariant())).ToList();

        Assert.NotEmpty(written);
        Assert.Equal(written, Rows(@"\| (\d+) \| (\w+) \|").Select(row => (int.Parse(row[1], null), row[2])));
        Assert.Equal(written.Select(entry => entry.EventId).Distinct().Count(), written.Count);
    }

    [Fact]
    public void Every_metric_is_on_the_page_with_its_kind_and_unit()
    {
        Instrument[] written = [.. typeof(ClientMetrics).GetFields(BindingFlags.Static | BindingFlags.Public).Select(field => field.GetValue(null)).OfType<Instrument>()];

        Assert.NotEmpty(written);
        Assert.Equal(written.Select(i => (i.Name, KindOf(i), i.Unit?.Trim('{', '}'))).Order(), Rows(@"\| `([a-z._]+)` \| ([a-z-]+(?: counter)?) \| (\w+) \|").Select(row => (row[1], row[2], (string?)row[3])).Order());
    }

    static string KindOf(Instrument instrument) => instrument switch
    {
        Histogram<double> => "histogram",
        UpDownCounter<long> => "up-down counter",
        _ => "counter",
    };

    static IEnumerable<string[]> Rows(string pattern) => Regex.Matches(Page, "(?m)^" + pattern).Select(row => row.Groups.Values.Select(group => group.Value).ToArray());
}

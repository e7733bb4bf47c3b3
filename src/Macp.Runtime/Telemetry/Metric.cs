namespace Macp.Runtime;

/// <summary>What a metric is, whoever measures it.</summary>
/// <param name="Name">The instrument's name.</param>
/// <param name="Kind">Which instrument it is.</param>
/// <param name="Unit">The unit in UCUM; what is counted stands in braces.</param>
/// <param name="Description">What it means.</param>
/// <param name="Tags">The keys of its tags.</param>
sealed record Metric(string Name, MetricKind Kind, string Unit, string Description, IReadOnlyList<string> Tags);

/// <summary>The kinds of instruments.</summary>
enum MetricKind
{
    /// <summary>A sum that grows.</summary>
    Counter,

    /// <summary>A distribution of values.</summary>
    Histogram,

    /// <summary>A value as it is when somebody looks.</summary>
    Gauge,
}

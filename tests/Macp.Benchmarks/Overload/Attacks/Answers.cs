using System.Collections.Concurrent;

namespace Macp.Benchmarks.Overload.Attacks;

/// <summary>How often each answer was given.</summary>
sealed class Answers
{
    readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public int this[string answer] => _counts.GetValueOrDefault(answer);

    public ICollection<string> Kinds => _counts.Keys;

    public void Add(string answer) => _counts.AddOrUpdate(answer, 1, static (_, count) => count + 1);

    public override string ToString() =>
        string.Join(", ", _counts.OrderByDescending(static answer => answer.Value).Select(static answer => $"{answer.Value:N0} {answer.Key}"));
}

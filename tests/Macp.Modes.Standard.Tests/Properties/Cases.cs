using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;

namespace Macp.Modes.Standard.Tests.Properties;

/// <summary>Runs a law over random sequences. A failure tells the seed, the shortest sequence that fails, and what happened in it.</summary>
static class Cases
{
    /// <summary>How many sequences a law is tried on; <c>MACP_PROPERTY_CASES</c> says otherwise.</summary>
    public static int Count { get; } = int.TryParse(Environment.GetEnvironmentVariable("MACP_PROPERTY_CASES"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 300;

    /// <param name="law">What is wrong with a sequence; null when nothing is.</param>
    public static void Hold(Func<Attempt[], string?> law) => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(Count),
        Prop.ForAll(Attempt.Sequences, attempts => law(attempts) is { } broken ? false.Label(broken) : true.ToProperty()));
}

/// <summary>What the sequences of a law came to, so that it does not hold of nothing.</summary>
sealed class Census
{
    int _sequences, _messages, _accepted, _late, _positive, _negative;

    public void Count(int messages, int late, IEnumerable<bool?> accepted)
    {
        _sequences++;
        _messages += messages;
        _late += late;
        foreach (bool? sign in accepted)
        {
            _accepted++;
            if (sign is true) _positive++;
            if (sign is false) _negative++;
        }
    }

    /// <summary>Sequences got deep, many messages were refused, and both signs were committed to. Few sequences may miss that by chance.</summary>
    public void AssertDepth(ITestOutputHelper output)
    {
        output.WriteLine(ToString());
        if (_sequences < 200) return;
        Assert.True(_accepted >= 2.5 * _sequences, $"too little was accepted: {this}");
        Assert.True(_messages - _accepted >= 2 * _sequences && _late > 0, $"too little was refused: {this}");
        Assert.True(_positive > 0 && _negative > 0, $"a sign was never committed to: {this}");
    }

    public override string ToString() =>
        $"{_sequences} sequences of {_messages} messages, {_late} of them after a commitment; {_accepted} accepted, of which {_positive} positive and {_negative} negative commitments";
}

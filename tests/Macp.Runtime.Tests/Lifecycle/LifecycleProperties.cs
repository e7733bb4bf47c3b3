using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Macp.Wire.V1;
using Xunit.Abstractions;

namespace Macp.Runtime.Tests.Lifecycle;

/// <summary>Whatever is done to a session, and whenever, the kernel answers and remembers what the model says.</summary>
public sealed class LifecycleProperties(ITestOutputHelper output)
{
    static readonly string[] Answers =
        ["duplicate", "PermissionDenied", "SESSION_NOT_OPEN", "SESSION_ALREADY_EXISTS", "INVALID_ENVELOPE", "FORBIDDEN"];

    // As in the properties of the modes.
    static readonly int Cases =
        int.TryParse(Environment.GetEnvironmentVariable("MACP_PROPERTY_CASES"), NumberStyles.None, CultureInfo.InvariantCulture, out int cases) ? cases : 2000;

    [Fact]
    public void The_kernel_does_what_the_model_says()
    {
        var ends = new Dictionary<string, int>();
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(Cases), Prop.ForAll(LifecycleStep.Sequences, sequence =>
            PlayAsync(sequence.Terms, sequence.Steps, ends).GetAwaiter().GetResult() is { } parted ? false.Label(parted) : true.ToProperty()));

        output.WriteLine(string.Join(", ", ends.Select(end => $"{end.Key}: {end.Value}")));
        // So that it does not hold of nothing. Few sequences may miss something by chance.
        if (Cases < 1000) return;
        string[] states = [.. Enum.GetNames<SessionState>().Except([nameof(SessionState.Unspecified)])];
        Assert.All([.. states, .. Answers, "implicit", "resumed", "expired while suspended", "lost", "restarted", "due while down"], seen =>
            Assert.True(ends.GetValueOrDefault(seen) >= Cases / 100, $"few sessions saw: {seen}"));
    }

    /// <summary>Where kernel and model part; null when they do not.</summary>
    static async Task<string?> PlayAsync(Terms terms, LifecycleStep[] steps, Dictionary<string, int> ends)
    {
        try
        {
            var play = await LifecyclePlay.StartAsync(terms);
            var tried = new List<Message>();
            foreach (var step in steps) await step.TakeAsync(play, tried);
            await play.CompareStreamsAsync();
            play.CompareReplay();
            Count(play, ends);
            return null;
        }
        catch (PartedException parted)
        {
            return parted.Message;
        }
    }

    static void Count(LifecyclePlay play, Dictionary<string, int> ends)
    {
        var types = play.Model.History.Select(entry => entry.Message.Type).ToList();
        Add(play.Model.State.ToString(), true);
        Add("implicit", play.Model.History.Any(entry => entry.Message.Id.StartsWith("implicit", StringComparison.Ordinal)));
        Add("resumed", types.Contains("SessionResume"));
        Add("expired while suspended", types is [.., "SessionSuspend", "TtlExpired"]);
        Add("lost", play.Losses > 0);
        Add("restarted", play.Restarts > 0);
        Add("due while down", play.DueWhileDown > 0);
        foreach (string answer in Answers) Add(answer, play.Log.Any(line => line.Contains($": {answer}", StringComparison.Ordinal)));

        void Add(string what, bool was) => ends[what] = ends.GetValueOrDefault(what) + (was ? 1 : 0);
    }
}

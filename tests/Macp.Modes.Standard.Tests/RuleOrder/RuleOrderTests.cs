using Xunit.Abstractions;

namespace Macp.Modes.Standard.Tests.RuleOrder;

/// <summary>A message that breaks two rules gets the code and the reason of the earlier one (decisions 9): all pairs, of all messages of all modes.</summary>
public sealed class RuleOrderTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. Situations.All.Select(situation => situation.ToString())];

    [Theory, MemberData(nameof(Names))]
    public void Without_a_breach_it_is_accepted(string name) => Assert.True(Find(name).Accepted.TryJudge(out var rejection) && rejection is null, rejection?.ToString());

    [Theory, MemberData(nameof(Names))]
    public void Each_breach_alone_gets_its_code_and_reason(string name) => Assert.All(Find(name).Breaches, breach =>
    {
        Assert.True(breach.Break(Find(name).Accepted).TryJudge(out var rejection), $"the history of {breach} is none");
        Assert.True(Is(breach, rejection), $"{breach} got {rejection}");
    });

    [Theory, MemberData(nameof(Names))]
    public void Of_two_breaches_the_earlier_answers(string name)
    {
        var situation = Find(name);
        int judged = 0;
        foreach (var first in situation.Breaches)
            foreach (var second in situation.Breaches.Where(breach => breach.Step > first.Step))
            {
                // The earlier one is broken last, so that the later one cannot mend it.
                Assert.True(first.Break(second.Break(situation.Accepted)).TryJudge(out var rejection), $"the history of {first} and {second} is none");
                Assert.True(Is(first, rejection), $"{first} and {second} got {rejection}");
                judged++;
            }
        output.WriteLine($"{judged} pairs");
        Assert.True(judged > 3);
    }

    [Theory, MemberData(nameof(Names))]
    public void Of_one_breach_of_every_step_the_earliest_answers(string name)
    {
        var situation = Find(name);
        var breaches = situation.Breaches.DistinctBy(breach => breach.Step).OrderBy(breach => breach.Step).ToList();
        for (int i = 0; i < breaches.Count; i++)
        {
            var draft = breaches.Skip(i).Reverse().Aggregate(situation.Accepted, (broken, breach) => breach.Break(broken));
            Assert.True(draft.TryJudge(out var rejection) && Is(breaches[i], rejection), $"{breaches[i]} before {breaches.Count - i - 1} others got {rejection}");
        }
    }

    [Fact]
    public void Every_message_of_every_mode_is_there() => Assert.Equal(
        Properties.Subject.All.SelectMany(mode => mode.Value.Mode.Descriptor.AllMessageTypes.Skip(1).Select(type => $"{mode.Key}: {type}")).Order(),
        Situations.All.Select(situation => $"{situation.Accepted.Mode}: {situation.Accepted.Message.Type}").Order());

    static bool Is(Breach breach, Rejection? rejection) => rejection?.Code == breach.Code && rejection.Reason.Contains(breach.Reason, StringComparison.Ordinal);

    static Situation Find(string name) => Situations.All.Single(situation => situation.ToString() == name);
}

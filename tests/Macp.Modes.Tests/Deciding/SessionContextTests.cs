namespace Macp.Modes.Tests.Deciding;

public class SessionContextTests
{
    [Fact]
    public void Participants_are_the_declared_ones_to_the_letter()
    {
        var session = Session("ana", "Bo", " cy");
        Assert.Equal(["ana", "Bo", " cy"], session.Participants);
        Assert.All(session.Participants, name => Assert.True(session.IsParticipant(name)));
        Assert.All((string[])["Ana", "bo", "cy", "ini", "", "ana "], name => Assert.False(session.IsParticipant(name)));
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(8), InlineData(9), InlineData(1000)]
    public void However_many_participate_all_of_them_do_and_nobody_else(int count)
    {
        var session = Session([.. Enumerable.Range(0, count).Select(i => $"p{i}")]);
        Assert.Equal(count, session.Participants.Count);
        Assert.All(session.Participants, name => Assert.True(session.IsParticipant(name)));
        Assert.All((string[])[$"p{count}", "P0", ""], name => Assert.False(session.IsParticipant(name)));
    }

    [Fact]
    public void The_initiator_commits_whether_it_participates_or_not()
    {
        var session = Session("ana");
        Assert.True(session.MayCommit("ini"));
        Assert.False(session.MayCommit("ana"));
        Assert.False(session.MayCommit("INI"));
    }

    [Theory]
    [InlineData("", "policy.default")]
    [InlineData("policy.x", "policy.x")]
    [InlineData(" ", " ")]
    public void The_policy_that_is_bound_has_a_name(string started, string bound) =>
        Assert.Equal(bound, new SessionContext(new(), new() { PolicyVersion = started }).Policy.Id);

    [Fact]
    public void A_binding_without_rules_of_the_mode_s_type_has_the_mode_s_defaults()
    {
        Assert.Same(Rules.Default, new PolicyBinding("policy.default").RulesAs<Rules>());
        Assert.Same(Rules.Default, new PolicyBinding("policy.x", "rules of another mode").RulesAs<Rules>());
        var rules = new Rules();
        Assert.Same(rules, new PolicyBinding("policy.x", rules).RulesAs<Rules>());
    }

    [Fact]
    public void A_session_does_not_change_with_the_messages_it_was_made_of()
    {
        var envelope = new Envelope { Sender = "ini" };
        var start = new SessionStartPayload { Participants = { "ana" } };
        var session = new SessionContext(envelope, start);
        start.Participants.Add("eve");
        envelope.Sender = "eve";
        Assert.Equal(["ana"], session.Participants);
        Assert.Equal("ini", session.Initiator);
    }

    static SessionContext Session(params string[] participants) => new(new() { Sender = "ini" }, new() { Participants = { participants } });

    sealed class Rules : IModeRules<Rules>
    {
        public static Rules Default { get; } = new();
    }
}

namespace Macp.Client.Tests;

public class SessionChangeTypeTests
{
    [Theory]
    [InlineData("CREATED", false)]
    [InlineData("SUSPENDED", false)]
    [InlineData("RESUMED", false)]
    [InlineData("RESOLVED", true)]
    [InlineData("EXPIRED", true)]
    [InlineData("CANCELLED", true)]
    [InlineData("GONE", true)]
    [InlineData("7", false)]
    [InlineData("created", false)]
    [InlineData("", false)]
    public void A_type_as_text_and_a_change_of_that_type_answer_alike(string type, bool isTerminal)
    {
        var change = new SessionChange { Type = type, Session = SessionInfo.Of(new()) };
        bool[] ofText =
        [
            SessionChangeType.IsCreated(type), SessionChangeType.IsResolved(type), SessionChangeType.IsExpired(type), SessionChangeType.IsSuspended(type),
            SessionChangeType.IsResumed(type), SessionChangeType.IsCancelled(type), SessionChangeType.IsGone(type),
        ];
        string[] names = ["CREATED", "RESOLVED", "EXPIRED", "SUSPENDED", "RESUMED", "CANCELLED", "GONE"];
        bool[] ofChange = [change.IsCreated, change.IsResolved, change.IsExpired, change.IsSuspended, change.IsResumed, change.IsCancelled, change.IsGone];

        Assert.Equal(names.Select(name => name == type), ofText);
        Assert.Equal(ofText, ofChange);
        Assert.Equal((isTerminal, isTerminal, isTerminal), (SessionChangeType.IsTerminal(type), change.IsTerminal, SessionChangeType.Terminal.Contains(type)));
    }
}

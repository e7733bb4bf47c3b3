using Macp.Protocol;

namespace Macp.Client.Tests;

public class ValidationTests
{
    [Theory]
    [InlineData("6f9619ff-8b86-4011-b42d-00c04fc964ff", true)]
    [InlineData("6f9619ff-8b86-7011-b42d-00c04fc964ff", true)]
    [InlineData("6f9619ff-8b86-1011-b42d-00c04fc964ff", false)]
    [InlineData("6F9619FF-8B86-4011-B42D-00C04FC964FF", false)]
    [InlineData("abcdefghijklmnopqrstuv", true)]
    [InlineData("abcdefghijklmnopqrstu", false)]
    [InlineData("abcdefghijklmnopqrstu+", false)]
    public void Session_ids_are_judged_as_the_runtime_judges_them(string id, bool valid) => Assert.Equal(valid, MacpValidation.SessionId(id) is null);

    [Theory]
    [InlineData("", false), InlineData(" ", true), InlineData("m", true), InlineData("implicit-accept:h", false), InlineData("Implicit-accept:h", true)]
    public void Message_ids_are_judged_as_the_runtime_judges_them(string id, bool valid) => Assert.Equal(valid, MacpValidation.MessageId(id) is null);

    [Fact]
    public void Participants_are_counted_named_and_distinct()
    {
        Assert.Null(MacpValidation.Participants(["alice", "bob"]));
        Assert.Null(MacpValidation.Participants([], least: 0));
        Assert.Null(MacpValidation.Participants([.. Enumerable.Range(0, 1000).Select(i => $"p{i}")]));
        Assert.NotNull(MacpValidation.Participants([]));
        Assert.NotNull(MacpValidation.Participants(["alice"], least: 2));
        Assert.NotNull(MacpValidation.Participants(["alice", "\t"]));
        Assert.NotNull(MacpValidation.Participants(["alice", " alice"]));
        Assert.Null(MacpValidation.Participants(["alice", "Alice"]));
    }

    [Fact]
    public void A_payload_may_be_as_large_as_the_limit()
    {
        Assert.Null(MacpValidation.PayloadSize(1_048_576));
        Assert.Equal(ErrorCode.PayloadTooLarge, MacpValidation.PayloadSize(1_048_577)!.Code);
    }

    [Fact]
    public void Progress_names_session_and_mode_or_neither()
    {
        var progress = new ProgressPayload { ProgressToken = "t" };
        Assert.Null(MacpValidation.Progress(progress, "", ""));
        Assert.Null(MacpValidation.Progress(progress, "s", "m"));
        Assert.NotNull(MacpValidation.Progress(progress, "", "m"));
        Assert.NotNull(MacpValidation.Progress(progress, "s", ""));
    }
}

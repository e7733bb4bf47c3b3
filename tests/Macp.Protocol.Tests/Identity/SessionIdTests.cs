namespace Macp.Protocol.Tests.Identity;

public class SessionIdTests
{
    [Theory]
    [InlineData("0189f7a2-5b3c-7d4e-8f01-23456789abcd", "UUID of version 7")]
    [InlineData("f47ac10b-58cc-4372-a567-0e02b2c3d479", "UUID of version 4")]
    [InlineData("f47ac10b-58cc-4372-0567-0e02b2c3d479", "the variant is not examined")]
    [InlineData("f47ac10b58cc4372a5670e02b2c3d479", "32 hexadecimal digits are a token")]
    [InlineData("F47AC10B58CC4372A5670E02B2C3D479", "so are these")]
    [InlineData("g47ac10b-58cc-1372-a567-0e02b2c3d479", "one digit is not hexadecimal: a token of 36 characters")]
    [InlineData("f47ac10b-58cc-1372-a5670-e02b2c3d479", "a hyphen is elsewhere: a token too")]
    [InlineData("0x7ac10b-58cc-4372-a567-0e02b2c3d479", "0x makes no hexadecimal digits")]
    [InlineData("f47ac10b-0xcc-4372-a567-0e02b2c3d479", "nor in the middle")]
    [InlineData("f47ac10b_58cc_4372_a567_0e02b2c3d479", "underscores are base64url")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUV", "22 characters")]
    [InlineData("----------------------", "each of which may be a hyphen")]
    [InlineData("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", "there is no longest")]
    public void These_are_session_ids(string id, string why) => Assert.True(SessionIds.IsValid(id), why);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTU", "21 characters")]
    [InlineData("F47AC10B-58CC-4372-A567-0E02B2C3D479", "upper case")]
    [InlineData("f47ac10b-58cc-4372-a567-0e02b2c3d47F", "one upper-case digit")]
    [InlineData("f47ac10b-58cc-1372-a567-0e02b2c3d479", "version 1")]
    [InlineData("f47ac10b-58cc-3372-a567-0e02b2c3d479", "version 3")]
    [InlineData("f47ac10b-58cc-5372-a567-0e02b2c3d479", "version 5")]
    [InlineData("f47ac10b-58cc-6372-a567-0e02b2c3d479", "version 6")]
    [InlineData("f47ac10b-58cc-8372-a567-0e02b2c3d479", "version 8")]
    [InlineData("00000000-0000-0000-0000-000000000000", "nil")]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff", "max")]
    [InlineData("{f47ac10b-58cc-4372-a567-0e02b2c3d479}", "braces")]
    [InlineData("+47ac10b-58cc-4372-a567-0e02b2c3d479", "a sign")]
    [InlineData("f47ac10b-58cc-4372-a567-0e02b2c3d479\n", "a line feed at the end")]
    [InlineData(" f47ac10b-58cc-4372-a567-0e02b2c3d47", "a space at the beginning")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUV\n", "a line feed at the end")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUV==", "padding")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTU+/", "base64, not base64url")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVé", "beyond ASCII")]
    [InlineData("０１２３４５６７８９０１２３４５６７８９０１", "full-width digits")]
    [InlineData("session-1", "short")]
    public void These_are_not(string id, string why) => Assert.False(SessionIds.IsValid(id), why);

    [Fact]
    public void A_new_id_is_a_session_id_and_unlike_the_one_before()
    {
        string id = SessionIds.New();
        Assert.True(SessionIds.IsValid(id));
        Assert.Equal('4', id[14]);
        Assert.NotEqual(id, SessionIds.New());
    }

    [Fact]
    public void An_ordered_id_sorts_by_its_time()
    {
        string[] ids = [.. Enumerable.Range(0, 3).Select(second => SessionIds.NewOrdered(DateTimeOffset.UnixEpoch.AddSeconds(second)))];
        Assert.All(ids, id => Assert.True(SessionIds.IsValid(id) && id[14] == '7'));
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }

    [Fact]
    public void Messages_and_commitments_get_random_ids()
    {
        foreach (var make in new Func<string>[] { MessageIds.New, CommitmentIds.New })
        {
            Assert.True(Guid.TryParseExact(make(), "D", out var id) && id.Version == 4);
            Assert.NotEqual(make(), make());
            Assert.DoesNotContain(make(), char.IsAsciiLetterUpper);
        }
    }

    [Fact]
    public void Judging_allocates_nothing() => Allocations.AreNone(static () =>
    {
        SessionIds.IsValid("f47ac10b-58cc-4372-a567-0e02b2c3d479");
        SessionIds.IsValid("ABCDEFGHIJKLMNOPQRSTUV");
    });
}

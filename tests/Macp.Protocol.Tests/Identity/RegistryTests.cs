namespace Macp.Protocol.Tests.Identity;

public class RegistryTests
{
    [Fact]
    public void The_registry_has_its_seventeen_codes() => Assert.Equal(
        [
            "DUPLICATE_MESSAGE", "FORBIDDEN", "HISTORY_UNAVAILABLE", "INTERNAL_ERROR", "INVALID_ENVELOPE", "INVALID_POLICY_DEFINITION", "INVALID_SESSION_ID",
            "MODE_NOT_SUPPORTED", "PAYLOAD_TOO_LARGE", "POLICY_DENIED", "RATE_LIMITED", "SESSION_ALREADY_EXISTS", "SESSION_NOT_FOUND",
            "SESSION_NOT_OPEN", "UNAUTHENTICATED", "UNKNOWN_POLICY_VERSION", "UNSUPPORTED_PROTOCOL_VERSION",
        ],
        ErrorCode.All.Select(code => code.ToString()).Order(StringComparer.Ordinal));

    [Fact]
    public void Two_codes_are_worth_a_retry() =>
        Assert.Equal([ErrorCode.RateLimited, ErrorCode.InternalError], ErrorCode.All.Where(code => code.IsTransient));

    [Fact]
    public void A_code_of_a_newer_runtime_keeps_its_name()
    {
        var code = new ErrorCode("TOO_NEW_TO_KNOW");
        Assert.Equal("TOO_NEW_TO_KNOW", code.ToString());
        Assert.False(code.IsTransient);
        Assert.DoesNotContain(code, ErrorCode.All);
    }

    [Fact]
    public void Codes_are_compared_to_the_letter() => Assert.NotEqual(ErrorCode.Forbidden, new ErrorCode("forbidden"));

    [Fact]
    public void No_code_prints_as_nothing() => Assert.Equal("", default(ErrorCode).ToString());

    [Theory]
    [InlineData("SessionSuspend", true)]
    [InlineData("SessionResume", true)]
    [InlineData("SessionCancel", true)]
    [InlineData("Checkpoint", true)]
    [InlineData("TtlExpired", true)]
    [InlineData("SessionStart", false)]
    [InlineData("Commitment", false)]
    [InlineData("Signal", false)]
    [InlineData("Progress", false)]
    [InlineData("sessioncancel", false)]
    public void The_runtimes_own_types_are_five(string type, bool isOne)
    {
        Assert.Equal(isOne, MessageTypes.Annotations.Contains(type));
        Assert.Equal(5, MessageTypes.Annotations.Count);
    }

    [Fact]
    public void The_limits_are_the_protocols()
    {
        Assert.Equal("1.0", MacpProtocol.Version);
        Assert.Equal(24L * 60 * 60 * 1000, MacpProtocol.MaxTtlMs);
        Assert.Equal(7L * 24 * 60 * 60 * 1000, MacpProtocol.DefaultMaxSuspendMs);
        Assert.Equal(1000, MacpProtocol.MaxParticipants);
        Assert.Equal(1024 * 1024, MacpProtocol.DefaultMaxPayloadBytes);
    }
}

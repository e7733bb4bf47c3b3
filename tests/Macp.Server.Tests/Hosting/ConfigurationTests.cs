using Microsoft.Extensions.Configuration;

namespace Macp.Server.Tests;

/// <summary>The same settings in an application's configuration: by the variables' names, or in its section.</summary>
public sealed class ConfigurationTests
{
    static readonly string[] Flags = ["MACP_ALLOW_INSECURE", "MACP_MEMORY_ONLY", "MACP_STRICT_RECOVERY", "MACP_DEV_IDENTITY_REMOTE"];

    public static TheoryData<string, string, string> Settings => new()
    {
        { "MACP_BIND_ADDR", "BindAddr", "[::1]:7" }, { "MACP_DATA_DIR", "DataDir", "here" }, { "MACP_MAX_PAYLOAD_BYTES", "MaxPayloadBytes", "7" },
        { "MACP_AUTH_TOKENS_FILE", "AuthTokensFile", "tokens.json" }, { "MACP_LIST_SESSIONS_MAX_PAGE_SIZE", "listSessionsMaxPageSize", "7" },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void A_setting_says_the_same_in_each_place(string variable, string key, string value)
    {
        var fromVariable = MacpEnvironment.Read(name => name == variable ? value : null);
        Assert.NotEqual(MacpEnvironment.Read(_ => null), fromVariable);
        Assert.Equal(fromVariable, Read((variable, value)));
        Assert.Equal(fromVariable, Read(("Macp:" + key, value)));
    }

    [Fact]
    public void A_variable_counts_before_the_section() => Assert.Equal(7, Read(("MACP_MAX_PAYLOAD_BYTES", "7"), ("Macp:MaxPayloadBytes", "8")).Runtime.MaxPayloadBytes);

    [Fact]
    public void What_is_empty_is_not_set() => Assert.Equal(8, Read(("MACP_MAX_PAYLOAD_BYTES", ""), ("Macp:MaxPayloadBytes", "8")).Runtime.MaxPayloadBytes);

    [Theory]
    [InlineData("true", true), InlineData("True", true), InlineData("1", true), InlineData("false", false), InlineData("0", false), InlineData("", false)]
    public void A_flag_of_the_section_is_yes_or_no(string value, bool isOn) => Assert.Equal(isOn, Read(("Macp:AllowInsecure", value)).AllowInsecure);

    [Fact]
    public void A_flag_that_is_neither_is_refused_and_a_variable_is_not()
    {
        foreach (string flag in Flags) Assert.Equal(Read(), Read((flag, "yes")));
        Assert.Equal("Macp:AllowInsecure must be true or false; it is 'yes'.", Assert.Throws<MacpConfigurationException>(() => Read(("Macp:AllowInsecure", "yes"))).Message);
    }

    [Theory]
    [InlineData("Macp:BindAddr", "50051", "Macp:BindAddr must be an IP address and a port"), InlineData("Macp:TlsCertPath", "c", "Macp:TlsCertPath is set, and MACP_TLS_KEY_PATH must be set too")]
    [InlineData("Macp:RequestTimeoutSecs", "soon", "Macp:RequestTimeoutSecs must be a whole number"), InlineData("Macp:StorageBackend", "redis", "Macp:StorageBackend must be 'file'")]
    [InlineData("Macp:Limits:MaxPayloadBytes", "7", "Macp:Limits is no setting of the runtime; those that there are: AllowInsecure, ")]
    public void What_makes_no_sense_is_told_by_the_name_that_it_was_given(string key, string value, string complaint) =>
        Assert.StartsWith(complaint, Assert.Throws<MacpConfigurationException>(() => Read((key, value))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Macp", "hello", "Macp must be a section"), InlineData("Macp:AuthTokensJson:0:token", "secret", "Macp:AuthTokensJson must be a single value"), InlineData("Macp:BindAddr:0", "127.0.0.1:7", "Macp:BindAddr must be a single value")]
    public void What_has_another_shape_than_a_setting_is_refused_and_not_passed_over(string key, string value, string complaint)
    {
        string refusal = Assert.Throws<MacpConfigurationException>(() => Read((key, value), ("MACP_ALLOW_INSECURE", "1"))).Message;
        Assert.StartsWith(complaint, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal, StringComparison.Ordinal);
    }

    static MacpServerOptions Read(params (string Key, string Value)[] settings) =>
        MacpEnvironment.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>(s.Key, s.Value))).Build());
}


namespace Macp.Server.Tests;

/// <summary>The runtime's environment variables (environment.md).</summary>
public sealed class EnvironmentTests
{
    [Fact]
    public void Without_variables_the_defaults_stand()
    {
        var options = Read();
        Assert.Equal(new MacpServerOptions { DataFolder = ".macp-data" }, options);
        Assert.Equal("127.0.0.1:50051", options.Listen.ToString());
        Assert.Equal((1_048_576, 60, 600), (options.Runtime.MaxPayloadBytes, options.Runtime.SessionStartLimitPerMinute, options.Runtime.MessageLimitPerMinute));
        Assert.Equal((60, 10, 128), (options.Runtime.SweepInterval.TotalSeconds, options.ShutdownDrain.TotalSeconds, options.MaxConcurrentStreams));
        Assert.False(options.AllowInsecure);
    }

    [Fact]
    public void Each_variable_sets_its_option()
    {
        Assert.Equal("[::1]:0", Read("MACP_BIND_ADDR", "[::1]:0").Listen.ToString());
        Assert.Equal(7, Read("MACP_MAX_PAYLOAD_BYTES", "7").Runtime.MaxPayloadBytes);
        Assert.Equal(7, Read("MACP_SESSION_START_LIMIT_PER_MINUTE", "7").Runtime.SessionStartLimitPerMinute);
        Assert.Equal(7, Read("MACP_MESSAGE_LIMIT_PER_MINUTE", "7").Runtime.MessageLimitPerMinute);
        Assert.Equal(TimeSpan.FromSeconds(7), Read("MACP_CLEANUP_INTERVAL_SECS", "7").Runtime.SweepInterval);
        Assert.Equal(7, Read("MACP_LIST_SESSIONS_DEFAULT_PAGE_SIZE", "7").Runtime.SessionsPageSize);
        var small = Read("MACP_LIST_SESSIONS_MAX_PAGE_SIZE", "7").Runtime;
        Assert.Equal((7, 7), (small.SessionsPageSize, small.MaxSessionsPageSize));
        Assert.Equal(TimeSpan.FromSeconds(7), Read("MACP_SHUTDOWN_DRAIN_SECS", "7").ShutdownDrain);
        Assert.Equal(("here", ".macp-data"), (Read("MACP_DATA_DIR", "here").DataFolder, Read("MACP_DATA_DIR", "").DataFolder));
        Assert.Equal("here", Read("MACP_POLICIES_DIR", "here").PoliciesFolder);
        Assert.Null(Read("MACP_POLICIES_DIR", "").PoliciesFolder);
        Assert.Equal(7, Read("MACP_MAX_CONCURRENT_STREAMS", "7").MaxConcurrentStreams);
        Assert.Equal(7, Read("MACP_CONCURRENCY_LIMIT_PER_CONNECTION", "7").MaxConcurrentCalls);
        Assert.Equal(TimeSpan.FromSeconds(7), Read("MACP_REQUEST_TIMEOUT_SECS", "7").RequestTimeout);
        Assert.Equal("127.0.0.1:9090", Read("MACP_METRICS_ADDR", "127.0.0.1:9090").MetricsListen?.ToString());
        Assert.True(Read("MACP_STRICT_RECOVERY", "1").IsRecoveryStrict);
        Assert.Equal(TimeSpan.FromSeconds(7), Read("MACP_SESSION_DISK_RETENTION_SECS", "7").Runtime.HistoryRetention);
        Assert.Null(Read("MACP_SESSION_DISK_RETENTION_SECS", "0").Runtime.HistoryRetention);
    }

    [Theory]
    [InlineData("MACP_STORAGE_BACKEND", "file"), InlineData("MACP_CHECKPOINT_INTERVAL", "10"), InlineData("MACP_ROCKSDB_PATH", "x"), InlineData("MACP_REDIS_URL", "x")]
    public void What_the_older_runtime_was_told_of_its_files_changes_nothing(string name, string value) => Assert.Equal(Read(), Read(name, value));

    [Theory]
    [InlineData("rocksdb"), InlineData("redis"), InlineData("File"), InlineData("disk")]
    public void Histories_are_not_kept_elsewhere_than_it_was_told(string backend) =>
        Assert.StartsWith("MACP_STORAGE_BACKEND must be 'file'", Assert.Throws<MacpConfigurationException>(() => Read("MACP_STORAGE_BACKEND", backend)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("1", true)]
    [InlineData("0", false)]
    [InlineData("true", false)]
    [InlineData("01", false)]
    [InlineData(" 1", false)]
    [InlineData("", false)]
    public void Flags_are_on_for_1_only(string value, bool isOn)
    {
        Assert.Equal(isOn, Read("MACP_ALLOW_INSECURE", value).AllowInsecure);
        Assert.Equal(isOn ? null : ".macp-data", Read("MACP_MEMORY_ONLY", value).DataFolder);
    }

    public static TheoryData<string, string> BadNumbers()
    {
        var data = new TheoryData<string, string>();
        string[] names =
        [
            "MACP_MAX_PAYLOAD_BYTES", "MACP_SESSION_START_LIMIT_PER_MINUTE", "MACP_MESSAGE_LIMIT_PER_MINUTE", "MACP_CLEANUP_INTERVAL_SECS",
            "MACP_SHUTDOWN_DRAIN_SECS", "MACP_MAX_CONCURRENT_STREAMS", "MACP_LIST_SESSIONS_DEFAULT_PAGE_SIZE", "MACP_LIST_SESSIONS_MAX_PAGE_SIZE",
            "MACP_CONCURRENCY_LIMIT_PER_CONNECTION", "MACP_REQUEST_TIMEOUT_SECS", "MACP_CHECKPOINT_INTERVAL",
        ];
        foreach (string name in names)
            foreach (string value in (string[])["-1", "many", "1.5", "1e3", " 7", "99999999999"])
                data.Add(name, value);
        foreach (string name in names.Except(["MACP_SHUTDOWN_DRAIN_SECS", "MACP_CHECKPOINT_INTERVAL"])) data.Add(name, "0");
        data.Add("MACP_CLEANUP_INTERVAL_SECS", "2147483647"); // no timer waits that long
        data.Add("MACP_SHUTDOWN_DRAIN_SECS", "2147483647");
        data.Add("MACP_LIST_SESSIONS_DEFAULT_PAGE_SIZE", "1001"); // more than the largest page
        return data;
    }

    [Theory]
    [MemberData(nameof(BadNumbers))]
    [InlineData("MACP_METRICS_ADDR", "9090")]
    [InlineData("MACP_BIND_ADDR", "127.0.0.1")]
    [InlineData("MACP_BIND_ADDR", "50051")]
    [InlineData("MACP_BIND_ADDR", ":50051")]
    [InlineData("MACP_BIND_ADDR", "127.0.0.1:")]
    [InlineData("MACP_BIND_ADDR", "127.0.0.1:65536")]
    [InlineData("MACP_BIND_ADDR", "127.0.0.1:-1")]
    [InlineData("MACP_BIND_ADDR", "::1")]
    [InlineData("MACP_BIND_ADDR", "::1:50051")]
    [InlineData("MACP_BIND_ADDR", "[::1]")]
    [InlineData("MACP_BIND_ADDR", "[::1]:")]
    [InlineData("MACP_BIND_ADDR", "example.org:50051")]
    [InlineData("MACP_BIND_ADDR", "http://127.0.0.1:50051")]
    [InlineData("MACP_BIND_ADDR", "1:50051")]
    [InlineData("MACP_BIND_ADDR", "127.1:50051")]
    [InlineData("MACP_BIND_ADDR", "0x7f.0.0.1:50051")]
    [InlineData("MACP_BIND_ADDR", " 127.0.0.1:50051")]
    public void A_bad_value_is_refused_by_its_variables_name(string name, string value)
    {
        var refusal = Assert.Throws<MacpConfigurationException>(() => Read(name, value));
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(value, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0:80", "0.0.0.0:80")]
    [InlineData("[::]:80", "[::]:80")]
    [InlineData("[2001:DB8:0::1]:80", "[2001:db8::1]:80")]
    [InlineData("localhost:0", "127.0.0.1:0")]
    [InlineData("", "127.0.0.1:50051")]
    public void An_address_is_one_of_IP_and_a_port(string value, string listen) => Assert.Equal(listen, Read("MACP_BIND_ADDR", value).Listen.ToString());

    static MacpServerOptions Read(string? name = null, string? value = null) => MacpEnvironment.Read(variable => variable == name ? value : null);
}

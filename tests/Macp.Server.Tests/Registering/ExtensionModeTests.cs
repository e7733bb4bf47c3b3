using Google.Protobuf;
using Macp.Grpc;
using Macp.Server.Authentication;
using Macp.Wire.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>The registry of modes on the wire (runtime-semantics 4.4; decisions 25).</summary>
public sealed class ExtensionModeTests
{
    [Fact]
    public async Task A_registered_mode_is_listed_as_it_was_described_hosted_and_taken_out()
    {
        await using var runtime = await TestRuntime.StartAsync();
        Assert.Equal(new RegisterExtModeResponse { Ok = true }, await runtime.RegisterAsync(Standup.Descriptor()));
        Assert.Equal(Standup.Descriptor(), Assert.Single(await ExtensionsAsync(runtime)));
        Assert.Equal([Standup.Mode, Envelopes.Mode], await HostedAsync(runtime));

        string session = Envelopes.NewSession();
        await runtime.AcceptsAsync("ini", Standup.Start(session));
        var status = Envelopes.Of(session, "Status", mode: Standup.Mode).With(e => e.Payload = ByteString.CopyFrom(0xff, 0x00));
        await runtime.AcceptsAsync("alice", status);

        Assert.Equal(new UnregisterExtModeResponse { Ok = true }, await runtime.UnregisterAsync(Standup.Mode));
        Assert.Empty(await ExtensionsAsync(runtime));
        Assert.Equal([Envelopes.Mode], await HostedAsync(runtime));
        Assert.True((await runtime.AcceptsAsync("alice", status)).Duplicate);
        await runtime.RefusesAsync("MODE_NOT_SUPPORTED", "alice", status.With(e => e.MessageId = "again"));
        await runtime.RefusesAsync("MODE_NOT_SUPPORTED", "ini", Standup.Start(Envelopes.NewSession()));
        await using var stream = runtime.Stream("alice");
        await stream.SendAsync(status);
        await stream.RefusesAsync("MODE_NOT_SUPPORTED");
        await stream.SubscribeAsync(session, 1); // which can still be read
        Assert.Equal(status.Payload, (await stream.NextAsync())!.Envelope.Payload);
        Assert.Equal(SessionState.Cancelled, (await runtime.CancelAsync("ini", session)).SessionState);
    }

    public static TheoryData<string, string> Misfits => new()
    {
        { "no name", "empty" }, { "a blank name", "empty" }, { "a reserved name", "reserved" }, { "a name of no form", "no mode identifier" },
        { "no message types", "message type" }, { "no version", "mode_version" }, { "no terminal types", "terminal message type" },
        { "another terminal type", "Commitment" }, { "a terminal type that is none", "message_types" }, { "a type of the runtime's", "reserved" },
        { "a name that is taken", "already registered" },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public async Task What_cannot_be_registered_is_an_answer_and_changes_nothing(string what, string phrase)
    {
        await using var runtime = await TestRuntime.StartAsync();
        await runtime.RegisterAsync(Standup.Descriptor());
        await using var watch = await runtime.WatchAsync(Rpc.WatchModeRegistry, "bob");
        await watch.NextAsync();
        string before = await TracesAsync(runtime);
        var descriptor = Standup.Descriptor();
        descriptor.Mode = "ext.other.v1";
        Spoil(descriptor, what);

        var answer = await runtime.RegisterAsync(descriptor);

        Assert.False(answer.Ok);
        Assert.Contains(phrase, answer.Error, StringComparison.Ordinal);
        Assert.Equal(before, await TracesAsync(runtime));
        await IsQuietAsync(runtime, watch);
    }

    [Theory]
    [InlineData("ext.unheard.v1", "not found")]
    [InlineData("", "not found")]
    [InlineData(Envelopes.Mode, "built-in")]
    [InlineData("ext.promoted.v1", "standards-track")]
    public async Task What_cannot_be_taken_out_is_an_answer_and_changes_nothing(string mode, string phrase)
    {
        await using var runtime = await TestRuntime.StartAsync();
        await runtime.RegisterAsync(Standup.Descriptor());
        await runtime.PromoteAsync(Standup.Mode, "ext.promoted.v1");
        string before = await TracesAsync(runtime);

        var answer = await runtime.UnregisterAsync(mode);

        Assert.False(answer.Ok);
        Assert.Contains(phrase, answer.Error, StringComparison.Ordinal);
        Assert.Equal(before, await TracesAsync(runtime));
    }

    [Fact]
    public async Task A_promoted_mode_is_standard_under_its_new_name_and_its_starts_are_judged_strictly()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await runtime.RegisterAsync(Standup.Descriptor());
        string before = Envelopes.NewSession();
        await runtime.AcceptsAsync("ini", Standup.Start(before, start => start.Participants.Clear()));

        Assert.Equal(new PromoteModeResponse { Ok = true, Mode = "com.example.standup.v1" }, await runtime.PromoteAsync(Standup.Mode, "com.example.standup.v1"));

        Assert.Empty(await ExtensionsAsync(runtime));
        var renamed = Standup.Descriptor();
        renamed.Mode = "com.example.standup.v1";
        Assert.Equal([Envelopes.Mode, renamed.Mode], (await StandardsAsync(runtime)).Select(mode => mode.Mode));
        Assert.Equal(renamed, (await StandardsAsync(runtime))[1]);
        await runtime.RefusesAsync("MODE_NOT_SUPPORTED", "ini", Envelopes.Of(before, "Status", mode: Standup.Mode));
        await runtime.RefusesAsync("INVALID_ENVELOPE", "ini", Standup.Start(Envelopes.NewSession(), start => start.Participants.Clear(), renamed.Mode));
        await runtime.AcceptsAsync("ini", Standup.Start(Envelopes.NewSession(), null, renamed.Mode));
    }

    [Fact]
    public async Task A_mode_that_is_promoted_under_its_own_name_keeps_its_sessions_and_is_promoted_once()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await runtime.RegisterAsync(Standup.Descriptor());
        string session = Envelopes.NewSession();
        await runtime.AcceptsAsync("ini", Standup.Start(session));

        Assert.Equal(new PromoteModeResponse { Ok = true, Mode = Standup.Mode }, await runtime.PromoteAsync(Standup.Mode, ""));

        Assert.Equal(Standup.Descriptor(), (await StandardsAsync(runtime))[1]);
        Assert.Empty(await ExtensionsAsync(runtime));
        await runtime.AcceptsAsync("alice", Envelopes.Of(session, "Status", mode: Standup.Mode));
        Assert.Contains("already standards-track", (await runtime.PromoteAsync(Standup.Mode, "ext.again.v1")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ext.unheard.v1", "", "not found")]
    [InlineData(Envelopes.Mode, "", "already standards-track")]
    [InlineData(Standup.Mode, "macp.mode.standup.v1", "reserved")]
    [InlineData(Standup.Mode, " ", "empty")]
    [InlineData(Standup.Mode, "Standup", "no mode identifier")]
    [InlineData(Standup.Mode, "ext.taken.v1", "already exists")]
    public async Task What_cannot_be_promoted_is_an_answer_and_changes_nothing(string mode, string name, string phrase)
    {
        await using var runtime = await TestRuntime.StartAsync();
        await runtime.RegisterAsync(Standup.Descriptor());
        await runtime.RegisterAsync(new(Standup.Descriptor()) { Mode = "ext.taken.v1" });
        string before = await TracesAsync(runtime);

        var answer = await runtime.PromoteAsync(mode, name);

        Assert.Equal((false, ""), (answer.Ok, answer.Mode));
        Assert.Contains(phrase, answer.Error, StringComparison.Ordinal);
        Assert.Equal(before, await TracesAsync(runtime));
    }

    [Theory]
    [InlineData(null, GrpcStatusCode.Unauthenticated)]
    [InlineData("bob", GrpcStatusCode.PermissionDenied)]
    [InlineData("olga", GrpcStatusCode.PermissionDenied)]
    public async Task Whoever_has_not_the_right_is_told_so_before_anything_else(string? caller, GrpcStatusCode code)
    {
        await using var runtime = await TestRuntime.StartAsync(configure: services => services.AddSingleton<IAuthenticator, Town>());
        await runtime.RegisterAsync(Standup.Descriptor());
        string before = await TracesAsync(runtime);
        var options = Rpc.As(caller);

        await runtime.Channel.UnaryAsync(Rpc.RegisterExtMode, new() { ModeDescriptor = new(Standup.Descriptor()) { Mode = "ext.other.v1" } }, options).FailsWith(code);
        await runtime.Channel.UnaryAsync(Rpc.RegisterExtMode, new(), options).FailsWith(code);
        await runtime.Channel.UnaryAsync(Rpc.UnregisterExtMode, new() { Mode = Standup.Mode }, options).FailsWith(code);
        await runtime.Channel.UnaryAsync(Rpc.UnregisterExtMode, new() { Mode = "ext.unheard.v1" }, options).FailsWith(code);
        await runtime.Channel.UnaryAsync(Rpc.PromoteMode, new() { Mode = Standup.Mode }, options).FailsWith(code);

        Assert.Equal(before, await TracesAsync(runtime));
    }

    [Fact]
    public async Task A_registration_without_a_descriptor_is_invalid()
    {
        await using var runtime = await TestRuntime.StartAsync();
        Assert.StartsWith(
            "INVALID_REQUEST:",
            await runtime.Channel.UnaryAsync(Rpc.RegisterExtMode, new(), Rpc.As("ops")).FailsWith(GrpcStatusCode.InvalidArgument), StringComparison.Ordinal);
        Assert.Contains("empty", (await runtime.RegisterAsync(new())).Error, StringComparison.Ordinal); // which is a descriptor
    }

    static void Spoil(ModeDescriptor d, string what)
    {
        switch (what)
        {
            case "no name": d.Mode = ""; break;
            case "a blank name": d.Mode = " \t"; break;
            case "a reserved name": d.Mode = "macp.mode.standup.v1"; break;
            case "a name of no form": d.Mode = "standup"; break;
            case "no message types": d.MessageTypes.Clear(); break;
            case "no version": d.ModeVersion = " "; break;
            case "no terminal types": d.TerminalMessageTypes.Clear(); break;
            case "another terminal type": d.TerminalMessageTypes[0] = "Status"; break;
            case "a terminal type that is none": d.MessageTypes.Remove("Commitment"); break;
            case "a type of the runtime's": d.MessageTypes.Add("TtlExpired"); break;
            case "a name that is taken": d.Mode = Standup.Mode; break;
            default: throw new ArgumentOutOfRangeException(nameof(what), what, null);
        }
    }

    /// <summary>Everything that can be read of the registry.</summary>
    static async Task<string> TracesAsync(TestRuntime runtime) =>
        string.Join('\n', [.. await StandardsAsync(runtime), .. await ExtensionsAsync(runtime), .. await HostedAsync(runtime)]);

    static async Task<IList<ModeDescriptor>> StandardsAsync(TestRuntime runtime) => (await runtime.Channel.UnaryAsync(Rpc.ListModes, new(), Rpc.As(null)).Happens()).Modes;

    static async Task<IList<ModeDescriptor>> ExtensionsAsync(TestRuntime runtime) => (await runtime.Channel.UnaryAsync(Rpc.ListExtModes, new(), Rpc.As(null)).Happens()).Modes;

    static async Task<IList<string>> HostedAsync(TestRuntime runtime) =>
        (await runtime.Channel.UnaryAsync(Rpc.Initialize, new() { SupportedProtocolVersions = { "1.0" } }, Rpc.As(null)).Happens()).SupportedModes;

    /// <summary>The next thing that the watch tells is a change that is made now.</summary>
    static async Task IsQuietAsync(TestRuntime runtime, Watch<WatchModeRegistryResponse> watch)
    {
        runtime.Time.Advance(TimeSpan.FromSeconds(1));
        await runtime.UnregisterAsync(Standup.Mode);
        Assert.Equal(runtime.Time.NowMs, (await watch.NextAsync()).Change.ObservedAtUnixMs);
    }
}

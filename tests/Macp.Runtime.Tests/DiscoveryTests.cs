using Macp.Modes;
using Macp.Wire.V1;
using ModeDescriptor = Macp.Modes.ModeDescriptor;

namespace Macp.Runtime.Tests;

public sealed class DiscoveryTests
{
    readonly World _world = new();

    [Fact]
    public void The_handshake_selects_the_version_and_promises_only_what_there_is()
    {
        Assert.True(_world.Runtime.Initialize(new() { SupportedProtocolVersions = { "2.0", "1.0" } }).Succeeded(out var response, out _));
        Assert.Equal(("1.0", "macp-runtime"), (response.SelectedProtocolVersion, response.RuntimeInfo.Name));
        Assert.Equal([NotesMode.Identifier], response.SupportedModes);
        Assert.Equal(
            new Capabilities
            {
                Sessions = new() { Stream = true, ListSessions = true, WatchSessions = true },
                Cancellation = new() { CancelSession = true },
                Progress = new() { Progress = true },
                Manifest = new() { GetManifest = true },
                ModeRegistry = new() { ListModes = true, ListChanged = true },
                Roots = new() { ListRoots = true },
                PolicyRegistry = new() { RegisterPolicy = true, ListPolicies = true, ListChanged = true },
                Experimental = new() { Features = { ["ext_mode_lifecycle"] = "true" } },
            },
            response.Capabilities);
    }

    [Fact]
    public void The_handshake_refuses_no_version_and_other_versions()
    {
        var none = _world.Runtime.Initialize(new());
        Expect.Failed(FailureKind.InvalidArgument, none);
        Assert.StartsWith("INVALID_REQUEST:", none.Failure!.Message);

        var other = _world.Runtime.Initialize(new() { SupportedProtocolVersions = { "1.1", " 1.0" } });
        Expect.Failed(FailureKind.FailedPrecondition, other);
        Assert.StartsWith("UNSUPPORTED_PROTOCOL_VERSION:", other.Failure!.Message);
    }

    [Fact]
    public void The_standards_track_is_listed_in_its_order_and_the_others_by_name()
    {
        var modes = new ModeCatalog().Add<Named<Zebra>>().Add<Named<Quorum>>().Add<Named<Unheard>>().Add<Named<Decision>>().Add<NotesMode>().Add<Named<Errand>>();
        var runtime = new MacpRuntime(modes);
        Assert.Equal(
            ["macp.mode.decision.v1", "macp.mode.task.v1", "macp.mode.quorum.v1", "macp.mode.unheard.v1"],
            runtime.ListModes().Modes.Select(m => m.Mode));
        Assert.Equal(["com.zebra.auction.v1", NotesMode.Identifier], runtime.ListExtModes().Modes.Select(m => m.Mode));
    }

    [Fact]
    public void A_descriptor_says_what_the_mode_declares()
    {
        var mode = Assert.Single(_world.Runtime.ListExtModes().Modes);
        Assert.Equal((NotesMode.Identifier, "1.0.0", "Notes", "peer", "semantic-deterministic"), (mode.Mode, mode.ModeVersion, mode.Title, mode.ParticipantModel, mode.DeterminismClass));
        Assert.Equal(["SessionStart", "Note", "Alarm", "Rang", "Silence", "Break", "Commitment"], mode.MessageTypes);
        Assert.Equal(["Commitment"], mode.TerminalMessageTypes);
    }

    /// <summary>A mode that differs from the notes in its name only.</summary>
    sealed class Named<TName> : IMode
        where TName : IName
    {
        public static ModeDescriptor Descriptor { get; } = NotesMode.Descriptor with { Identifier = TName.Identifier };

        public static SessionHandler Open(SessionContext session) => NotesMode.Open(session);
    }

    interface IName
    {
        static abstract string Identifier { get; }
    }

    sealed class Zebra : IName { public static string Identifier => "com.zebra.auction.v1"; }

    sealed class Quorum : IName { public static string Identifier => "macp.mode.quorum.v1"; }

    sealed class Unheard : IName { public static string Identifier => "macp.mode.unheard.v1"; }

    sealed class Decision : IName { public static string Identifier => "macp.mode.decision.v1"; }

    sealed class Errand : IName { public static string Identifier => "macp.mode.task.v1"; }
}

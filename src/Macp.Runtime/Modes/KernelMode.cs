using System.Collections.Frozen;
using Macp.Modes;
using WireDescriptor = Macp.Wire.V1.ModeDescriptor;

namespace Macp.Runtime;

/// <summary>One version of a hosted mode, with what the kernel looks up for each of its messages.</summary>
sealed class KernelMode
{
    readonly FrozenSet<string> _types;
    readonly bool _isOpaque;
    volatile bool _isHosted = true;

    KernelMode(HostedMode mode, WireDescriptor descriptor, bool isOpaque)
    {
        (Hosted, Descriptor, _isOpaque) = (mode, descriptor, isOpaque);
        _types = mode.Descriptor.AllMessageTypes.ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>A mode that was compiled in.</summary>
    public static KernelMode Of(HostedMode mode) => new(mode, WireDescriptors.Of(mode.Descriptor), isOpaque: false);

    /// <summary>A mode of which nobody knows more than its descriptor.</summary>
    public static KernelMode Of(WireDescriptor descriptor) => Of(descriptor.Clone(), isHosted: true);

    /// <summary>A mode that a stored session was started in and that is hosted no more: the session can be read, and takes no more messages.</summary>
    public static KernelMode NotHosted(string identifier, string version) => Of(new WireDescriptor { Mode = identifier, ModeVersion = version }, isHosted: false);

    static KernelMode Of(WireDescriptor descriptor, bool isHosted) => new(DescriptorOnlyMode.Of(descriptor), descriptor, isOpaque: true) { IsHosted = isHosted };

    /// <summary>The mode as its rules know it.</summary>
    public HostedMode Hosted { get; }

    /// <summary>Whether nobody knows more of it than its descriptor.</summary>
    public bool IsOpaque => _isOpaque;

    /// <summary>What the lists of modes tell of it.</summary>
    public WireDescriptor Descriptor { get; }

    public string Identifier => Descriptor.Mode;

    public string Version => Descriptor.ModeVersion;

    public ModeGovernance? Governance => Hosted.Governance;

    public int MinimumParticipants => Hosted.Descriptor.MinimumParticipants;

    /// <summary>Whether it is hosted still. Its sessions keep it, and take no more messages once it is not.</summary>
    public bool IsHosted
    {
        get => _isHosted;
        set => _isHosted = value;
    }

    public SessionHandler Open(SessionContext session) => Hosted.Open(session);

    /// <summary>The same mode under another identifier.</summary>
    public KernelMode Named(string identifier)
    {
        var descriptor = Descriptor.Clone();
        descriptor.Mode = identifier;
        return new(Hosted with { Descriptor = Hosted.Descriptor with { Identifier = identifier } }, descriptor, _isOpaque);
    }

    /// <summary>Whether this is what registering the descriptor made once.</summary>
    public bool WasRegisteredAs(WireDescriptor descriptor) => _isOpaque && Descriptor.Equals(descriptor);

    /// <summary>A message type's name: the same string every time.</summary>
    public string NameOf(string messageType) => _types.TryGetValue(messageType, out string? name) ? name : messageType;
}

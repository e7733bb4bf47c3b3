using System.Collections.Concurrent;
using System.Collections.Immutable;
using Macp.Modes;
using Macp.Protocol;
using WireDescriptor = Macp.Wire.V1.ModeDescriptor;

namespace Macp.Runtime;

/// <summary>
/// The hosted modes: those that were compiled in, and those that are registered by their descriptor while the runtime runs (runtime-semantics 4.4). What
/// it refuses, it tells in a sentence. <see cref="RegistryChanges"/> alone changes it, one change after the other; readers take no lock.
/// </summary>
sealed class ModeRegistry
{
    const string StandardsPrefix = "macp.mode.";

    // A mode means the same for ever, as a policy does: open sessions and stored histories rely on it.
    readonly ConcurrentDictionary<(string Identifier, string Version), KernelMode> _everHosted = new();
    volatile ImmutableSortedDictionary<string, ModeFamily> _families = ImmutableSortedDictionary.Create<string, ModeFamily>(StringComparer.Ordinal);

    /// <summary>Hosts the catalog as it is now.</summary>
    public ModeRegistry(ModeCatalog catalog)
    {
        foreach (string identifier in catalog.All.Select(mode => mode.Descriptor.Identifier).Distinct())
            Host(new([.. catalog.Versions(identifier).Select(KernelMode.Of)], IsBuiltIn: true, IsReserved(identifier)), _families);
    }

    /// <summary>Wakes those who watch, after every change.</summary>
    public WakeUp Changed { get; } = new();

    /// <summary>Everything that is hosted, by identifier.</summary>
    public IEnumerable<ModeFamily> Families => _families.Values;

    /// <summary>Everything that is hosted, as its rules know it.</summary>
    public IReadOnlyList<HostedMode> All => [.. Families.SelectMany(family => family.Versions).Select(mode => mode.Hosted)];

    public ModeFamily? Find(string identifier) => _families.GetValueOrDefault(identifier);

    /// <summary>The mode that a stored session is bound to. Where it may be hosted again, it is the one that will be: the session goes on with it.</summary>
    public KernelMode Recall(string identifier, string version) => _everHosted.GetValueOrDefault((identifier, version)) ?? KernelMode.NotHosted(identifier, version);

    /// <summary>To host a mode by its descriptor.</summary>
    public ChangePlan Register(WireDescriptor descriptor)
    {
        if (CheckName("mode", descriptor.Mode) is { } misnamed) return misnamed;
        if (CheckTypes(descriptor) is { } wrong) return wrong;
        if (_families.ContainsKey(descriptor.Mode)) return $"mode '{descriptor.Mode}' is already registered";
        if (!_everHosted.TryGetValue((descriptor.Mode, descriptor.ModeVersion), out var mode)) mode = KernelMode.Of(descriptor);
        else if (!mode.WasRegisteredAs(descriptor))
            return $"'{descriptor.Mode}' {descriptor.ModeVersion} was another mode, and sessions are bound to it; give this one another mode_version";
        return ChangePlan.To(() => Host(new([mode], IsBuiltIn: false, IsStandard: false), _families));
    }

    /// <summary>To host a registered mode no more. Its sessions take no more messages.</summary>
    public ChangePlan Unregister(string identifier)
    {
        if (Find(identifier) is not { } family) return $"mode '{identifier}' is not found";
        if (family.IsBuiltIn) return $"mode '{identifier}' is built-in, and stays";
        if (family.IsStandard) return $"mode '{identifier}' is standards-track, and stays";
        return ChangePlan.To(() =>
        {
            family.Host(false);
            _families = _families.Remove(identifier);
            Changed.Pulse();
        });
    }

    /// <summary>To put a mode on the standards track, under this identifier. Policies of the one that it had do not govern it under another.</summary>
    public ChangePlan Promote(string identifier, string promoted)
    {
        if (Find(identifier) is not { } family) return $"mode '{identifier}' is not found";
        if (family.IsStandard) return $"mode '{identifier}' is already standards-track";
        var promotion = family with { IsStandard = true };
        if (promoted == identifier) return ChangePlan.To(() => Host(promotion, _families));
        if (CheckName("promoted_mode_name", promoted) is { } misnamed) return misnamed;
        if (_families.ContainsKey(promoted)) return $"mode '{promoted}' already exists";
        promotion = promotion.Named(promoted);
        if (promotion.Versions.Any(mode => _everHosted.ContainsKey((mode.Identifier, mode.Version)))) return $"'{promoted}' was another mode once; choose another name";
        return ChangePlan.To(() =>
        {
            family.Host(false);
            Host(promotion, _families.Remove(identifier));
        });
    }

    static bool IsReserved(string identifier) => identifier.StartsWith(StandardsPrefix, StringComparison.Ordinal);

    static string? CheckName(string field, string identifier) =>
        string.IsNullOrWhiteSpace(identifier) ? $"{field} must not be empty"
        : IsReserved(identifier) ? $"{field} '{identifier}' is reserved: identifiers under {StandardsPrefix} are the protocol's own"
        : Identifiers.IsMode(identifier) ? null : $"{field} '{identifier}' is no mode identifier: {Identifiers.ModeForms}"; // decisions 25

    static string? CheckTypes(WireDescriptor descriptor)
    {
        if (descriptor.MessageTypes.Count == 0) return "message_types must name at least one message type";
        if (string.IsNullOrWhiteSpace(descriptor.ModeVersion)) return "mode_version must not be blank";
        if (descriptor.TerminalMessageTypes.Count == 0) return "terminal_message_types must name at least one terminal message type";
        foreach (string type in descriptor.TerminalMessageTypes)
        {
            if (type != MessageTypes.Commitment) return $"'{type}' cannot be terminal; the one message that ends a session is {MessageTypes.Commitment}";
            if (!descriptor.MessageTypes.Contains(type)) return $"the terminal {type} is not among message_types";
        }
        return CheckNames(descriptor);
    }

    /// <summary>Types that no message of a session can have would never be accepted.</summary>
    static string? CheckNames(WireDescriptor descriptor)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (string type in descriptor.MessageTypes)
        {
            if (string.IsNullOrWhiteSpace(type)) return "a message type in message_types is empty";
            if (!names.Add(type)) return $"message_types names the message type '{type}' twice";
            if (MessageTypes.Annotations.Contains(type) || type is MessageTypes.Signal or MessageTypes.Progress)
                return $"the message type '{type}' in message_types is reserved: it is the protocol's own";
        }
        return null;
    }

    /// <summary>Hosts these beside others: at once, so that no list shows half of a change.</summary>
    void Host(ModeFamily family, ImmutableSortedDictionary<string, ModeFamily> others)
    {
        foreach (var mode in family.Versions) _everHosted[(mode.Identifier, mode.Version)] = mode;
        family.Host(true);
        _families = others.SetItem(family.Identifier, family);
        Changed.Pulse();
    }
}

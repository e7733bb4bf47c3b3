using System.Diagnostics;
using Macp.Wire.Journal.V1;

namespace Macp.Runtime;

/// <summary>How changes of the registries stand in a journal.</summary>
static class RegistryCodec
{
    public static Entry Write(RegistryChange change) => change switch
    {
        PolicyRegistered(var policy, long at) => new() { PolicyRegistered = new() { Policy = policy, RegisteredAtUnixMs = at } },
        PolicyUnregistered(var id) => new() { PolicyUnregistered = new() { PolicyId = id } },
        ModeRegistered(var descriptor) => new() { ModeRegistered = new() { Mode = descriptor } },
        ModeUnregistered(var mode) => new() { ModeUnregistered = new() { Mode = mode } },
        ModePromoted(var mode, var newMode) => new() { ModePromoted = new() { Mode = mode, NewMode = newMode } },
        _ => throw new UnreachableException(),
    };

    /// <summary>The change that stands in an entry; null of an entry of something else.</summary>
    public static RegistryChange? Read(Entry entry) => entry.WhatCase switch
    {
        Entry.WhatOneofCase.PolicyRegistered => new PolicyRegistered(entry.PolicyRegistered.Policy, entry.PolicyRegistered.RegisteredAtUnixMs),
        Entry.WhatOneofCase.PolicyUnregistered => new PolicyUnregistered(entry.PolicyUnregistered.PolicyId),
        Entry.WhatOneofCase.ModeRegistered => new ModeRegistered(entry.ModeRegistered.Mode),
        Entry.WhatOneofCase.ModeUnregistered => new ModeUnregistered(entry.ModeUnregistered.Mode),
        Entry.WhatOneofCase.ModePromoted => new ModePromoted(entry.ModePromoted.Mode, entry.ModePromoted.NewMode),
        _ => null,
    };
}

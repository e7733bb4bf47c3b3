using Macp.Wire.V1;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>What the registries must hold, from what they held at first and what was acknowledged since.</summary>
sealed class RegistryRecord
{
    // One change at a time: of two at once, nobody outside knows which was made first.
    readonly SemaphoreSlim _turn = new(1);
    readonly Dictionary<string, ModeDescriptor> _standard = new(StringComparer.Ordinal), _extension = new(StringComparer.Ordinal);
    readonly Dictionary<string, PolicyDescriptor> _policies = new(StringComparer.Ordinal);

    public int Changes { get; private set; }

    /// <summary>Whether a call may change a registry.</summary>
    public static bool IsChangedBy(Shot shot) => shot.IsCall && shot.Method.Name is "RegisterExtMode" or "UnregisterExtMode" or "PromoteMode" or "RegisterPolicy" or "UnregisterPolicy";

    /// <summary>Takes the registries as they are.</summary>
    public async Task BeginAsync(Gun gun, Caller caller)
    {
        var (standard, extension, policies) = await ReadAsync(gun, caller);
        foreach (var mode in standard) _standard.Add(mode.Mode, mode);
        foreach (var mode in extension) _extension.Add(mode.Mode, mode);
        foreach (var policy in policies) _policies.Add(policy.PolicyId, policy);
    }

    public async Task<Answer> FireAsync(Gun gun, Shot shot)
    {
        await _turn.WaitAsync();
        try
        {
            var answer = await gun.FireAsync(shot);
            if (answer.IsOk) Enter(shot, answer);
            return answer;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The registries hold what was acknowledged, and nothing else.</summary>
    public async Task CompareAsync(Gun gun, Caller caller)
    {
        var (standard, extension, policies) = await ReadAsync(gun, caller);
        Assert.Equal(InOrder(_standard), standard.OrderBy(mode => mode.Mode, StringComparer.Ordinal));
        Assert.Equal(InOrder(_extension), extension.OrderBy(mode => mode.Mode, StringComparer.Ordinal));
        // When it was registered is the runtime's to say.
        foreach (var policy in policies) policy.RegisteredAtUnixMs = _policies.GetValueOrDefault(policy.PolicyId)?.RegisteredAtUnixMs ?? 0;
        Assert.Equal(InOrder(_policies), policies.OrderBy(policy => policy.PolicyId, StringComparer.Ordinal));
    }

    /// <summary>The policies that were registered by clients, and the modes.</summary>
    public IEnumerable<Shot> Undo(Caller caller, IReadOnlySet<string> kept) =>
    [
        .. _policies.Keys.Where(id => !kept.Contains(id)).Select(id => Shot.Of("UnregisterPolicy", new UnregisterPolicyRequest { PolicyId = id }, caller)),
        .. _extension.Keys.Where(id => !kept.Contains(id)).Select(id => Shot.Of("UnregisterExtMode", new UnregisterExtModeRequest { Mode = id }, caller)),
    ];

    static IEnumerable<T> InOrder<T>(Dictionary<string, T> all) => all.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value);

    void Enter(Shot shot, Answer answer)
    {
        switch (shot.Read(FuzzServer.LargestMessage).Messages[0])
        {
            case RegisterPolicyRequest request when answer.Message(RegisterPolicyResponse.Parser).Ok: _policies.Add(request.PolicyDescriptor.PolicyId, request.PolicyDescriptor); break;
            case UnregisterPolicyRequest request when answer.Message(UnregisterPolicyResponse.Parser).Ok: _policies.Remove(request.PolicyId); break;
            case RegisterExtModeRequest request when answer.Message(RegisterExtModeResponse.Parser).Ok: _extension.Add(request.ModeDescriptor.Mode, request.ModeDescriptor); break;
            case UnregisterExtModeRequest request when answer.Message(UnregisterExtModeResponse.Parser).Ok: _extension.Remove(request.Mode); break;
            case PromoteModeRequest request when answer.Message(PromoteModeResponse.Parser) is { Ok: true, Mode: var promoted }:
                _extension.Remove(request.Mode, out var mode);
                mode!.Mode = promoted;
                _standard.Add(promoted, mode);
                break;
            default: return;
        }
        Changes++;
    }

    static async Task<(List<ModeDescriptor> Standard, List<ModeDescriptor> Extension, List<PolicyDescriptor> Policies)> ReadAsync(Gun gun, Caller caller)
    {
        var standard = await gun.FireAsync(Shot.Of("ListModes", new ListModesRequest(), caller));
        var extension = await gun.FireAsync(Shot.Of("ListExtModes", new ListExtModesRequest(), caller));
        var policies = await gun.FireAsync(Shot.Of("ListPolicies", new ListPoliciesRequest(), caller));
        return ([.. standard.Message(ListModesResponse.Parser).Modes], [.. extension.Message(ListExtModesResponse.Parser).Modes], [.. policies.Message(ListPoliciesResponse.Parser).Descriptors]);
    }
}

using System.Diagnostics;

namespace Macp.Runtime;

/// <summary>
/// Changes of the registries, one after the other: each is judged by what those before it have left, since a policy may govern a mode that was registered,
/// and shows when it is durable. Sessions wait for none of it.
/// </summary>
sealed class RegistryChanges(ModeRegistry modes, PolicyRegistry policies, IHistory history, Action<string, Exception> fault)
{
    readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Makes a change. Answers why it is refused, in a sentence that is empty when it is made.</summary>
    /// <param name="change">The change.</param>
    /// <param name="cancellationToken">Gives up waiting for those before it. Once it is appended, it is not taken back.</param>
    public async ValueTask<Outcome<string>> MakeAsync(RegistryChange change, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Judge(change).IsRefused(out string? refusal, out var apply)) return refusal;
            if (!await TryStoreAsync(change).ConfigureAwait(false)) return Failure.ChangeNotStored;
            apply();
            return "";
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Makes again what an earlier process left. What cannot be made any more is told and passed over: no session depends on it.</summary>
    public void Recover(IReadOnlyList<RegistryChange> stored)
    {
        foreach (var change in stored)
        {
            // The host's configuration stands in their place for as long as there is one.
            if (policies.IsReadOnly && change is PolicyRegistered or PolicyUnregistered) continue;
            Recover(change);
        }
    }

    void Recover(RegistryChange change)
    {
        try
        {
            if (Judge(change).IsRefused(out string? refusal, out var apply)) throw new InvalidDataException(refusal);
            apply();
        }
        catch (Exception e)
        {
            fault("", new InvalidDataException($"{change.Description} is stored and cannot be made again: {e.Message}", e));
        }
    }

    async ValueTask<bool> TryStoreAsync(RegistryChange change)
    {
        try
        {
            await history.AppendAsync(change).ConfigureAwait(false);
            return true;
        }
        catch (Exception e)
        {
            fault("", e);
            return false;
        }
    }

    ChangePlan Judge(RegistryChange change) => change switch
    {
        PolicyRegistered registered => policies.Register(registered.Policy, registered.RegisteredAtUnixMs),
        PolicyUnregistered unregistered => policies.Unregister(unregistered.PolicyId),
        ModeRegistered registered => modes.Register(registered.Descriptor),
        ModeUnregistered unregistered => modes.Unregister(unregistered.Mode),
        ModePromoted promoted => modes.Promote(promoted.Mode, promoted.NewMode),
        _ => throw new UnreachableException(),
    };
}

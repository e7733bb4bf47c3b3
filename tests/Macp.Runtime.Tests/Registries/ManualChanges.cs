namespace Macp.Runtime.Tests;

/// <summary>A history in memory whose changes of the registries become durable, or are lost, when a test says so.</summary>
sealed class ManualChanges : IHistory
{
    readonly MemoryHistory _sessions = new();
    TaskCompletionSource? _waiting;

    public IReadOnlyList<RegistryChange> StoredChanges { get; init; } = [];

    /// <summary>While set, changes wait for <see cref="Keep"/> or <see cref="Lose"/>.</summary>
    public bool Holds { get; set; }

    /// <summary>While set, appending itself throws.</summary>
    public bool IsBroken { get; set; }

    public List<RegistryChange> Appended { get; } = [];

    public ISessionHistory Create(string sessionId) => _sessions.Create(sessionId);

    public ValueTask AppendAsync(RegistryChange change)
    {
        if (IsBroken) throw new IOException("broken");
        Assert.True(_waiting is null, "a change was appended before it was known what became of the last");
        Appended.Add(change);
        if (!Holds) return default;
        _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return new(_waiting.Task);
    }

    public void Keep() => Settled().SetResult();

    public void Lose() => Settled().SetException(new IOException("lost"));

    TaskCompletionSource Settled()
    {
        var waiting = _waiting!;
        _waiting = null;
        return waiting;
    }
}

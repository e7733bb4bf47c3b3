namespace Macp.Benchmarks.Overload.Attacks;

/// <summary>Something that a server has to bear, again and again.</summary>
interface IAttack
{
    /// <summary>What was answered, and how often.</summary>
    Answers Answers { get; }

    /// <summary>Begins, and is in full effect when this has ended.</summary>
    Task BeginAsync();

    /// <summary>Leaves nothing behind at the server.</summary>
    Task EndAsync();
}

/// <summary>The control: nothing happens.</summary>
sealed class Nothing : IAttack
{
    public Answers Answers { get; } = new();

    public Task BeginAsync() => Task.CompletedTask;

    public Task EndAsync() => Task.CompletedTask;
}

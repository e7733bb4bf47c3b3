namespace Macp.Runtime.Tests;

/// <summary>Somebody who watches.</summary>
sealed class Watch<T>
{
    readonly IAsyncEnumerator<T> _told;

    public Watch(Outcome<IAsyncEnumerable<T>> outcome)
    {
        Assert.True(outcome.Succeeded(out var told, out var failure), failure?.Message);
        _told = told.GetAsyncEnumerator();
    }

    /// <summary>What is told next.</summary>
    public async Task<T> NextAsync()
    {
        Assert.True(await Expect.SoonAsync(_told.MoveNextAsync().AsTask(), "the next event"));
        return _told.Current;
    }

    /// <summary>What is told before this: the way to see that nothing else was.</summary>
    public async Task<List<T>> BeforeAsync(Predicate<T> fence)
    {
        var before = new List<T>();
        while (await NextAsync() is var told && !fence(told)) before.Add(told);
        return before;
    }
}

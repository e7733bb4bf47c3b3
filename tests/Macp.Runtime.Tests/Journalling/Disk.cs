using Macp.Modes;

namespace Macp.Runtime.Tests;

/// <summary>A folder of a test's own, and the runtimes that keep their journal in it, one after the other.</summary>
sealed class Disk : IDisposable
{
    readonly List<(World World, JournalHistory History)> _lives = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("macp-journal-").FullName;

    /// <summary>A process that takes up what the last one left. The clock goes on.</summary>
    public async Task<World> LiveAsync(long later = 0, ModeCatalog? modes = null, MacpRuntimeOptions? options = null)
    {
        var last = _lives.LastOrDefault().World;
        await EndAsync();
        var history = JournalHistory.Open(Folder);
        var world = new World(options, history, last, modes);
        if (last is not null) world.Time.Advance(last.Time.NowMs - FakeTime.Origin + later);
        world.Runtime.Start();
        _lives.Add((world, history));
        return world;
    }

    public JournalHistory History => _lives[^1].History;

    public async Task EndAsync()
    {
        if (_lives.Count == 0) return;
        await _lives[^1].World.Runtime.DisposeAsync();
        _lives[^1].History.Dispose();
    }

    public void Dispose()
    {
        EndAsync().GetAwaiter().GetResult();
        Directory.Delete(Folder, recursive: true);
    }
}

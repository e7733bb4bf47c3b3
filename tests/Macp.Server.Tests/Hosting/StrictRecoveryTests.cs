using System.Net;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>What <c>MACP_STRICT_RECOVERY</c> makes of histories that cannot be taken up whole.</summary>
public sealed class StrictRecoveryTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("macp-strict-").FullName;

    [Fact]
    public async Task Damage_keeps_the_server_from_starting_where_that_is_asked_for()
    {
        await FillAsync();
        string segment = Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).MaxBy(file => new FileInfo(file).Length)!;
        byte[] bytes = await File.ReadAllBytesAsync(segment);
        bytes[bytes.Length / 3] ^= 0x10;
        await File.WriteAllBytesAsync(segment, bytes);

        string refusal = (await Assert.ThrowsAsync<MacpConfigurationException>(() => StartAsync(isStrict: true))).Message;
        Assert.Contains(_folder, refusal, StringComparison.Ordinal);
        Assert.Contains("cannot be read at byte", refusal, StringComparison.Ordinal);
        await using var served = await StartAsync(isStrict: false); // and the folder is nobody's any more
    }

    [Fact]
    public async Task What_a_crash_has_left_unfinished_does_not()
    {
        await FillAsync();
        string segment = Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).MaxBy(file => new FileInfo(file).Length)!;
        await File.AppendAllTextAsync(segment, "half a batch");

        await using var host = await StartAsync(isStrict: true);
        Assert.Equal(1, host.Runtime.TakenUp);
    }

    [Fact]
    public async Task A_session_that_cannot_be_taken_up_keeps_the_server_from_starting_too()
    {
        var history = new BreakingHistory();
        string session;
        await using (var before = await TestRuntime.StartAsync(configure: services => services.AddSingleton<IHistory>(history))) session = await before.OpenAsync();

        string refusal = (await Assert.ThrowsAsync<MacpConfigurationException>(() => StartAsync(isStrict: true, history))).Message;
        Assert.Equal($"MACP_STRICT_RECOVERY is set, and something of the histories could not be taken up: session '{session}': unreadable", refusal);
        await using var served = await StartAsync(isStrict: false, history);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    async Task FillAsync()
    {
        await using var runtime = await TestRuntime.StartAsync(data: _folder);
        string session = await runtime.OpenAsync();
        for (int i = 0; i < 5; i++) await runtime.AcceptsAsync("alice", Envelopes.Proposal(session, $"p{i}"));
    }

    Task<MacpHost> StartAsync(bool isStrict, IHistory? history = null) => MacpHost.StartAsync(
        new ModeCatalog().Add<DecisionMode>(),
        new() { Listen = new(IPAddress.Loopback, 0), AllowInsecure = true, DataFolder = history is null ? _folder : null, IsRecoveryStrict = isStrict },
        services => { if (history is not null) services.AddSingleton(history); });

    /// <summary>A history whose sessions break off after their start, for whoever takes them up.</summary>
    sealed class BreakingHistory : IHistory
    {
        readonly List<Breaking> _sessions = [];

        public IReadOnlyList<ISessionHistory> Stored => _sessions;

        public ISessionHistory Create(string sessionId)
        {
            _sessions.Add(new(new MemoryHistory().Create(sessionId)));
            return _sessions[^1];
        }

        sealed class Breaking(ISessionHistory kept) : ISessionHistory
        {
            public long Append(HistoryRecord record) => kept.Append(record);

            public ValueTask WhenDurable(long ticket) => kept.WhenDurable(ticket);

            public void DropLost() => kept.DropLost();

            public IEnumerable<HistoryRecord> ReadAll()
            {
                yield return kept.ReadAll().First();
                throw new IOException("unreadable");
            }

            public ValueTask<long> SeekAsync(long ordinal, CancellationToken cancellationToken) => kept.SeekAsync(ordinal, cancellationToken);

            public ValueTask<int> ReadAsync(long position, Memory<HistoryRecord> into, CancellationToken cancellationToken) => kept.ReadAsync(position, into, cancellationToken);
        }
    }
}

using System.Diagnostics;
using Xunit.Abstractions;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>
/// Sends a server what nobody should: a few thousand cases, half of them to one in memory whose callers are whoever they say, half to one with a journal
/// and tokens. As many as <c>MACP_FUZZ_CASES</c> says, with the seed of <c>MACP_FUZZ_SEED</c>.
/// </summary>
[Collection(Alone)]
public sealed class FuzzTests(ITestOutputHelper output)
{
    const string Alone = "alone";

    // What pools keep, and the latest events and messages for watchers who are behind; and of each session its id, for ever. In memory sessions stay whole.
    const long Slack = 64L << 20, OfASession = 1024, OfASessionInMemory = 8 * 1024;

    static readonly int Cases = Setting("MACP_FUZZ_CASES", 3000), Seed = Setting("MACP_FUZZ_SEED", Environment.TickCount & 0xFFFF);

    [Fact]
    public Task Nothing_that_a_server_in_memory_is_sent_makes_it_fail_or_keep_what_it_refused() => FuzzAsync(null);

    [Fact]
    public async Task Nothing_that_a_server_with_a_journal_is_sent_makes_it_fail_or_keep_what_it_refused()
    {
        string folder = Directory.CreateTempSubdirectory("macp-fuzz-").FullName;
        try
        {
            await FuzzAsync(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    async Task FuzzAsync(string? folder)
    {
        int rounds = Math.Clamp(Cases / 20_000 * 2, 2, 20);
        var corpus = await Corpus.RecordAsync(Cases > 20_000 ? int.MaxValue : 3);
        var authentication = folder is null ? null : Callers.Options(corpus.SelectMany(conversation => conversation.Messages).Select(message => message.Sender));
        var assault = new Assault(Seed, corpus, new(authentication is not null));
        var watch = Stopwatch.StartNew();
        await using (var server = await FuzzServer.StartAsync(folder, authentication))
        {
            await assault.BeginAsync(server);
            (long Memory, long Kept, int Sessions) half = default;
            for (int round = 1; round <= rounds; round++)
            {
                await assault.RoundAsync(server, round, Cases / 2 / rounds);
                if (round == rounds / 2) half = (await server.MemoryAsync(), assault.Kept, assault.Sessions);
            }
            var end = (Memory: await server.MemoryAsync(), assault.Kept, assault.Sessions);
            output.WriteLine($"seed {Seed}, {Cases / 2} cases in {watch.Elapsed.TotalSeconds:0.0} s, {assault.Sessions} sessions, {assault.RegistryChanges} changes of registries; memory {half.Memory >> 10} KiB, then {end.Memory >> 10} KiB; kept {half.Kept >> 10}, {end.Kept >> 10} KiB; {assault.Tally}");
            long allowed = Slack + ((end.Sessions - half.Sessions) * (folder is null ? OfASessionInMemory : OfASession)) + (folder is null ? 8 * (end.Kept - half.Kept) : 0);
            Assert.True(end.Memory - half.Memory < allowed, $"seed {Seed}: {end.Memory - half.Memory} bytes more are held after the second half; {allowed} are allowed");
            await server.EmptiesAsync();
            if (Cases >= 20_000) AssertVariety(assault);
        }
        if (folder is null) return;

        await using var restarted = await FuzzServer.StartAsync(folder, authentication);
        await assault.CompareAgainAsync(restarted);
    }

    /// <summary>So that it does not hold of nothing. A short round may miss something by chance.</summary>
    static void AssertVariety(Assault assault)
    {
        Assert.All(["message accepted", "message delivered", "INVALID_ENVELOPE", "FORBIDDEN", "Internal", "DeadlineExceeded"], seen => Assert.True(assault.Tally[seen] > Cases / 2000, $"hardly anything was answered with {seen}"));
        Assert.True(assault.RegistryChanges > 0, "no registry was changed");
    }

    static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), out int value) ? value : otherwise;

    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class AloneCollection;
}

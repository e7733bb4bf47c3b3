using Google.Protobuf;
using Macp.Runtime;
using Macp.Testing;
using Macp.Tests;

namespace Macp.Conformance.Tests;

/// <summary>
/// Every fixture, told to a kernel that keeps a journal, and that dies after any number of its messages, or is closed after each: what the next one answers
/// from there, and the session, the state and the history in the end, are to the byte what they are without a restart.
/// </summary>
public sealed class RestartedFixtures : IDisposable
{
    const string Published = "conformance";

    // In memory where there is such a place: a process that dies leaves the same on a disk, and tens of thousands of syncs take a minute there.
    static readonly string Base = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    readonly string _folder = Directory.CreateDirectory(Path.Combine(Base, $"macp-restarts-{Guid.NewGuid()}")).FullName;

    public static TheoryData<string> Own => OwnFixtures.All;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Own))]
    public Task Go_on_after_any_message(string name) => CutEverywhereAsync(FixtureReader.Parse(name, OwnFixtures.Read(name)));

    [SharedFact(Published)]
    public async Task So_do_the_published_ones()
    {
        var fixtures = SharedFixtures.Files().Select(path => (Name: Path.GetFileNameWithoutExtension(path), Json: FixtureReader.ReadJson(path)))
            .Where(file => file.Json.ContainsKey("messages")).ToList();

        Assert.NotEmpty(fixtures);
        foreach (var (name, json) in fixtures) await CutEverywhereAsync(FixtureReader.Parse(name, json));
    }

    async Task CutEverywhereAsync(Fixture fixture)
    {
        var told = new ToldFixture(fixture);
        var clock = new TestClock();
        var answers = new List<string>();
        var deaths = new List<(string Folder, DateTimeOffset At)>();
        await using var kernel = new JournalledKernel(NewFolder(), told.Options, clock);
        for (int count = 0; count <= told.Messages.Count; count++)
        {
            if (count > 0) answers.Add(await TellAsync(told, count - 1, kernel, clock));
            deaths.Add((Copy(kernel.Folder), clock.GetUtcNow()));
        }
        string[] whole = [.. answers, .. await EndAsync(kernel)];

        foreach (var (count, (folder, at)) in deaths.Index())
        {
            var rest = await PlayAsync(told, folder, new TestClock(at), from: count, closes: false);
            Assert.Equal(whole.Skip(count).Prepend($"{fixture.Name} from {count} on"), rest.Prepend($"{fixture.Name} from {count} on"));
        }
        Assert.Equal(whole.Prepend(fixture.Name), (await PlayAsync(told, NewFolder(), new TestClock(), from: 0, closes: true)).Prepend(fixture.Name));
    }

    /// <summary>Everything that whoever sends from here on, and reads in the end, is told.</summary>
    static async Task<List<string>> PlayAsync(ToldFixture fixture, string folder, TestClock clock, int from, bool closes)
    {
        await using var kernel = new JournalledKernel(folder, fixture.Options, clock);
        var lines = new List<string>();
        for (int i = from; i < fixture.Messages.Count; i++)
        {
            lines.Add(await TellAsync(fixture, i, kernel, clock));
            if (closes) await kernel.RestartAsync();
        }
        lines.AddRange(await EndAsync(kernel));
        return lines;
    }

    static async Task<string> TellAsync(ToldFixture fixture, int index, JournalledKernel kernel, TestClock clock)
    {
        clock.Advance(TimeSpan.FromMilliseconds(7));
        return (await fixture.TellAsync(kernel.Runtime, index)).ToString();
    }

    static async Task<IReadOnlyList<string>> EndAsync(JournalledKernel kernel)
    {
        Assert.True((await kernel.Runtime.GetSessionAsync(new("onlooker") { IsObserver = true }, ToldFixture.SessionId)).Succeeded(out var session, out _));
        var history = await ToldFixture.ReadAsync(kernel.Runtime);
        Assert.Empty(kernel.Faults);
        return
        [
            session.ToString(), RuntimeFold.StateOf(history), Describe(history[0].Binding!),
            .. history.Select(record => $"{record.Ordinal} {record.Kind} {record.AcceptedAtUnixMs} {record.Envelope.ToByteString().ToBase64()}"),
        ];
    }

    static string Describe(SessionBinding bound) =>
        $"{bound.SemanticsRevision} {bound.ModeVersion} {bound.ExpiresAtUnixMs} {bound.MaxSuspendMs} {bound.Policy.Definition!.ToDescriptor()}";

    string NewFolder() => Path.Combine(_folder, Guid.NewGuid().ToString());

    /// <summary>What a process that dies now leaves.</summary>
    string Copy(string folder)
    {
        string copy = Directory.CreateDirectory(NewFolder()).FullName;
        foreach (string file in Directory.GetFiles(folder).Where(file => Path.GetExtension(file) != ".lock")) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    /// <summary>A kernel with its journal in a folder.</summary>
    sealed class JournalledKernel : IAsyncDisposable
    {
        readonly MacpRuntimeOptions _options;
        readonly TimeProvider _clock;
        JournalHistory _history;

        public JournalledKernel(string folder, MacpRuntimeOptions options, TimeProvider clock)
        {
            (Folder, _options, _clock) = (folder, options, clock);
            (_history, Runtime) = Open();
        }

        public string Folder { get; }

        public MacpRuntime Runtime { get; private set; }

        public List<string> Faults { get; } = [];

        public async Task RestartAsync()
        {
            await CloseAsync();
            (_history, Runtime) = Open();
        }

        public ValueTask DisposeAsync() => new(CloseAsync());

        (JournalHistory History, MacpRuntime Runtime) Open()
        {
            var history = JournalHistory.Open(Folder);
            Faults.AddRange(history.Faults.Select(fault => fault.ToString()));
            var runtime = new MacpRuntime(BuiltIns.Catalog(), _options, history, _clock);
            runtime.Faulted += (_, fault) => Faults.Add(fault.ToString());
            runtime.Start();
            return (history, runtime);
        }

        async Task CloseAsync()
        {
            await Runtime.DisposeAsync();
            _history.Dispose();
        }
    }
}

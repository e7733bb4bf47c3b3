namespace Macp.Modes.Generators.Tests.Determinism;

/// <summary>What a reducer may not use, one line each.</summary>
public class RefusedTests
{
    [Theory]
    [InlineData("_ = DateTime.Now;", "DateTime.Now")]
    [InlineData("_ = DateTime.UtcNow;", "DateTime.UtcNow")]
    [InlineData("_ = DateTime.Today;", "DateTime.Today")]
    [InlineData("_ = DateTimeOffset.Now;", "DateTimeOffset.Now")]
    [InlineData("_ = DateTimeOffset.UtcNow;", "DateTimeOffset.UtcNow")]
    [InlineData("_ = new DateTimeOffset(new DateTime(2020, 1, 1));", "time zone")]
    [InlineData("_ = state.Time.ToLocalTime();", "ToLocalTime")]
    [InlineData("_ = System.Diagnostics.Stopwatch.GetTimestamp();", "Stopwatch.GetTimestamp")]
    [InlineData("_ = Environment.TickCount64;", "Environment.TickCount64")]
    [InlineData("_ = TimeProvider.System;", "TimeProvider.System")]
    [InlineData("_ = TimeZoneInfo.Local;", "time zone")]
    public Task Clocks_and_zones_are_refused(string statement, string word) => IsRefused("MACP0201", statement, word);

    [Theory]
    [InlineData("_ = Guid.NewGuid();", "Guid.NewGuid")]
    [InlineData("_ = Guid.CreateVersion7();", "Guid.CreateVersion7")]
    [InlineData("_ = new Random();", "Random")]
    [InlineData("_ = Random.Shared.Next();", "Random.Shared")]
    [InlineData("_ = System.Security.Cryptography.RandomNumberGenerator.GetInt32(3);", "RandomNumberGenerator")]
    [InlineData("_ = state.Names.Shuffle().ToList();", "Shuffle")]
    [InlineData("_ = Macp.Protocol.SessionIds.New();", "SessionIds.New")]
    public Task Chance_is_refused(string statement, string word) => IsRefused("MACP0201", statement, word);

    [Theory]
    [InlineData("_ = System.IO.File.ReadAllText(\"x\");", "File.ReadAllText")]
    [InlineData("Console.WriteLine(\"x\");", "Console.WriteLine")]
    [InlineData("_ = new System.Net.Http.HttpClient();", "HttpClient")]
    [InlineData("_ = new System.Net.Sockets.Socket(default, default);", "Socket")]
    [InlineData("_ = Environment.GetEnvironmentVariable(\"x\");", "Environment.GetEnvironmentVariable")]
    [InlineData("_ = Environment.MachineName;", "Environment.MachineName")]
    [InlineData("_ = Environment.NewLine;", "ends lines")]
    [InlineData("_ = new StringBuilder().AppendLine(\"x\");", "ends lines")]
    [InlineData("_ = state.Text.ReplaceLineEndings();", "ends lines")]
    [InlineData("_ = AppContext.BaseDirectory;", "AppContext.BaseDirectory")]
    [InlineData("System.Diagnostics.Debug.WriteLine(\"x\");", "Debug.WriteLine")]
    public Task The_world_outside_is_refused(string statement, string word) => IsRefused("MACP0201", statement, word);

    [Theory]
    [InlineData("System.Threading.Thread.Sleep(1);", "Thread.Sleep")]
    [InlineData("_ = Task.Delay(1);", "Task.Delay")]
    [InlineData("Task.Run(() => { });", "Task.Run")]
    [InlineData("int n = 0; System.Threading.Interlocked.Increment(ref n);", "Interlocked.Increment")]
    [InlineData("_ = System.Text.Json.JsonDocument.ParseAsync(null!);", "JsonDocument.ParseAsync")]
    [InlineData("lock (state) { }", "takes a lock")]
    [InlineData("_ = state.Names.AsParallel();", "AsParallel")]
    [InlineData("_ = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();", "ConcurrentDictionary")]
    [InlineData("_ = new System.Threading.Lock();", "Lock")]
    [InlineData("_ = new Lazy<int>(() => 1);", "Lazy")]
    public Task Threads_are_refused(string statement, string word) => IsRefused("MACP0201", statement, word);

    [Theory]
    [InlineData("_ = state.GetType();", "reflection")]
    [InlineData("_ = typeof(State).Name;", "reflection")]
    [InlineData("_ = Activator.CreateInstance<State>();", "reflection")]
    [InlineData("_ = System.Reflection.Assembly.GetExecutingAssembly();", "reflection")]
    [InlineData("dynamic d = state; d.Foo();", "dynamic")]
    [InlineData("dynamic d = state; _ = d.Foo;", "dynamic")]
    [InlineData("_ = state.Names.AsQueryable();", "reflection")]
    public Task Reflection_is_refused(string statement, string word) => IsRefused("MACP0201", statement, word);

    [Theory]
    [InlineData("GC.Collect();", "GC.Collect")]
    [InlineData("_ = new WeakReference(state);", "WeakReference")]
    [InlineData("_ = System.Buffers.ArrayPool<byte>.Shared;", "ArrayPool")]
    [InlineData("unsafe { int n = 1; int* p = &n; state.Count = *p; }", "unsafe")]
    [InlineData("_ = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(state.Names);", "CollectionsMarshal")]
    public Task Raw_memory_is_refused(string statement, string word) => IsRefused("MACP0201", statement, word);

    [Theory]
    [InlineData("_ = state.Text.GetHashCode();")]
    [InlineData("_ = state.GetHashCode();")]
    [InlineData("_ = HashCode.Combine(1, 2);")]
    [InlineData("_ = System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(state);")]
    [InlineData("_ = StringComparer.Ordinal.GetHashCode(state.Text);")]
    [InlineData("_ = ByteString.Empty.GetHashCode();")]
    public Task Hash_codes_are_refused(string statement) => IsRefused("MACP0201", statement, "hashing to the collections");

    [Theory]
    [InlineData("foreach (var name in state.Frozen) state.Text = name;")]
    [InlineData("state.Text = state.Frozen.First();")]
    [InlineData("state.Names.AddRange(state.Frozen);")]
    [InlineData("string[] all = [.. state.Frozen];")]
    [InlineData("_ = string.Join(\",\", state.Frozen);")]
    [InlineData("_ = state.Frozen.Except(state.Names).ToList();")]
    [InlineData("_ = ImmutableDictionary<string, int>.Empty.Keys;")]
    public Task An_order_that_follows_hash_codes_is_refused(string statement) => IsRefused("MACP0201", statement, "hash codes");

    [Theory]
    [InlineData("_ = Math.Pow(state.Weight, 2);", "Math.Pow")]
    [InlineData("_ = Math.Sin(state.Weight);", "Math.Sin")]
    [InlineData("_ = Math.Exp(state.Weight);", "Math.Exp")]
    [InlineData("_ = Math.Log(state.Weight);", "Math.Log")]
    [InlineData("_ = MathF.Tan(1f);", "MathF.Tan")]
    [InlineData("_ = double.Cbrt(state.Weight);", "double.Cbrt")]
    public Task Functions_that_platforms_approximate_are_refused(string statement, string word) => IsRefused("MACP0201", statement, word, "last digits differ between platforms");

    [Theory]
    [InlineData("_ = new System.Text.RegularExpressions.Regex(\"x\");", "Regex")]
    [InlineData("_ = new Uri(\"http://x\");", "not known to be deterministic")]
    [InlineData("_ = state.Text.Normalize();", "Unicode")]
    [InlineData("try { } catch (Exception e) { state.Text = e.StackTrace!; }", "StackTrace")]
    [InlineData("Func<Guid> make = Guid.NewGuid; _ = make();", "Guid.NewGuid")]
    [InlineData("state.Names.ForEach(Console.WriteLine);", "Console.WriteLine")]
    [InlineData("_ = state.Names.Select(_ => Guid.NewGuid()).ToList();", "Guid.NewGuid")]
    public Task What_is_not_known_is_refused(string statement, string word) => IsRefused("MACP0201", statement, word);

    static async Task IsRefused(string id, string statement, params string[] words)
    {
        var said = Assert.Single(await Check.Reducer(statement));

        Assert.Equal(id, said.Id);
        Assert.StartsWith("'Requested' ", said.Message, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, said.Message, StringComparison.Ordinal));
    }
}

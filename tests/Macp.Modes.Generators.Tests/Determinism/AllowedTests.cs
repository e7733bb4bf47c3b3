namespace Macp.Modes.Generators.Tests.Determinism;

/// <summary>What ordinary modes are written in.</summary>
public class AllowedTests
{
    [Theory]
    [InlineData("state.Votes[message.Sender] = 1;")]
    [InlineData("state.Votes.TryAdd(message.Sender, state.Votes.GetValueOrDefault(\"x\") + 1); _ = state.Votes.Count > 0 && state.Votes.ContainsKey(\"x\");")]
    [InlineData("foreach (var (sender, vote) in state.Votes) state.Count += vote + sender.Length;")]
    [InlineData("_ = state.Votes.Where(v => v.Value > 1).Select(v => v.Key).Distinct().GroupBy(k => k.Length).ToDictionary(g => g.Key, g => g.Count());")]
    [InlineData("_ = (from v in state.Votes where v.Value > 0 select v.Key).FirstOrDefault() ?? \"none\";")]
    [InlineData("_ = state.Votes.Sum(v => v.Value) * 2 > state.Votes.Count;")]
    [InlineData("_ = new HashSet<string>(state.Names, StringComparer.Ordinal).SetEquals(state.Names);")]
    [InlineData("string[] names = [.. state.Names, \"x\"]; _ = names is [var first, ..] ? first : names[^1] + names[..1].Length;")]
    [InlineData("IReadOnlyList<string> names = [.. state.Names]; ImmutableArray<int> numbers = [1, 2];")]
    [InlineData("_ = state.Frozen.Contains(\"x\") && state.Frozen.Count > 0 && state.Frozen.Any() && state.Frozen.Order(StringComparer.Ordinal).First() == \"x\";")]
    [InlineData("_ = state.Names.Except(state.Frozen).ToList(); _ = ImmutableHashSet<string>.Empty.Except(state.Frozen); state.Frozen = state.Names.ToFrozenSet(StringComparer.Ordinal);")]
    [InlineData("_ = new Queue<int>(); _ = new Stack<int>(); _ = new LinkedList<int>(); _ = new PriorityQueue<string, int>();")]
    public Task Collections_and_queries(string statements) => IsAllowed(statements);

    [Theory]
    [InlineData("state.Phase = state.Count switch { 0 => Phase.Open, > 3 and < 9 => Phase.Closed, _ => state.Phase };")]
    [InlineData("if (state.Any is string { Length: > 0 } text && message is { Sender: \"a\" }) state.Text = text;")]
    [InlineData("var bid = new Bid(\"a\", 1); bid = bid with { Amount = 2 }; var (who, much) = bid; state.Text = bid == new Bid(who, much) ? who : \"\";")]
    [InlineData("throw new ArgumentException(\"no\", nameof(state));")]
    [InlineData("ArgumentNullException.ThrowIfNull(state); ArgumentException.ThrowIfNullOrEmpty(state.Text);")]
    [InlineData("try { state.Count = checked(state.Count * 2); } catch (OverflowException e) { state.Text = e.Message; }")]
    [InlineData("Func<int, int> twice = n => n * 2; state.Count = twice(state.Count); int Thrice(int n) => n * 3; state.Count = Thrice(1);")]
    [InlineData("_ = Rejection.InvalidEnvelope($\"no {state.Text}\"); _ = message.Sender; _ = Macp.Protocol.ErrorCode.Forbidden; _ = TextValues.ToUpper(state.Text);")]
    [InlineData("_ = typeof(State) == typeof(Bid) ? nameof(DateTime.UtcNow) : nameof(Guid.NewGuid);")]
    [InlineData("Span<int> few = stackalloc int[3]; few[0] = 1; few.Sort(); state.Count = few[^1];")]
    [InlineData("var pair = (Name: \"a\", Count: 1); (state.Text, state.Count) = pair; _ = pair == (\"b\", 2) && pair.Equals((\"b\", 2));")]
    [InlineData("for (int i = 0; i < 3; i++) { if (i == 2) continue; state.Count ^= i << 2; } do { state.Count--; } while (state.Count > 0);")]
    [InlineData("_ = Enum.IsDefined(state.Phase) && state.Phase.HasFlag(Phase.Open) && Enum.GetValues<Phase>().Length > 1;")]
    [InlineData("_ = object.Equals(state.Any, state.Text) || ReferenceEquals(state, state.Any) || EqualityComparer<string>.Default.Equals(\"a\", \"b\");")]
    [InlineData("int? maybe = state.Count; state.Count = maybe.GetValueOrDefault() + (maybe.HasValue ? maybe.Value : 0);")]
    public Task The_language(string statements) => IsAllowed(statements);

    [Theory]
    [InlineData("state.Count = (int)Math.Ceiling(state.Votes.Count * 2 / 3.0) + Math.Max(1, 2) + Math.Abs(-1) + Math.Clamp(1, 2, 3);")]
    [InlineData("state.Weight = Math.Sqrt(state.Weight) + Math.Floor(1.5) + Math.Round(1.5, MidpointRounding.AwayFromZero) + Math.PI; _ = double.IsFinite(state.Weight);")]
    [InlineData("state.Amount = state.Amount * 1.5m + decimal.Round(2.5m) - decimal.Zero; _ = state.Amount >= 3m;")]
    [InlineData("var big = System.Numerics.BigInteger.Pow(2, 100) + 1; _ = big > 3 && big.Equals(big); _ = System.Numerics.BitOperations.PopCount(3u);")]
    [InlineData("Int128 wide = 1; wide *= 3; _ = Int128.Abs(wide); _ = int.Max(1, 2); _ = long.MaxValue; _ = int.Log2(8);")]
    [InlineData("_ = TimeSpan.FromHours(1) + TimeSpan.Zero > TimeSpan.FromMinutes(state.Count); _ = state.Time.AddDays(1) - state.Time; _ = new DateOnly(2020, 1, 1).AddDays(1);")]
    public Task Arithmetic(string statements) => IsAllowed(statements);

    [Theory]
    [InlineData("using var json = System.Text.Json.JsonDocument.Parse(\"{}\"); _ = json.RootElement.TryGetProperty(\"a\", out var a) && a.ValueKind == System.Text.Json.JsonValueKind.String && a.GetString() is \"x\";")]
    [InlineData("var reader = new System.Text.Json.Utf8JsonReader(\"{}\"u8); while (reader.Read()) state.Count++;")]
    [InlineData("_ = ByteString.CopyFromUtf8(\"x\").ToStringUtf8() + ByteString.Empty.Length; _ = ByteString.CopyFrom(1, 2).Equals(ByteString.Empty); _ = ByteString.Empty.Span.Length;")]
    [InlineData("var start = new Macp.Wire.V1.SessionStartPayload { ModeVersion = \"1\" }; start.Participants.Add(\"a\"); _ = start.Clone().ToByteArray(); _ = Macp.Wire.V1.SessionStartPayload.Parser.ParseFrom(start.ToByteString()); _ = $\"{start}\";")]
    [InlineData("_ = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(\"x\")); _ = Convert.ToBase64String([1]) + Convert.ToHexString([1]); _ = Convert.ToInt32(1.5);")]
    [InlineData("_ = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(state.Text)));")]
    [InlineData("_ = new Google.Protobuf.WellKnownTypes.Timestamp { Seconds = 1 }.ToDateTimeOffset() < state.Time;")]
    [InlineData("_ = state.Text.Trim().Split(',').Length + state.Text.Substring(1).PadLeft(3).Length; _ = string.IsNullOrWhiteSpace(state.Text) || char.IsAsciiDigit(state.Text[0]); _ = string.Empty;")]
    [InlineData("_ = state.Text.AsSpan().Trim().StartsWith(\"x\") && state.Text.AsSpan(1).SequenceEqual(\"y\"); _ = new string('x', 3); _ = new Version(1, 2) > new Version(1, 1);")]
    [InlineData("_ = new StringBuilder(\"a\").Append(state.Text).Append(state.Count).Append(',').AppendJoin(\", \", state.Names).ToString();")]
    [InlineData("var due = new DueMessage(\"T\", message.Sender, message.MessageId + \"-due\", TimeSpan.FromSeconds(1), new Macp.Wire.V1.SessionStartPayload());")]
    public Task Payloads_and_text(string statements) => IsAllowed(statements);

    [Fact]
    public async Task Equality_written_by_hand_may_compute_a_hash_code_for_tables() => Assert.Empty(await Check.Source(Check.Mode("""
            public sealed class Entry(string name) : IEquatable<Entry>
            {
                public string Name { get; } = name;
                public bool Equals(Entry? other) => other?.Name == Name;
                public override bool Equals(object? obj) => Equals(obj as Entry);
                public override int GetHashCode() => HashCode.Combine(Name.GetHashCode(), StringComparer.Ordinal.GetHashCode(Name));
            }
        """)));

    [Fact]
    public async Task Constants_of_any_assembly_are_only_values() =>
        Assert.Empty(await Check.Reducer("state.Count = System.Threading.Timeout.Infinite; state.Text = Microsoft.CodeAnalysis.WellKnownMemberNames.ObjectToString;"));

    [Fact]
    public async Task Static_values_that_cannot_change() => Assert.Empty(await Check.Source(Check.Mode("""
            const int Least = 2;
            static readonly string Name = "x";
            static readonly FrozenSet<string> Words = new[] { "a" }.ToFrozenSet(StringComparer.Ordinal);
            static readonly ImmutableArray<int> Numbers = [1, 2];
            static readonly IReadOnlyList<string> Texts = ["a"];
            static readonly Bid Zero = new("", 0);
            static readonly Func<int, int> Twice = static n => n * 2;
            static string[] Fresh => ["a"];
            static ReadOnlySpan<byte> Bytes => [1, 2];
            static decimal Share { get; } = 0.5m;
            public sealed record Bid(string Who, int Amount);
            public static int Total(State state) => Least + Name.Length + Words.Count + Numbers[0] + Texts.Count + Zero.Amount + Twice(1) + Fresh.Length + Bytes.Length + (int)Share;
        """)));

    static async Task IsAllowed(string statements) => Assert.Empty(await Check.Reducer(statements, "public sealed record Bid(string Who, int Amount);"));
}

namespace Macp.Modes.Generators.Tests.Determinism;

/// <summary>What depends on culture is MACP0203; what says how, or has one text everywhere, is fine.</summary>
public class CultureTests
{
    [Theory]
    [InlineData("_ = string.Compare(state.Text, \"x\");")]
    [InlineData("_ = string.Compare(state.Text, \"x\", true);")]
    [InlineData("_ = state.Text.CompareTo(\"x\");")]
    [InlineData("_ = state.Text.StartsWith(\"x\");")]
    [InlineData("_ = state.Text.EndsWith(\"x\");")]
    [InlineData("_ = state.Text.IndexOf(\"x\");")]
    [InlineData("_ = state.Text.LastIndexOf(\"x\");")]
    [InlineData("_ = state.Text.Equals(\"x\", StringComparison.CurrentCulture);")]
    [InlineData("_ = state.Text.Equals(\"x\", StringComparison.CurrentCultureIgnoreCase);")]
    [InlineData("_ = state.Text.Contains(\"x\", StringComparison.InvariantCultureIgnoreCase);")]
    [InlineData("_ = StringComparer.CurrentCulture;")]
    [InlineData("_ = StringComparer.CurrentCultureIgnoreCase;")]
    [InlineData("_ = StringComparer.InvariantCulture;")]
    [InlineData("_ = state.Text.ToUpper();")]
    [InlineData("_ = state.Text.ToLower();")]
    [InlineData("_ = char.ToUpper('x');")]
    public Task Text_compared_or_folded_by_culture_is_refused(string statement) => IsRefused(statement);

    [Theory]
    [InlineData("_ = state.Names.OrderBy(n => n).ToList();")]
    [InlineData("_ = state.Names.Order().ToList();")]
    [InlineData("_ = state.Names.OrderByDescending(n => n.Trim()).ToList();")]
    [InlineData("_ = state.Votes.OrderBy(v => v.Value).ThenBy(v => v.Key).ToList();")]
    [InlineData("_ = state.Votes.OrderBy(v => (v.Value, v.Key)).ToList();")]
    [InlineData("_ = (from v in state.Votes orderby v.Key select v.Value).ToList();")]
    [InlineData("_ = state.Names.Max();")]
    [InlineData("_ = state.Votes.Min(v => v.Key);")]
    [InlineData("_ = state.Votes.MaxBy(v => v.Key);")]
    [InlineData("state.Names.Sort();")]
    [InlineData("state.Names.Sort((IComparer<string>?)null);")]
    [InlineData("_ = state.Names.BinarySearch(\"x\");")]
    [InlineData("Array.Sort(state.Names.ToArray());")]
    [InlineData("_ = new SortedDictionary<string, int>();")]
    [InlineData("_ = new SortedSet<string>(state.Names);")]
    [InlineData("SortedSet<string> sorted = [];")]
    [InlineData("_ = new PriorityQueue<int, string>();")]
    [InlineData("_ = ImmutableSortedSet.Create(\"x\");")]
    [InlineData("_ = ImmutableSortedSet<string>.Empty;")]
    [InlineData("_ = Comparer<string>.Default;")]
    [InlineData("_ = state.Names.ToImmutableSortedSet();")]
    public Task Text_ordered_without_a_comparer_is_refused(string statement) => IsRefused(statement);

    [Theory]
    [InlineData("_ = state.Amount.ToString();")]
    [InlineData("_ = state.Amount.ToString(\"N2\");")]
    [InlineData("_ = state.Amount.ToString((IFormatProvider?)null);")]
    [InlineData("_ = state.Count.ToString(\"N0\");")]
    [InlineData("_ = state.Weight.ToString(CultureInfo.CurrentCulture);")]
    [InlineData("_ = state.Time.ToString();")]
    [InlineData("_ = TimeSpan.FromSeconds(state.Count).ToString();")]
    [InlineData("_ = string.Format(\"{0}\", state.Count);")]
    [InlineData("_ = $\"{state.Weight}\";")]
    [InlineData("_ = $\"{state.Amount:N2}\";")]
    [InlineData("_ = $\"{state.Time}\";")]
    [InlineData("_ = $\"{state.Count:N0}\";")]
    [InlineData("_ = new StringBuilder().Append($\"{state.Count:N0}\");")]
    [InlineData("_ = $\"{new { state.Weight }}\";")]
    [InlineData("_ = $\"{state.Any}\";")]
    [InlineData("_ = $\"{(1, state.Weight)}\";")]
    [InlineData("_ = $\"{(double?)state.Weight}\";")]
    [InlineData("_ = \"x\" + state.Weight;")]
    [InlineData("state.Text += state.Amount;")]
    [InlineData("_ = string.Concat(\"x\", state.Weight);")]
    [InlineData("_ = string.Join(\",\", state.Weight, state.Text);")]
    [InlineData("_ = string.Join(\",\", new List<double>());")]
    [InlineData("_ = new StringBuilder().Append(state.Weight);")]
    [InlineData("_ = new StringBuilder().Append($\"{state.Weight}\");")]
    [InlineData("_ = new StringBuilder().AppendFormat(\"{0}\", state.Count);")]
    [InlineData("_ = Convert.ToString(state.Weight);")]
    [InlineData("FormattableString text = $\"{state.Weight}\";")]
    public Task Values_written_by_culture_are_refused(string statement) => IsRefused(statement);

    [Theory]
    [InlineData("_ = double.Parse(\"1\");")]
    [InlineData("_ = double.TryParse(\"1\", out _);")]
    [InlineData("_ = decimal.Parse(\"1\", NumberStyles.Any);")]
    [InlineData("_ = int.Parse(\"1\");")]
    [InlineData("_ = DateTime.Parse(\"2020-01-01\");")]
    [InlineData("_ = DateTimeOffset.TryParse(\"2020-01-01\", out _);")]
    [InlineData("_ = TimeSpan.Parse(\"1\");")]
    [InlineData("_ = System.Numerics.BigInteger.Parse(\"1\");")]
    [InlineData("_ = Convert.ToDouble(\"1\");")]
    [InlineData("_ = Convert.ToInt32(\"1\");")]
    [InlineData("_ = decimal.Parse(\"1\", null);")]
    public Task Values_read_by_culture_are_refused(string statement) => IsRefused(statement);

    [Theory]
    [InlineData("_ = CultureInfo.CurrentCulture;")]
    [InlineData("_ = CultureInfo.CurrentUICulture;")]
    [InlineData("_ = new CultureInfo(\"de-DE\");")]
    [InlineData("_ = CultureInfo.GetCultureInfo(\"de-DE\");")]
    [InlineData("_ = CultureInfo.InvariantCulture.CompareInfo;")]
    public Task Cultures_other_than_the_invariant_one_are_refused(string statement) => IsRefused(statement);

    [Theory]
    [InlineData("_ = string.Compare(state.Text, \"x\", StringComparison.Ordinal);")]
    [InlineData("_ = string.CompareOrdinal(state.Text, \"x\");")]
    [InlineData("_ = state.Text.StartsWith(\"x\", StringComparison.Ordinal);")]
    [InlineData("_ = state.Text.StartsWith('x');")]
    [InlineData("_ = state.Text.IndexOf('x');")]
    [InlineData("_ = state.Text.Contains(\"x\");")]
    [InlineData("_ = state.Text.Replace(\"x\", \"y\");")]
    [InlineData("_ = state.Text.ToUpperInvariant();")]
    [InlineData("_ = state.Text == \"x\" || state.Text.Equals(\"x\") || string.Equals(state.Text, \"x\", StringComparison.OrdinalIgnoreCase);")]
    [InlineData("_ = state.Names.Order(StringComparer.Ordinal).ToList();")]
    [InlineData("_ = state.Votes.OrderBy(v => v.Value).ThenBy(v => v.Key, StringComparer.Ordinal).ToList();")]
    [InlineData("state.Names.Sort(StringComparer.Ordinal);")]
    [InlineData("state.Names.Sort(string.CompareOrdinal);")]
    [InlineData("_ = new SortedDictionary<string, int>(StringComparer.Ordinal);")]
    [InlineData("_ = new SortedSet<int>();")]
    [InlineData("_ = state.Votes.Values.Max() + state.Votes.Max(v => v.Value);")]
    [InlineData("_ = state.Amount.ToString(CultureInfo.InvariantCulture);")]
    [InlineData("_ = state.Count.ToString() + state.Phase.ToString() + true.ToString();")]
    [InlineData("_ = $\"{state.Text} {state.Count} {state.Phase} {true} {'x'} {(int?)1}\";")]
    [InlineData("_ = \"x\" + state.Count + 'y' + state.Phase + null;")]
    [InlineData("_ = string.Create(CultureInfo.InvariantCulture, $\"{state.Weight:N2}\");")]
    [InlineData("_ = $\"{state.Count:D3} {state.Count:x8} {state.Phase:D} {Guid.Empty:N} {new { state.Count }}\";")]
    [InlineData("_ = FormattableString.Invariant($\"{state.Weight}\");")]
    [InlineData("_ = new StringBuilder().Append(CultureInfo.InvariantCulture, $\"{state.Weight}\").Append($\"{state.Count}\").Append('x');")]
    [InlineData("_ = string.Join(\",\", state.Names) + string.Concat(state.Text, state.Count);")]
    [InlineData("_ = string.Format(CultureInfo.InvariantCulture, \"{0}\", state.Weight);")]
    [InlineData("_ = double.Parse(\"1\", CultureInfo.InvariantCulture);")]
    [InlineData("_ = int.TryParse(\"1\", NumberStyles.None, CultureInfo.InvariantCulture, out _);")]
    [InlineData("_ = Guid.Parse(\"x\") == Guid.Empty || bool.Parse(\"true\") || Enum.TryParse<Phase>(\"Open\", out _);")]
    public async Task What_says_how_is_allowed(string statement) => Assert.Empty(await Check.Reducer(statement));

    [Fact]
    public async Task A_record_is_written_by_culture_if_one_of_its_properties_is()
    {
        Assert.Equal("MACP0203", Assert.Single(await Check.Reducer("_ = $\"{new Bid(1.5)}\";", "public sealed record Bid(double Amount);")).Id);
        Assert.Empty(await Check.Reducer("_ = $\"{new Bid(1)}\";", "public sealed record Bid(int Amount);"));
    }

    [Fact]
    public async Task A_written_ToString_is_followed()
    {
        var said = Assert.Single(await Check.Reducer("_ = $\"{new Bid(1.5)}\";", "public sealed record Bid(double Amount) { public override string ToString() => Amount.ToString(); }"));

        Assert.Contains("'Bid.ToString'", said.Message, StringComparison.Ordinal);
    }

    static async Task IsRefused(string statement)
    {
        var said = Assert.Single(await Check.Reducer(statement));

        Assert.Equal("MACP0203", said.Id);
        Assert.Contains("a mode must give the same state under every culture", said.Message, StringComparison.Ordinal);
    }
}

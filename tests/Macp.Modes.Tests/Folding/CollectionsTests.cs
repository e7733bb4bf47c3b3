namespace Macp.Modes.Tests.Folding;

public class CollectionsTests
{
    [Fact]
    public void Lists_are_the_same_in_the_same_order_only()
    {
        Assert.True(Same.List([1, 2], [1, 2]));
        Assert.False(Same.List([1, 2], [2, 1]));
        Assert.False(Same.List([1], [1, 1]));
        Assert.True(Same.List(["A"], ["a"], (left, right) => left.Equals(right, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void Tables_and_sets_are_the_same_in_any_order()
    {
        Assert.True(Same.Table(new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 }, new Dictionary<string, int> { ["b"] = 2, ["a"] = 1 }));
        Assert.False(Same.Table(new Dictionary<string, int> { ["a"] = 1 }, new Dictionary<string, int> { ["b"] = 1 }));
        Assert.False(Same.Table(new Dictionary<string, int> { ["a"] = 1 }, new Dictionary<string, int> { ["a"] = 2 }));
        Assert.False(Same.Table(new Dictionary<string, int>(), new Dictionary<string, int> { ["a"] = 2 }));
        Assert.True(Same.Set(new HashSet<string> { "a", "b" }, new HashSet<string> { "b", "a" }));
        Assert.False(Same.Set(new HashSet<string> { "a" }, new HashSet<string> { "a", "b" }));
    }

    [Fact]
    public void Two_that_are_missing_are_the_same()
    {
        Assert.True(Same.OrNull<string>(null, null, string.Equals));
        Assert.False(Same.OrNull("a", null, string.Equals));
        Assert.False(Same.OrNull(null, "a", string.Equals));
        Assert.True(Same.OrNull("a", "a", string.Equals));
    }

    [Fact]
    public void The_order_of_keys_is_that_of_their_code_units()
    {
        var table = new Dictionary<string, int> { ["b"] = 1, ["B"] = 2, ["é"] = 3, ["a"] = 4, ["\ufb33"] = 5, ["\ud83d\ude02"] = 6, ["10"] = 7, ["9"] = 8, [""] = 9 };
        Assert.Equal(["", "10", "9", "B", "a", "b", "é", "\ud83d\ude02", "\ufb33"], InOrder.Of(table).Select(entry => entry.Key));
        Assert.Equal(["10", "9"], InOrder.Of(new HashSet<int> { 9, 10 }).Select(InOrder.Key));
    }

    [Fact]
    public void Copies_keep_the_comparer_and_nothing_else_in_common()
    {
        var table = new Dictionary<string, List<int>>(StringComparer.OrdinalIgnoreCase) { ["a"] = [1] };
        var set = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "a" };
        var (tableCopy, setCopy) = (ReadOnly.Table(table, items => ReadOnly.List(items)), ReadOnly.Set(set));
        table["a"].Add(2);
        table.Add("b", []);
        set.Add("b");
        Assert.Equal([1], tableCopy["A"]);
        Assert.Single(tableCopy);
        Assert.Contains("A", setCopy);
        Assert.Single(setCopy);
        Assert.IsNotType<List<int>>(tableCopy["a"]);
    }
}

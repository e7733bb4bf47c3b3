using Macp.Modes.Generators.Models;

namespace Macp.Modes.Generators.Tests.Incrementality;

public sealed class EquatableArrayTests
{
    [Fact]
    public void A_default_array_is_an_empty_one()
    {
        EquatableArray<string> empty = new([]), missing = default;
        Assert.Equal(empty, missing);
        Assert.Equal(missing, empty);
        Assert.Equal(empty.GetHashCode(), missing.GetHashCode());
        Assert.Empty(missing);
    }

    [Fact]
    public void Arrays_of_equal_items_are_equal_and_have_one_hash()
    {
        EquatableArray<string> left = new(["a", "b"]), right = new(new List<string> { "a", "b" });
        Assert.True(left.Equals((object)right));
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
    }

    [Fact]
    public void Arrays_in_another_order_or_of_other_lengths_differ()
    {
        EquatableArray<string> left = new(["a", "b"]);
        Assert.NotEqual(left, new(["b", "a"]));
        Assert.NotEqual(left, new(["a"]));
        Assert.False(left.Equals("a"));
    }

    [Fact]
    public void An_array_keeps_no_hold_of_what_it_was_made_from()
    {
        List<string> items = ["a"];
        EquatableArray<string> array = new(items);
        items[0] = "b";
        Assert.Equal("a", array[0]);
    }

    [Fact]
    public void Arrays_of_arrays_are_compared_through()
    {
        EquatableArray<EquatableArray<string>> left = new([new(["a"])]), right = new([new(["a"])]);
        Assert.Equal(left, right);
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
    }
}

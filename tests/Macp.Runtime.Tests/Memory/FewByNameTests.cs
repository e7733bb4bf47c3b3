namespace Macp.Runtime.Tests;

public sealed class FewByNameTests
{
    [Fact]
    public void However_many_there_are_each_is_found_by_its_name_and_no_name_is_taken_twice()
    {
        FewByName<string> items = default;
        Assert.Empty(items.Items);
        for (int count = 1; count <= 30; count++)
        {
            Assert.True(items.TryAdd($"n{count}", $"item {count}"));
            for (int i = 1; i <= count; i++)
            {
                Assert.False(items.TryAdd($"n{i}", "another"));
                Assert.Equal($"item {i}", items.Find($"n{i}"));
                Assert.Null(items.Find($"N{i}"));
            }
            Assert.Null(items.Find($"n{count + 1}"));
            Assert.Equal(Enumerable.Range(1, count).Select(i => $"item {i}"), items.Items);
        }
    }
}

using System.Runtime.CompilerServices;

namespace Macp.Runtime.Tests;

public sealed class ChunkedListTests
{
    [Fact]
    public void Items_stay_where_they_were_added_however_long_it_grows()
    {
        var list = new ChunkedList<string>();
        for (int count = 1; count <= 400; count++)
        {
            list.Add($"{count - 1}");
            Assert.Equal(count, list.Count);
            for (int i = 0; i < count; i++) Assert.Equal($"{i}", list[i]);
        }
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(3), InlineData(4), InlineData(63), InlineData(64), InlineData(65), InlineData(130)]
    public void What_was_cut_is_written_over_and_what_was_left_stays(int left)
    {
        var list = new ChunkedList<string>();
        for (int i = 0; i < 200; i++) list.Add($"{i}");

        list.Cut(left);
        Assert.Equal(left, list.Count);
        for (int i = left; i < 300; i++) list.Add($"again {i}");

        for (int i = 0; i < 300; i++) Assert.Equal(i < left ? $"{i}" : $"again {i}", list[i]);
    }

    [Fact]
    public async Task Readers_find_all_that_the_count_tells_while_it_grows()
    {
        // It is while a list is short that what readers look at is copied; large items make the copying last.
        const int Lists = 5000, Items = 20;
        var list = new ChunkedList<Large>();
        bool isDone = false;
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (!Volatile.Read(ref isDone))
            {
                var current = Volatile.Read(ref list);
                int count = current.Count;
                if (count > 0 && current[count - 1][0] != count) return false;
            }
            return true;
        })).ToArray();

        for (int number = 0; number < Lists; number++)
        {
            var next = new ChunkedList<Large>();
            Volatile.Write(ref list, next);
            for (int i = 1; i <= Items; i++) next.Add(Large.Of(i));
        }
        Volatile.Write(ref isDone, true);

        Assert.All(await Task.WhenAll(readers), Assert.True);
    }

    [InlineArray(64)]
    struct Large
    {
        long _first;

        public static Large Of(long value) => new() { _first = value };
    }
}

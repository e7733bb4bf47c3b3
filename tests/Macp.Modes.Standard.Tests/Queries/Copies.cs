using System.Collections;

namespace Macp.Modes.Standard.Tests.Queries;

/// <summary>Whether what a projection hands out belongs to who asked: whatever is done to it, the next one to ask sees nothing of it.</summary>
static class Copies
{
    public static void AreHandedOut<T>(Func<IReadOnlyCollection<T>> query)
    {
        var before = query().ToList();
        Assert.NotEmpty(before);
        switch (query())
        {
            case IDictionary table: table.Clear(); break;
            case IList { IsReadOnly: false, IsFixedSize: false } list: list.Clear(); break;
            case IList { IsReadOnly: false } array: array[0] = null; break;
        }
        Assert.Equal(before, query());
    }
}

namespace Macp.Runtime;

/// <summary>
/// Texts that many sessions have in common, such as the names of participants: equal ones become the same string, as far as they are found. It holds the latest
/// and never more than its slots, whatever clients send. Safe for threads, without a lock: a slot that two write at once holds either.
/// </summary>
static class SharedTexts
{
    const int Slots = 4096, Longest = 128;

    static readonly string?[] Latest = new string?[Slots];

    /// <summary>This text, or an equal one that came before.</summary>
    public static string Of(string text)
    {
        if (text.Length is 0 or > Longest) return text;
        ref string? slot = ref Latest[SlotOf(text)];
        if (Volatile.Read(ref slot) is { } found && found == text) return found;
        Volatile.Write(ref slot, text);
        return text;
    }

    /// <summary>Where a text is held. Two of one slot take turns; which do is another matter in each process.</summary>
    internal static uint SlotOf(string text) => (uint)text.GetHashCode() % Slots;
}

using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

/// <summary>What clients do and are answered while a disk fails: three sessions side by side, messages that wait together, control calls, an end.</summary>
sealed class FaultStory(World world)
{
    const string First = "session-first---------", Second = "session-second--------", Third = "session-third---------";
    readonly Lock _gate = new();
    readonly List<(Identity Sender, Envelope Envelope)> _lost = [];

    public static IReadOnlyList<string> Sessions { get; } = [First, Second, Third];

    /// <summary>The message ids that were acknowledged, by session.</summary>
    public Dictionary<string, HashSet<string>> Kept { get; } = Sessions.ToDictionary(s => s, _ => new HashSet<string>());

    /// <summary>Those that were answered INTERNAL_ERROR.</summary>
    public HashSet<string> Lost => [.. _lost.Select(l => l.Envelope.MessageId)];

    /// <summary>Plays, to the end or to the first thing that is lost.</summary>
    public async Task PlayAsync(bool stopsAtLoss)
    {
        Func<Task>[] acts =
        [
            () => Task.WhenAll(Sessions.Select(session => SendAsync(World.Ada, world.Start(session)))),
            NotesAsync,
            NotesAsync,
            () => world.Runtime.SuspendAsync(World.Ada, Second, "").AsTask(),
            () => world.Runtime.ResumeAsync(World.Ada, Second, "").AsTask(),
            () => SendAsync(World.Ada, world.Commitment(session: Third)),
            NotesAsync,
        ];
        foreach (var act in acts)
        {
            await act();
            if (stopsAtLoss && _lost.Count > 0) return;
        }
    }

    /// <summary>Sends again what was lost, as clients do: nothing of it may be in the way.</summary>
    public async Task RepeatLostAsync()
    {
        foreach (var (sender, envelope) in _lost.ToArray())
        {
            var ack = await SendAsync(sender, envelope.Clone());
            Assert.False(ack.Duplicate, "what was lost is there");
            Assert.NotEqual(ErrorCode.InternalError.Value, ack.Error?.Code);
        }
    }

    Task NotesAsync() => Task.WhenAll(
        SendAsync(World.Bob, world.Note(World.Bob, "one", First)),
        SendAsync(World.Ada, world.Note(World.Ada, "two", First)),
        SendAsync(World.Bob, world.Note(World.Bob, "three", Second)),
        SendAsync(World.Ada, world.Note(World.Ada, "four", Third)));

    async Task<Ack> SendAsync(Identity sender, Envelope envelope)
    {
        var ack = await Expect.SoonAsync(world.SendAsync(sender, envelope), "an answer");
        lock (_gate)
        {
            if (ack.Ok) Kept[envelope.SessionId].Add(envelope.MessageId);
            else if (ack.Error.Code == ErrorCode.InternalError.Value) _lost.Add((sender, envelope));
        }
        return ack;
    }
}

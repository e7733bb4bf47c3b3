using Google.Protobuf;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

/// <summary>What sessions have in common is kept once: while they are live, and when a later process takes them up.</summary>
[Collection(SharingCollection.Name)]
public sealed class SharingTests : IDisposable
{
    const string Second = "session-0000000000000001", Third = "session-0000000000000002";

    readonly Disk _disk = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public void Equal_texts_become_one_and_nothing_becomes_another_text()
    {
        Assert.Same(SharedTexts.Of(Text(1)), SharedTexts.Of(Text(1)));
        // More than it has room for.
        Parallel.For(0, 100_000, number => Assert.Equal(Text(number), SharedTexts.Of(Text(number))));

        static string Text(int number) => $"agent://{number}";
    }

    [Fact]
    public void Nobody_is_made_to_keep_a_long_text()
    {
        string text = new('x', 129);
        SharedTexts.Of(new string('x', 129));
        Assert.Same(text, SharedTexts.Of(text));
    }

    [Fact]
    public async Task Live_sessions_share_the_texts_of_their_starts()
    {
        var world = new World();
        foreach (string session in (string[])[World.Session, Second])
            Expect.Accepted(await world.SendAsync(World.Ada, Envelope.Parser.ParseFrom(world.Start(session).ToByteArray())));
        AssertShareTexts(world.History.Of(World.Session)[0], world.History.Of(Second)[0], world.Configuration);
    }

    [Fact]
    public async Task Sessions_taken_up_share_the_texts_of_their_messages()
    {
        var world = await _disk.LiveAsync();
        foreach (string session in (string[])[World.Session, Second])
        {
            await world.StartAsync(session);
            Expect.Accepted(await world.NoteAsync(World.Bob, "hi", session));
        }

        await _disk.LiveAsync();
        var (first, second) = (Stored(World.Session), Stored(Second));
        Assert.Equal(2, first.Length);
        Assert.All(first.Zip(second), pair => AssertShareTexts(pair.First, pair.Second, world.Configuration));
        AssertShared(first[0].Binding!.ModeVersion, second[0].Binding!.ModeVersion, world.Configuration);
    }

    [Fact]
    public async Task Sessions_taken_up_share_equal_policies_and_no_others()
    {
        var options = new MacpRuntimeOptions { Policies = [Policy("policy.a"), Policy("policy.b")] };
        var world = await _disk.LiveAsync(options: options);
        foreach (var (session, policy) in new[] { (World.Session, "policy.a"), (Second, "policy.a"), (Third, "policy.b") })
            await world.StartAsync(session, start => start.PolicyVersion = policy);

        world = await _disk.LiveAsync(options: options);
        var (first, second, third) = (PolicyOf(World.Session), PolicyOf(Second), PolicyOf(Third));
        Assert.Same(first, second);
        Assert.Equal(("policy.a", "policy.b"), (first.Id, third.Id));
        Assert.Equal("policy.b", (await world.MetadataAsync(Third)).PolicyVersion);

        Modes.PolicyDefinition PolicyOf(string session) => Stored(session)[0].Binding!.Policy.Definition!;

        static PolicyDescriptor Policy(string id) => new() { PolicyId = id, Mode = "*", Description = "Rules nothing.", Rules = "{}", SchemaVersion = 1 };
    }

    [Fact]
    public async Task A_message_cannot_take_the_id_of_its_session_s_start()
    {
        var world = new World();
        var start = world.Start();
        Expect.Accepted(await world.SendAsync(World.Ada, start));
        var note = world.Note(World.Bob, "hi");
        note.MessageId = start.MessageId;
        Expect.Code(ErrorCode.InvalidEnvelope, await world.SendAsync(World.Bob, note));
    }

    HistoryRecord[] Stored(string session) => _disk.History.Stored.Select(stored => stored.ReadAll().ToArray()).Single(records => records[0].SessionId == session);

    static void AssertShareTexts(HistoryRecord first, HistoryRecord second, string configuration)
    {
        AssertShared(first.Mode, second.Mode, configuration);
        AssertShared(first.MessageType, second.MessageType, configuration);
        AssertShared(first.Sender, second.Sender, configuration);
    }

    /// <summary>They are one text, unless another of the test's own has taken its slot in between, as one in a hundred processes would have it.</summary>
    static void AssertShared(string first, string second, string configuration)
    {
        Assert.Equal(first, second);
        string[] texts = ["ada", "bob", NotesMode.Identifier, "Note", MessageTypes.SessionStart, "1.0.0", configuration];
        if (!texts.Any(text => text != first && SharedTexts.SlotOf(text) == SharedTexts.SlotOf(first))) Assert.Same(first, second);
    }
}

/// <summary>The texts are the process's, and others' would take their slots: these tests run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SharingCollection
{
    public const string Name = "sharing";
}

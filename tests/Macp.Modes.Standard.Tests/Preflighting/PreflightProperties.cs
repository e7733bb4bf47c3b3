using Google.Protobuf;
using Macp.Modes.Standard.Tests.Properties;
using Macp.Protocol;
using Macp.Wire.V1;
using Xunit.Abstractions;

namespace Macp.Modes.Standard.Tests.Preflighting;

/// <summary>
/// Preflight never refuses what the runtime accepts, however far the projection that it asks lags behind; and where it does not lag it refuses with the
/// runtime's code.
/// </summary>
public sealed class PreflightProperties(ITestOutputHelper output)
{
    const int Tried = 60, ExploredStates = 150;

    public static TheoryData<string> Modes => [.. Subject.All.Keys];

    [Theory, MemberData(nameof(Modes))]
    public void What_it_refuses_on_a_random_walk_is_refused_ever_after(string mode)
    {
        var subject = Subject.All[mode];
        int refusals = 0, overtaken = 0;
        Cases.Hold(attempts =>
        {
            var play = new Play(subject, attempts);
            var walk = new Lagging(subject, [.. play.Moments.Select(moment => moment.Message), .. Some(subject, attempts.Length)]);
            string? broken = walk.Judge() ?? play.Accepted.Select(walk.Accept).FirstOrDefault(wrong => wrong is not null);
            refusals += walk.Refusals;
            overtaken += walk.Overtaken;
            return broken is null ? null : $"{broken}\n{play}";
        });

        output.WriteLine($"{refusals} refusals, {overtaken} of them of a message that would have been accepted before");
        Assert.True(refusals > 0 && overtaken > 0, "nothing was ever refused for what the state came to");
    }

    [Theory, MemberData(nameof(Modes))]
    public void What_it_refuses_in_a_state_it_refuses_in_every_state_that_follows(string mode)
    {
        var subject = Subject.All[mode];
        var messages = subject.Messages.Select((message, index) => Message(subject, message.Type, message.Sender, message.Bytes, $"m{index}")).ToArray();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<Envelope[]>([[]]);
        while (known.Count < ExploredStates && open.TryDequeue(out var path))
        {
            var here = new Lagging(subject, messages);
            foreach (var accepted in path) here.Follow(accepted);
            Assert.Null(here.Judge());
            if (!known.Add(here.State)) continue;
            // Ids are used once on a way.
            foreach (var next in messages.Where(message => !path.Contains(message) && here.Accepts(message)))
            {
                var there = new Lagging(subject, messages);
                foreach (var accepted in path) there.Follow(accepted);
                there.Judge();
                Assert.Null(there.Accept(next));
                open.Enqueue([.. path, next]);
            }
        }
        output.WriteLine($"{known.Count} states with {messages.Length} messages each");
        Assert.True(known.Count > 10);
    }

    static IEnumerable<Envelope> Some(Subject subject, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < Tried; i++)
        {
            var message = subject.Messages[random.Next(subject.Messages.Count)];
            yield return Message(subject, message.Type, message.Sender, message.Bytes, $"some{i}");
        }
    }

    static Envelope Message(Subject subject, string type, string sender, ByteString payload, string id) => new()
    {
        MacpVersion = MacpProtocol.Version,
        Mode = subject.Mode.Descriptor.Identifier,
        SessionId = subject.Start.SessionId,
        MessageType = type,
        MessageId = id,
        Sender = sender,
        Payload = payload,
    };
}

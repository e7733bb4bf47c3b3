using Google.Protobuf;
using Macp.Modes.Standard;
using Macp.Wire.Modes.Decision.V1;
using Macp.Wire.V1;

namespace Macp.Modes.Generators.Tests.Running;

/// <summary>A decision among Alice, Bob and Carol that Alice leads: the generated handler, and the projection that follows it.</summary>
internal sealed class Table
{
    public const string Lead = "agent://alice", Bob = "agent://bob", Carol = "agent://carol", Stranger = "agent://mallory";

    int _messages;

    public Table(params string[] participants)
    {
        var start = new SessionStartPayload { ModeVersion = "1.0.0", ConfigurationVersion = "cfg", PolicyVersion = "" };
        start.Participants.AddRange(participants.Length == 0 ? [Lead, Bob, Carol] : participants);
        var envelope = Envelope("SessionStart", Lead, start);
        Session = new(envelope, start);
        Handler = Open<DecisionMode>(Session);
        Projection.Apply(envelope);
    }

    public SessionContext Session { get; }
    public SessionHandler Handler { get; }
    public DecisionProjection Projection { get; } = new();
    public List<Envelope> History { get; } = [];

    public Envelope Envelope(string type, string sender, IMessage payload) => Envelope(type, sender, payload.ToByteString());

    public Envelope Envelope(string type, string sender, ByteString payload) => new()
    {
        Mode = "macp.mode.decision.v1",
        SessionId = "s-1",
        MessageId = $"m-{++_messages}",
        MessageType = type,
        Sender = sender,
        Payload = payload,
    };

    /// <summary>What the mode says of a message; nothing changes.</summary>
    public Rejection? Judge(string type, string sender, IMessage payload) => Judge(type, sender, payload.ToByteString());

    public Rejection? Judge(string type, string sender, ByteString payload) => Handler.Decide(new(type, sender, "m"), payload).Rejection;

    /// <summary>Accepts a message on both sides.</summary>
    public Table Accept(string type, string sender, IMessage payload)
    {
        var envelope = Envelope(type, sender, payload);
        var message = MessageContext.Of(envelope);
        var verdict = Handler.Decide(message, envelope.Payload);
        Assert.Null(verdict.Rejection);
        Handler.Evolve(message, verdict.Payload!);
        Assert.Equal(ProjectionResult.Applied, Projection.Apply(envelope));
        History.Add(envelope);
        return this;
    }

    public Table Propose(string id, string sender = Lead) => Accept("Proposal", sender, new ProposalPayload { ProposalId = id, Option = "option " + id });

    public Table Vote(string id, string sender, string vote) => Accept("Vote", sender, new VotePayload { ProposalId = id, Vote = vote });

    public Table Object(string id, string severity) => Accept("Objection", Bob, new ObjectionPayload { ProposalId = id, Severity = severity, Reason = "no" });

    public Table Evaluate(string id, string recommendation, string sender = Bob) =>
        Accept("Evaluation", sender, new EvaluationPayload { ProposalId = id, Recommendation = recommendation, Confidence = 0.5 });

    public static CommitmentPayload Commitment(string action = "decision.selected", bool positive = true) => new()
    {
        CommitmentId = "c-1",
        Action = action,
        AuthorityScope = "team",
        Reason = "voted",
        ModeVersion = "1.0.0",
        ConfigurationVersion = "cfg",
        OutcomePositive = positive,
    };

    public string State()
    {
        var json = new Protocol.CanonicalJson();
        Handler.WriteState(json);
        return json.ToString();
    }

    static SessionHandler Open<TMode>(SessionContext session)
        where TMode : IMode => TMode.Open(session);
}

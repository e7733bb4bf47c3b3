namespace Macp.Modes.Generators.Models;

/// <summary>A mode class as data: everything that any output needs, and nothing of the compilation it was read from.</summary>
/// <param name="Namespace">The class's namespace; empty for the global one.</param>
/// <param name="TypeName">The class's name, such as <c>QuorumMode</c>.</param>
/// <param name="Accessibility"><c>public</c> or <c>internal</c>; what is generated beside the class has the same.</param>
/// <param name="Identity">What the <c>[Mode]</c> attribute says.</param>
/// <param name="Phases">The phases, and how the session moves through them.</param>
/// <param name="Messages">The messages in the order of their declaration.</param>
/// <param name="Commitment">The commitment rule; null where it is missing or wrong, so that the rest of the class goes on.</param>
/// <param name="StartRules">The start rules.</param>
/// <param name="State">The state's shape.</param>
/// <param name="Queries">The questions about the state.</param>
/// <param name="Governance">What policies may rule; null where none governs the mode.</param>
/// <param name="Eligibility">When the session may be bound, for reference pages; null where the commitment rule is.</param>
/// <param name="Permanent">The rules about the state that stay broken once they are, whatever is accepted afterwards.</param>
internal sealed record ModeModel(
    string Namespace,
    string TypeName,
    string Accessibility,
    ModeIdentity Identity,
    PhaseModel Phases,
    EquatableArray<MessageModel> Messages,
    MethodModel? Commitment,
    EquatableArray<MethodModel> StartRules,
    StateModel State,
    EquatableArray<QueryModel> Queries,
    GovernanceModel? Governance = null,
    CommitmentText? Eligibility = null,
    EquatableArray<Rule> Permanent = default)
{
    /// <summary>What the generated siblings are named after: <c>Quorum</c> of <c>QuorumMode</c>.</summary>
    public string Name => TypeName.Substring(0, TypeName.Length - "Mode".Length);

    /// <summary>The class's full name without <c>global::</c>.</summary>
    public string FullName => Namespace.Length == 0 ? TypeName : Namespace + "." + TypeName;
}

/// <summary>The arguments of the <c>[Mode]</c> attribute.</summary>
internal sealed record ModeIdentity(
    string Identifier, string Version, string Title, string Description, string Participants, string Determinism, int MinimumParticipants, string? RulesType);

/// <summary>The phases of a mode; <paramref name="Computed"/> is the method that computes them, where messages do not move them.</summary>
/// <param name="Names">All of them, in the order of their declaration.</param>
/// <param name="Committed">The one that a commitment leads to.</param>
/// <param name="Computed">The method that computes them.</param>
/// <param name="MayBeSet">Whether other code than what is generated may set the phase, so that nothing is known of where it leads.</param>
internal sealed record PhaseModel(EquatableArray<string> Names, string Committed, MethodModel? Computed, bool MayBeSet = false);

/// <summary>A method of the author's, and what it wants to be called with, in its order.</summary>
/// <param name="Name">The method.</param>
/// <param name="Arguments">What it takes.</param>
/// <param name="Says">What it asks or does, in words for reference pages; of the commitment rule, what it asks of a positive outcome.</param>
internal sealed record MethodModel(string Name, EquatableArray<Argument> Arguments, string Says = "");

/// <summary>What reference pages tell of the commitment rule besides <see cref="MethodModel.Says"/>.</summary>
internal sealed record CommitmentText(string Negative, EquatableArray<string> PositiveDuring, EquatableArray<string> NegativeDuring);

/// <summary>What may be handed to a method of the author's.</summary>
internal enum Argument
{
    State,
    Payload,
    Message,
    Session,
    Rules,
    Positive,
}

/// <summary>A query: its parameters beyond those that the projection supplies become the member's own.</summary>
internal sealed record QueryModel(string Name, TypeModel Result, EquatableArray<QueryParameter> Parameters)
{
    public bool IsProperty => Parameters.All(p => p.Supplied is not null);
}

/// <summary>One parameter of a query: supplied by the projection, or given by the caller.</summary>
internal sealed record QueryParameter(string Name, string Type, Argument? Supplied, string? Default);

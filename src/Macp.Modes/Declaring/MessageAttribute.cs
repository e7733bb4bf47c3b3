namespace Macp.Modes;

/// <summary>
/// Declares a message type, on the reducer that says what an accepted one means. The reducer is a static method that returns nothing and takes,
/// in any order, the state, the payload, and if it wants them a <see cref="MessageContext"/>, the <see cref="SessionContext"/> and the rules. It
/// cannot refuse: the rules declared beside this attribute, and the guards, have run before it.
/// </summary>
/// <param name="type">The message type on the wire: an upper-case letter, then letters and digits.</param>
/// <typeparam name="TPhase">The mode's nested <c>Phase</c>.</typeparam>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MessageAttribute<TPhase>(string type) : Attribute
    where TPhase : struct, Enum
{
    /// <summary>The message type on the wire.</summary>
    public string Type { get; } = type;

    /// <summary>Who may send it; anybody else gets <c>FORBIDDEN</c>.</summary>
    public Role From { get; init; } = Role.Participant;

    /// <summary>The phases in which it is accepted; all of them when not said.</summary>
    public TPhase[] During { get; init; } = [];

    /// <summary>The phase that follows its acceptance; unchanged when not said.</summary>
    public TPhase MovesTo { get; init; }

    /// <summary>The client's method for it, without <c>Async</c>; the message type when not said.</summary>
    public string? Client { get; init; }

    /// <summary>What a projection calls it when a history holds this message outside its phases; <c>wrong_phase</c> when not said.</summary>
    public string? Anomaly { get; init; }
}

/// <summary>
/// In a mode that computes its phase: the phases that may follow this message. It decides nothing; reference pages and tools draw the mode's states
/// by it. In phases that no such attribute is about, the message leads nowhere else.
/// </summary>
/// <param name="to">The phases that may follow.</param>
/// <typeparam name="TPhase">The mode's nested <c>Phase</c>.</typeparam>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class LeadsAttribute<TPhase>(params TPhase[] to) : Attribute
    where TPhase : struct, Enum
{
    /// <summary>The phases that may follow.</summary>
    public TPhase[] To { get; } = to;

    /// <summary>The phases that it is sent in; all in which the message is accepted when not said.</summary>
    public TPhase[] From { get; init; } = [];

    /// <summary>Whether the phase may also stay what it is.</summary>
    public bool OrStays { get; init; }
}

/// <summary>Who a message may come from.</summary>
public enum Role
{
    /// <summary>A declared participant. The initiator is one only where it is declared.</summary>
    Participant,

    /// <summary>Whoever started the session; it need not be a participant.</summary>
    Initiator,
}

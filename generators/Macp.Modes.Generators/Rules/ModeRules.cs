using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Rules;

/// <summary>The rules about declarations. Ids are fixed and never used again; each message names the thing, the rule and the way out.</summary>
internal static class ModeRules
{
    const string Category = "Macp.Modes";

    public static readonly DiagnosticDescriptor NotPartial = Rule("MACP0001", "A mode class is sealed and partial",
        "'{0}' must be declared 'sealed partial': what is generated from it is a part of it. Write 'public sealed partial class {0}'.");

    public static readonly DiagnosticDescriptor WrongPlace = Rule("MACP0002", "A mode class stands by itself and is named ...Mode",
        "'{0}' must be a class that is neither nested nor generic and whose name is a word followed by 'Mode', since '{1}Projection' and '{1}Session' stand beside it. Move or rename it.");

    public static readonly DiagnosticDescriptor WrongIdentifier = Rule("MACP0003", "A mode identifier has one of three forms",
        "'{0}' is not a mode identifier. Write " + Macp.Protocol.Identifiers.ModeForms + ".");

    public static readonly DiagnosticDescriptor WrongVersion = Rule("MACP0004", "A mode version is three numbers",
        "'{0}' is not a mode version. Write three numbers, such as 1.0.0.");

    public static readonly DiagnosticDescriptor TwoAttributes = Rule("MACP0005", "A mode is declared once",
        "'{0}' has [Mode] on more than one of its parts. Keep one and remove the others.");

    public static readonly DiagnosticDescriptor NoPhase = Rule("MACP0006", "A mode has phases",
        "'{0}' needs a nested 'public enum Phase'; a session begins in its first value. Declare it, with a phase for a committed session.");

    public static readonly DiagnosticDescriptor NoState = Rule("MACP0007", "A mode has a state",
        "'{0}' needs a nested 'public sealed partial class State' with a parameterless constructor. Declare it, or make the one that is there partial.");

    public static readonly DiagnosticDescriptor WrongRulesType = Rule("MACP0008", "Governance rules implement IModeRules",
        "'{0}' cannot be the rules of a mode: it must be a class that implements IModeRules<{0}>. Implement it, with the rules under policy.default as Default.");

    public static readonly DiagnosticDescriptor NameTaken = Rule("MACP0009", "Generated members have names of their own",
        "'{0}' declares '{1}', which is the name of something generated. Rename it.");

    public static readonly DiagnosticDescriptor WrongMessageType = Rule("MACP0101", "A message type is an upper-case letter, then letters and digits",
        "'{0}' cannot be a message type. Begin with an upper-case letter and use letters and digits only.");

    public static readonly DiagnosticDescriptor ReservedMessageType = Rule("MACP0102", "Some message types belong to the protocol",
        "'{0}' is reserved: it means the same in every mode. Choose another name; for the commitment, declare a [Commitment] rule.");

    public static readonly DiagnosticDescriptor DuplicateMessage = Rule("MACP0103", "A message type is declared once",
        "'{0}' is declared by '{1}' already. Give this message another type, or merge the two.");

    public static readonly DiagnosticDescriptor NotAPayload = Rule("MACP0104", "Payloads are protobuf messages",
        "'{0}' takes no payload that implements Google.Protobuf.IMessage. Take the message class that protoc made of your .proto file.");

    public static readonly DiagnosticDescriptor UnknownField = Rule("MACP0105", "A rule names a field of the payload",
        "{0} has no field '{1}'. Name one of its own with nameof: {2}.");

    public static readonly DiagnosticDescriptor UnknownPhase = Rule("MACP0106", "A phase is one of the mode's own",
        "{0} is not a phase that '{1}' may name. Use a value of the mode's own Phase; only the commitment leads to its committed phase.");

    public static readonly DiagnosticDescriptor UnknownState = Rule("MACP0107", "A rule names a property of the state",
        "State has no {0} '{1}'. Name a public property of the mode's State with nameof.");

    public static readonly DiagnosticDescriptor WrongKey = Rule("MACP0108", "A table is looked in by its key",
        "'{0}' cannot be looked in by '{1}': {2}.");

    public static readonly DiagnosticDescriptor WrongSignature = Rule("MACP0109", "The generator calls what it can supply",
        "'{0}' must be {1}. {2}.");

    public static readonly DiagnosticDescriptor UnknownMessage = Rule("MACP0110", "A method is about a message of the mode",
        "'{0}' is about '{1}', which no [Message] of the mode declares. Name one that is declared.");

    public static readonly DiagnosticDescriptor WrongFieldType = Rule("MACP0111", "A rule fits the type of its field",
        "[{0}] cannot judge '{1}': it is for {2}. Remove the rule, or change the field in the .proto file.");

    public static readonly DiagnosticDescriptor WrongValues = Rule("MACP0112", "A value set is of one case",
        "The values of '{0}' must be at least one, all of them upper case or all lower case, and the default one of them.");

    public static readonly DiagnosticDescriptor ClientNameTaken = Rule("MACP0113", "Client methods have names of their own",
        "'{0}Async' is taken on the session client. Name this message's method with Client = \"...\".");

    public static readonly DiagnosticDescriptor StrayRule = Rule("MACP0114", "Rules stand beside [Message]",
        "[{0}] on '{1}' has no [Message] beside it, so nobody asks it. Move it to the message's reducer.");

    public static readonly DiagnosticDescriptor WrongClientName = Rule("MACP0115", "A client method is named like a method",
        "'{0}' cannot name a method of the session client. Write an upper-case letter, then letters and digits, without Async.");

    public static readonly DiagnosticDescriptor WrongRange = Rule("MACP0116", "A range leads from its least to its greatest value",
        "No value of '{0}' lies between {1} and {2}. Write the least value first.");

    public static readonly DiagnosticDescriptor NotAValue = Rule("MACP0301", "A state is made of values",
        "'{0}' has type {1}, which the generator can neither compare nor write. Use text, numbers, booleans, enums, ByteString, records, List, HashSet or Dictionary of these.");

    public static readonly DiagnosticDescriptor TwoClocks = Rule("MACP0302", "Phases are moved or computed",
        "'{0}' says MovesTo, but '{1}' computes the phase. Remove one of the two.");

    public static readonly DiagnosticDescriptor HiddenState = Rule("MACP0303", "A state is held in properties",
        "'{0}' would be missing from the state's equality and its JSON, which see public and internal properties. Make it one, or static.");

    public static readonly DiagnosticDescriptor NothingComputed = Rule("MACP0304", "Leads are told of a phase that is computed",
        "'{0}' says [Leads], but nothing computes the phase: its message moves it. Say MovesTo in its [Message], or declare a [ComputedPhase].");

    public static readonly DiagnosticDescriptor NoCommitment = Rule("MACP0401", "A mode has a commitment rule",
        "'{0}' has no commitment rule, so no session of it could ever be bound. Declare one static method with [Commitment<Phase>(MovesTo = ...)].");

    public static readonly DiagnosticDescriptor TwoCommitments = Rule("MACP0402", "A mode has one of these rules",
        "'{0}' is a second [{1}]. Merge it with '{2}'.");

    public static readonly DiagnosticDescriptor NotGoverned = Rule("MACP0403", "A policy is asked of a mode with rules",
        "'{0}' is a [Policy] of '{1}', which names no rules, so that no policy governs it. Name them: [Mode(..., Rules = typeof(...))].");

    public static readonly DiagnosticDescriptor WrongRule = Rule("MACP0404", "Governance rules are read from JSON",
        "'{0}' {1}. Change it, so that a policy's JSON can say it.");

    /// <summary>All of them, for the analyzer.</summary>
    public static readonly DiagnosticDescriptor[] All =
    [
        NotPartial, WrongPlace, WrongIdentifier, WrongVersion, TwoAttributes, NoPhase, NoState, WrongRulesType, NameTaken,
        WrongMessageType, ReservedMessageType, DuplicateMessage, NotAPayload, UnknownField, UnknownPhase, UnknownState, WrongKey, WrongSignature,
        UnknownMessage, WrongFieldType, WrongValues, ClientNameTaken, StrayRule,
        WrongClientName, WrongRange, NotAValue, TwoClocks, HiddenState, NothingComputed, NoCommitment, TwoCommitments, NotGoverned, WrongRule,
    ];

    static DiagnosticDescriptor Rule(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Error, isEnabledByDefault: true);
}

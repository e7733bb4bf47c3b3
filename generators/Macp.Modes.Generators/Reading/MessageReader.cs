using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Rules;
using Macp.Protocol;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Reading;

/// <summary>Reads the messages: reducers with their rules, and the guards, older forms and due messages that belong to them.</summary>
internal static class MessageReader
{
    // Types that mean the same in every mode (RFC-MACP-0001).
    static readonly string[] Core = ["SessionStart", "Commitment", "Signal", "Progress", "SessionSuspend", "SessionResume", "SessionCancel", "TtlExpired", "Checkpoint"];

    // Methods that every session client has.
    static readonly string[] ClientMethods = ["Start", "Commit", "Cancel", "Suspend", "Resume", "Metadata", "Send", "Follow", "OpenStream", "WaitFor", "Dispose"];

    public static EquatableArray<MessageModel> Read(ModeDeclaration mode, MethodModel? computedPhase)
    {
        var messages = new List<MessageModel>();
        var reducers = new Dictionary<string, string>(StringComparer.Ordinal);
        var clients = new HashSet<string>(ClientMethods, StringComparer.Ordinal);
        foreach (var method in mode.Methods)
        {
            if (method.Find(Attributes.Message) is not { } attribute)
            {
                FindStrayRules(mode, method);
                continue;
            }
            string type = attribute.Text(0);
            if (!Identifiers.IsMessageType(type)) mode.Findings.Add(ModeRules.WrongMessageType, method, attribute, type);
            else if (Core.Contains(type)) mode.Findings.Add(ModeRules.ReservedMessageType, method, attribute, type);
            else if (reducers.TryGetValue(type, out string? first)) mode.Findings.Add(ModeRules.DuplicateMessage, method, attribute, type, first);
            else
            {
                reducers.Add(type, method.Name);
                if (Read(mode, method, attribute, type, computedPhase) is not { } message) continue;
                messages.Add(message with { Client = ClientName(mode, method, attribute, message, clients) });
            }
        }
        FindStrayParts(mode, reducers);
        return messages.ToEquatableArray();
    }

    /// <summary>The client's method; after a finding another one, so that the rest of the client goes on.</summary>
    static string ClientName(ModeDeclaration mode, IMethodSymbol method, AttributeData attribute, MessageModel message, HashSet<string> taken)
    {
        string name = message.Client;
        if (!Identifiers.IsMessageType(name)) mode.Findings.Add(ModeRules.WrongClientName, method, attribute, name);
        else if (taken.Add(name)) return name;
        else mode.Findings.Add(ModeRules.ClientNameTaken, method, attribute, name);
        for (name = "Send" + message.Type; !taken.Add(name); name += "Message") { }
        return name;
    }

    static MessageModel? Read(ModeDeclaration mode, IMethodSymbol method, AttributeData attribute, string type, MethodModel? computedPhase)
    {
        var payloadType = method.Parameters.Select(p => p.Type).OfType<INamedTypeSymbol>().FirstOrDefault(PayloadReader.IsMessage);
        if (payloadType is null)
        {
            mode.Findings.Add(ModeRules.NotAPayload, method, method.Name);
            return null;
        }
        var reducer = MethodBinder.Bind(
            mode, method, "a static method that returns nothing", r => r.SpecialType == SpecialType.System_Void, payloadType,
            Argument.State, Argument.Payload, Argument.Message, Argument.Session, Argument.Rules);
        if (reducer is null) return null;

        var payload = PayloadReader.Read(payloadType);
        var during = PhaseReader.Read(mode, method, attribute, "During");
        string? movesTo = PhaseReader.Read(mode, method, attribute, "MovesTo").FirstOrDefault();
        if (movesTo is not null && computedPhase is not null)
        {
            mode.Findings.Add(ModeRules.TwoClocks, method, attribute, type, computedPhase.Name);
            movesTo = null;
        }
        if (movesTo is not null && movesTo == CommittedPhase(mode)) mode.Findings.Add(ModeRules.UnknownPhase, method, attribute, "Phase." + movesTo, method.Name);

        return new(
            type,
            reducer,
            payload,
            FromInitiator: attribute.Named("From") is { Kind: TypedConstantKind.Enum, Value: 1 },
            during.ToEquatableArray(),
            movesTo,
            attribute.NamedText("Client") ?? type,
            RuleReader.Read(mode, method, payload).ToEquatableArray(),
            About(mode, Attributes.Guard, type).Select(m => MethodBinder.Bind(
                mode, m, "a static method that returns Rejection?", MethodBinder.ReturnsRejection, payloadType,
                Argument.State, Argument.Payload, Argument.Message, Argument.Session, Argument.Rules)?.Saying(m, Attributes.Guard)).OfType<MethodModel>().ToEquatableArray(),
            About(mode, Attributes.ComesDue, type).Select(m => MethodBinder.Bind(
                mode, m, "a static method that returns DueMessage?", r => MethodBinder.IsVocabulary(r, "DueMessage"), payloadType,
                Argument.State, Argument.Payload, Argument.Message, Argument.Session, Argument.Rules)?.Saying(m, Attributes.ComesDue)).OfType<MethodModel>().ToEquatableArray(),
            ReadLegacy(mode, type, payloadType),
            attribute.NamedText("Anomaly"),
            ReadAnomalies(mode, type, payloadType),
            LeadReader.Read(mode, method, during, CommittedPhase(mode)).ToEquatableArray());
    }

    /// <summary>The guards whose breach in a history has a name. They take no rules, which a client need not know.</summary>
    static EquatableArray<AnomalyModel> ReadAnomalies(ModeDeclaration mode, string type, INamedTypeSymbol payload)
    {
        var anomalies = new List<AnomalyModel>();
        foreach (var method in About(mode, Attributes.Guard, type))
            if (method.Find(Attributes.Guard)!.NamedText("Anomaly") is { } kind && MethodBinder.Bind(
                mode, method, "a static method that returns Rejection? and, to name an anomaly, takes no rules", MethodBinder.ReturnsRejection, payload,
                Argument.State, Argument.Payload, Argument.Message, Argument.Session) is { } guard) anomalies.Add(new(guard, kind));
        return anomalies.ToEquatableArray();
    }

    /// <summary>The value of the [Commitment] rule, read without findings: its own reader reports them.</summary>
    static string? CommittedPhase(ModeDeclaration mode)
    {
        var value = mode.Methods.Select(m => m.Find(Attributes.Commitment)).FirstOrDefault(a => a is not null)?.Named("MovesTo") is { Kind: TypedConstantKind.Enum } constant ? constant.Value : null;
        return value is null ? null : mode.Phase.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(f => f.HasConstantValue && Equals(f.ConstantValue, value))?.Name;
    }

    static string? ReadLegacy(ModeDeclaration mode, string type, INamedTypeSymbol payload)
    {
        var methods = About(mode, Attributes.LegacyPayload, type).ToArray();
        foreach (var second in methods.Skip(1)) mode.Findings.Add(ModeRules.TwoCommitments, second, second.Name, "LegacyPayload", methods[0].Name);
        if (methods.FirstOrDefault() is not { } method) return null;
        bool fits = method is { IsStatic: true, IsGenericMethod: false, Parameters.Length: 1 } && SymbolEqualityComparer.Default.Equals(method.ReturnType, payload)
            && method.Parameters[0].Type.ToDisplayString() == "System.ReadOnlySpan<byte>";
        if (!fits) mode.Findings.Add(ModeRules.WrongSignature, method, method.Name, $"a static method that takes ReadOnlySpan<byte> and returns {payload.Name}?", "It takes or returns something else");
        return fits ? method.Name : null;
    }

    static IEnumerable<IMethodSymbol> About(ModeDeclaration mode, string word, string type) =>
        mode.Methods.Where(m => m.Find(word) is { } attribute && TypesOf(word, attribute).Contains(type));

    static IEnumerable<string> TypesOf(string word, AttributeData attribute) => word == Attributes.Guard ? attribute.Texts(0) : [attribute.Text(0)];

    static void FindStrayRules(ModeDeclaration mode, IMethodSymbol method)
    {
        foreach (var attribute in method.GetAttributes())
            if (Attributes.Word(attribute) is { } word && Attributes.Rules.Contains(word))
                mode.Findings.Add(ModeRules.StrayRule, method, attribute, Attributes.Written(word), method.Name);
    }

    static void FindStrayParts(ModeDeclaration mode, Dictionary<string, string> reducers)
    {
        foreach (var method in mode.Methods)
            foreach (string word in new[] { Attributes.Guard, Attributes.ComesDue, Attributes.LegacyPayload })
                if (method.Find(word) is { } attribute)
                    foreach (string type in TypesOf(word, attribute).DefaultIfEmpty("").Where(t => !reducers.ContainsKey(t)))
                        mode.Findings.Add(ModeRules.UnknownMessage, method, attribute, method.Name, type);
    }
}

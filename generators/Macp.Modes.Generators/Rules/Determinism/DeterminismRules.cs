using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Rules.Determinism;

/// <summary>
/// The rules that keep a mode a function of its history. A message reads: who, what it does and why that is refused; the rule; the way out.
/// </summary>
static class DeterminismRules
{
    const string Category = "Macp.Modes";

    public static readonly DiagnosticDescriptor NotDeterministic = new(
        "MACP0201",
        "A mode uses only what is deterministic",
        "{0} {1}; a mode must give the same state for the same history. {2}.",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "What a runtime accepts becomes history, and folding the history must give the same state everywhere and for ever. So a mode, and "
        + "whatever it calls, uses only APIs that are known to be deterministic.");

    public static readonly DiagnosticDescriptor StaticState = new(
        "MACP0202",
        "A mode has no static state that can change",
        "{0} {1}; a mode's only state is the State that its history builds. {2}.",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "What is static is shared between sessions and lost between runs; the same history would give different states.");

    public static readonly DiagnosticDescriptor Culture = new(
        "MACP0203",
        "A mode does not depend on culture",
        "{0} {1}; a mode must give the same state under every culture. {2}.",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "How numbers and times are written, and how text is compared, depends on the machine's culture unless the call says otherwise.");

    public static readonly DiagnosticDescriptor Deferred = new(
        "MACP0204",
        "A mode is neither asynchronous nor lazy",
        "{0} {1}; a mode answers at once, from what it is given. {2}.",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Between an asynchronous or lazy call and its result the state goes on changing, and the result depends on when it is read.");
}

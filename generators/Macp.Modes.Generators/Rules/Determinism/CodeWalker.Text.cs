using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Macp.Modes.Generators.Rules.Determinism;

// Code that writes values into text.
sealed partial class CodeWalker
{
    public override void VisitInterpolation(IInterpolationOperation operation)
    {
        base.VisitInterpolation(operation);
        WritePart(operation, operation.Expression, operation.FormatString);
    }

    public override void VisitInterpolatedStringAppend(IInterpolatedStringAppendOperation operation)
    {
        // The handler's own method is the framework's way of saying so; what counts is the value.
        if (operation.AppendCall is not IInvocationOperation { TargetMethod: var method } call) return;
        foreach (var argument in call.Arguments) Visit(argument.Value);
        if (_words.IsSource(method)) Follow(method);
        if (operation.Kind is OperationKind.InterpolatedStringAppendFormatted && call.Arguments.Length > 0)
            WritePart(operation, call.Arguments[0].Value, call.Arguments.FirstOrDefault(static a => a.Parameter?.Name is "format")?.Value);
    }

    public override void VisitInterpolatedStringHandlerCreation(IInterpolatedStringHandlerCreationOperation operation)
    {
        if (operation.HandlerCreation is IObjectCreationOperation { Constructor: { } constructor } && _words.IsSource(constructor)) Follow(constructor);
        Visit(operation.Content);
    }

    void WritePart(IOperation part, IOperation value, IOperation? format)
    {
        if (SaysCulture(part)) FollowText(value.Unwrapped().Type);
        else if (value.Unwrapped().Type is { } type && TextForms.IsFormattedByCulture(type, format?.ConstantValue.Value as string))
            Refuse(value, $"writes a {type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)} in a format", CultureRules.Format);
        else Write(value);
    }

    void Write(IOperation value)
    {
        var written = value.Unwrapped();
        FollowText(written.Type);
        if (written.ConstantValue is { HasValue: true, Value: null or string }) return;
        Refuse(written, $"writes a {written.Type?.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)} into text", _culture.JudgeText(written.Type));
    }

    void FollowText(ITypeSymbol? type)
    {
        if (_texts.WrittenToString(type) is { } written) Follow(written);
    }

    // The call that an interpolated string is handed to may say the culture for all of it: string.Create(CultureInfo.InvariantCulture, $"...").
    static bool SaysCulture(IOperation part)
    {
        var parent = part.Parent;
        while (parent is IInterpolatedStringOperation or IInterpolatedStringAdditionOperation or IInterpolatedStringHandlerCreationOperation
            or IConversionOperation or IArgumentOperation)
            parent = parent.Parent;
        return parent is IInvocationOperation call
            && (call.TargetMethod.ContainingType.Is("System.FormattableString")
                || call.TargetMethod.Parameters.Any(static p => CultureRules.IsProvider(p.Type)));
    }
}

using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Rules;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Reading;

/// <summary>Reads what a message says of the phases that may follow it, where the mode computes its phase.</summary>
internal static class LeadReader
{
    public static IEnumerable<LeadModel> Read(ModeDeclaration mode, IMethodSymbol method, IReadOnlyCollection<string> during, string? committed)
    {
        bool isComputed = mode.Methods.Any(m => m.Find(Attributes.ComputedPhase) is not null);
        foreach (var attribute in method.GetAttributes().Where(a => Attributes.Word(a) == Attributes.Leads))
        {
            if (!isComputed)
            {
                mode.Findings.Add(ModeRules.NothingComputed, method, attribute, method.Name);
                continue;
            }
            bool stays = attribute.NamedFlag("OrStays");
            var open = mode.PhaseNames.Where(p => p != committed).ToList();
            var sent = during.Count > 0 ? during : open;
            var from = Within(sent, PhaseReader.Read(mode, method, attribute, "From"));
            var to = Within(open, PhaseReader.Read(mode, method, attribute, attribute.ConstructorArguments.FirstOrDefault()));
            foreach (string phase in attribute.Named("From") is null ? sent : from) yield return new(phase, to.Union(stays ? [phase] : []).ToEquatableArray());

            List<string> Within(IReadOnlyCollection<string> allowed, IReadOnlyList<string> named)
            {
                foreach (string phase in named.Except(allowed)) mode.Findings.Add(ModeRules.UnknownPhase, method, attribute, "Phase." + phase, method.Name);
                return [.. named.Intersect(allowed)];
            }
        }
    }
}

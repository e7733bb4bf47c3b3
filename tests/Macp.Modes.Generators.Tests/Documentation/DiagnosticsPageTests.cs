using System.Text;
using Macp.Modes.Generators.Pipeline;
using Macp.Modes.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Macp.Modes.Generators.Tests.Documentation;

/// <summary>docs/diagnostics.md is written from the rules, never by hand.</summary>
public sealed class DiagnosticsPageTests
{
    [Fact]
    public void The_page_of_diagnostics_tells_every_rule_as_it_is() => Page.Matches("diagnostics.md", Write());

    static string Write()
    {
        var page = new StringBuilder("""
            # Diagnostics

            The rules about mode classes. Each is an error where it is declared; ids are fixed and never used again. This page is written by a test.


            """);
        foreach (var rule in Rules())
        {
            page.Append($"## {rule.Id}: {rule.Title}\n\n");
            string about = rule.Description.ToString();
            if (about.Length > 0) page.Append(about).Append("\n\n");
            page.Append("```text\n").Append(rule.MessageFormat).Append("\n```\n\n");
        }
        return page.ToString().TrimEnd() + "\n";
    }

    static IEnumerable<DiagnosticDescriptor> Rules() => typeof(ModeGenerator).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !t.IsAbstract)
        .SelectMany(t => ((DiagnosticAnalyzer)Activator.CreateInstance(t)!).SupportedDiagnostics)
        .OrderBy(r => r.Id, StringComparer.Ordinal);
}

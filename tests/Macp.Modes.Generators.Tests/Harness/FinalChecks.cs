using System.Text.RegularExpressions;

namespace Macp.Modes.Generators.Tests.Harness;

/// <summary>What a generated validator refuses a message for in advance.</summary>
internal static class FinalChecks
{
    /// <summary>The conditions of a message, in their order, each as it was generated but for the names of the vocabulary.</summary>
    public static IReadOnlyList<string> Of(Generated generated, string message)
    {
        string body = Regex.Match(generated.Part("Validator"), $@"(?s)static bool NeverAccepts{message}\(.*?\) =>\s+(.*?);\n").Groups[1].Value;
        Assert.NotEmpty(body);
        return [.. Regex.Split(body, @"\s+\|\| ").Select(condition => condition.Replace("global::Macp.Modes.", "", StringComparison.Ordinal))];
    }
}

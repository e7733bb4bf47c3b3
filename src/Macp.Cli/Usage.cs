using System.CommandLine;
using System.CommandLine.Parsing;

namespace Macp.Cli;

/// <summary>What is wrong with a command line, in words.</summary>
static class Usage
{
    /// <summary>Takes what looks like an option for one that does not exist, not for a file or an identifier.</summary>
    /// <param name="argument">The argument.</param>
    /// <param name="unless">Knows identifiers that look like options; null where none do.</param>
    public static Argument<T> RefuseOptions<T>(this Argument<T> argument, Func<string, bool>? unless = null)
    {
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (token.Value.StartsWith('-') && unless?.Invoke(token.Value) is not true) result.AddError($"there is no option {token.Value} here");
        });
        return argument;
    }

    /// <summary>Tells what is wrong, each thing once, and gives the exit status.</summary>
    public static int Complain(CommandContext context, ParseResult parsed)
    {
        // An unknown word also counts as a missing command; the word says more.
        string[] complaints = parsed.UnmatchedTokens.Count > 0
            ? [.. parsed.UnmatchedTokens.Select(token => $"'{token}' is no command or option here")]
            : [.. parsed.Errors.Select(error => error.Message).Distinct()];
        foreach (string complaint in complaints) context.Fail(ExitStatus.Unusable, complaint);
        return context.Fail(ExitStatus.Unusable, $"'macp {Command(parsed)}--help' lists what there is");
    }

    static string Command(ParseResult parsed)
    {
        string path = "";
        for (var command = parsed.CommandResult; command.Parent is CommandResult parent; command = parent) path = $"{command.Command.Name} {path}";
        return path;
    }
}

using Macp.Modes;

namespace Macp.Cli.Pages;

/// <summary>What descriptors say by a value, in words; and words as Markdown takes them.</summary>
static class Words
{
    /// <summary>The name of a determinism class in the protocol's spelling.</summary>
    public static string Of(DeterminismClass determinism) => determinism switch
    {
        DeterminismClass.SemanticDeterministic => "semantic-deterministic",
        DeterminismClass.StructuralOnly => "structural-only",
        _ => "context-frozen",
    };

    /// <summary>What a replay guarantees.</summary>
    public static string Meaning(DeterminismClass determinism) => determinism switch
    {
        DeterminismClass.SemanticDeterministic => "the same history gives the same state and the same outcome",
        DeterminismClass.StructuralOnly => "the same history gives the same structure; what the messages say happened elsewhere",
        _ => "the outcome follows from the history and a context that was frozen with it",
    };

    /// <summary>The name of a participant model in the protocol's spelling.</summary>
    public static string Of(ParticipantModel participants) => participants.ToString().ToLowerInvariant();

    /// <summary>An author's text, in which nothing is markup.</summary>
    public static string Escape(string text) => text.Replace("<", "&lt;", StringComparison.Ordinal).ReplaceLineEndings(" ");

    /// <summary>The content of a table's cell.</summary>
    public static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}

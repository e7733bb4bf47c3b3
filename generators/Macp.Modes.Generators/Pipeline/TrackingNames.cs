namespace Macp.Modes.Generators.Pipeline;

/// <summary>The named stages of the pipeline. Tests ask each of them whether it ran again.</summary>
internal static class TrackingNames
{
    /// <summary>The mode classes as models.</summary>
    public const string Modes = nameof(Modes);

    /// <summary>The models that share a file name but for its case.</summary>
    public const string Namesakes = nameof(Namesakes);

    /// <summary>Whether the compilation knows the client library.</summary>
    public const string HasClient = nameof(HasClient);

    /// <summary>Each model with the name of its files.</summary>
    public const string Files = nameof(Files);

    /// <summary>What the session client is made of.</summary>
    public const string ClientFiles = nameof(ClientFiles);
}

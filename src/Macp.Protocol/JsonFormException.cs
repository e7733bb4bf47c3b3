namespace Macp.Protocol;

/// <summary>JSON that is not of the form that is asked for.</summary>
/// <param name="path">Where: <c>payload.participants[2]</c>.</param>
/// <param name="reason">What is wrong there, in words that follow the path.</param>
public sealed class JsonFormException(string path, string reason) : FormatException($"{path} {reason}")
{
    /// <summary>Where it is wrong.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong there, in words that follow the path.</summary>
    public string Reason { get; } = reason;
}

using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Macp.Server.Configuration;

/// <summary>
/// Where settings are looked up: a variable of the environment, such as <c>MACP_DATA_DIR</c>, counts before the same name in the configuration's section
/// <c>Macp</c>, there written <c>DataDir</c>. What is empty counts as not set.
/// </summary>
/// <param name="variable">Looks a variable up; null where it is not set.</param>
/// <param name="section">The section; null for variables only.</param>
sealed class Settings(Func<string, string?> variable, IConfigurationSection? section = null)
{
    public const string Section = "Macp";

    const string Prefix = "MACP_";

    readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The setting's text; null where it is not set.</summary>
    public string? Text(string name)
    {
        string? written = FromSection(name);
        return FromVariable(name) ?? written;
    }

    /// <summary>A variable that is not the runtime's own, and stands nowhere else.</summary>
    public string? Foreign(string name) => FromVariable(name);

    /// <summary>Whether a flag is on. A variable is on for the exact value <c>1</c>; in the section <c>true</c> is usual, and anything but a yes or no is refused.</summary>
    public bool Flag(string name)
    {
        string? written = FromSection(name);
        if (FromVariable(name) is { } set) return set == "1";
        return written?.ToUpperInvariant() switch
        {
            "1" or "TRUE" => true,
            null or "0" or "FALSE" => false,
            _ => throw new MacpConfigurationException($"{NameOf(name)} must be true or false; it is '{written}'."),
        };
    }

    /// <summary>A whole number within these bounds.</summary>
    public int Number(string name, int otherwise, int least, int most)
    {
        if (Text(name) is not { } text) return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : throw new MacpConfigurationException($"{NameOf(name)} must be a whole number from {least} to {most}; it is '{text}'.");
    }

    /// <summary>The setting as whoever has set it has written it.</summary>
    public string NameOf(string name) => FromVariable(name) is null && FromSection(name) is not null ? $"{Section}:{Key(name)}" : name;

    /// <summary>Refuses what stands in the section and is none of the settings that were asked for: a slip of the pen would leave a default in force.</summary>
    public void RefuseUnknown()
    {
        if (section?.Value is { Length: > 0 }) throw new MacpConfigurationException($"{Section} must be a section with the runtime's settings, and is a single value.");
        if (section?.GetChildren().FirstOrDefault(child => !_asked.Contains(child.Key)) is { } unknown)
            throw new MacpConfigurationException($"{Section}:{unknown.Key} is no setting of the runtime; those that there are: {string.Join(", ", _asked.Order(StringComparer.Ordinal))}.");
        // Such as a list of tokens that is written as a list: without it, everybody might be anybody. Nothing of it is told.
        if (section?.GetChildren().FirstOrDefault(child => child.GetChildren().Any()) is { } nested)
            throw new MacpConfigurationException($"{Section}:{nested.Key} must be a single value, and is a list or a section; what is JSON itself is written as text.");
    }

    string? FromVariable(string name) => variable(name) is { Length: > 0 } text ? text : null;

    string? FromSection(string name)
    {
        string key = Key(name);
        _asked.Add(key);
        return section?[key] is { Length: > 0 } text ? text : null;
    }

    /// <summary><c>MaxPayloadBytes</c> for <c>MACP_MAX_PAYLOAD_BYTES</c>.</summary>
    static string Key(string name) => string.Concat(name[Prefix.Length..].Split('_').Select(word => $"{word[0]}{word[1..].ToLowerInvariant()}"));
}

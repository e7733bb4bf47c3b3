namespace Macp.Protocol;

/// <summary>The forms of mode identifiers and versions. This file is compiled into the generator too, so that both judge alike.</summary>
public static class Identifiers
{
    /// <summary>The forms of a mode identifier, for people.</summary>
    public const string ModeForms = "macp.mode.<name>.v<n>, ext.<name>.v<n> or <tld>.<org>.<name>.v<n>: lower case letters, digits and underscores";

    /// <summary>Whether this is a mode identifier: dotted lower-case labels of which the last is a version.</summary>
    public static bool IsMode(string identifier)
    {
        string[] labels = identifier.Split('.');
        if (labels.Length < 3 || !IsMajor(labels[labels.Length - 1])) return false;
        for (int i = 0; i < labels.Length - 1; i++)
            if (!IsLabel(labels[i])) return false;
        // The reserved roots take exactly one name; a vendor writes its domain backwards.
        return labels[0] == "ext" ? labels.Length == 3
            : labels[0] == "macp" ? labels.Length == 4 && labels[1] == "mode"
            : labels.Length >= 4;
    }

    /// <summary>Whether this is a semantic version of three numbers, such as 1.0.0.</summary>
    public static bool IsVersion(string version)
    {
        string[] numbers = version.Split('.');
        if (numbers.Length != 3) return false;
        foreach (string number in numbers)
            if (!IsNumber(number)) return false;
        return true;
    }

    /// <summary>Whether this may name a message type: an upper-case letter, then letters and digits.</summary>
    public static bool IsMessageType(string type)
    {
        if (type.Length == 0 || type[0] < 'A' || type[0] > 'Z') return false;
        foreach (char c in type)
            if (!(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) return false;
        return true;
    }

    static bool IsMajor(string label) => label.Length > 1 && label[0] == 'v' && IsNumber(label.Substring(1));

    static bool IsNumber(string text)
    {
        foreach (char c in text)
            if (c < '0' || c > '9') return false;
        return text.Length == 1 || (text.Length > 1 && text[0] != '0');
    }

    static bool IsLabel(string label)
    {
        foreach (char c in label)
            if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_') return false;
        return label.Length > 0;
    }
}

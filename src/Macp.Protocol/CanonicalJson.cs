using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Macp.Protocol;

/// <summary>
/// Writes canonical JSON (RFC 8785): no white space, the shortest escapes, raw UTF-8, numbers as ECMAScript prints them. The writer does
/// not sort: whoever writes an object writes its keys in ordinal order. Integers are exact also beyond 2^53, where ECMAScript would round them.
/// </summary>
public sealed class CanonicalJson
{
    static readonly SearchValues<char> Escaped = SearchValues.Create("\"\\\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f");

    // A lone surrogate has no UTF-8 form; replacing it would let two texts hash alike.
    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    readonly StringBuilder _text = new();
    bool _needsComma;

    /// <summary>Opens an object.</summary>
    public CanonicalJson BeginObject() => Open('{');

    /// <summary>Closes the object opened last.</summary>
    public CanonicalJson EndObject() => Close('}');

    /// <summary>Opens an array.</summary>
    public CanonicalJson BeginArray() => Open('[');

    /// <summary>Closes the array opened last.</summary>
    public CanonicalJson EndArray() => Close(']');

    /// <summary>Writes the key of the value that follows.</summary>
    public CanonicalJson Key(string name)
    {
        Separate();
        Quote(name);
        _text.Append(':');
        _needsComma = false;
        return this;
    }

    /// <summary>Writes a string, or null.</summary>
    public CanonicalJson Value(string? value)
    {
        if (value is null) return Raw("null");
        Separate();
        Quote(value);
        _needsComma = true;
        return this;
    }

    /// <summary>Writes a boolean.</summary>
    public CanonicalJson Value(bool value) => Raw(value ? "true" : "false");

    /// <summary>Writes an integer.</summary>
    public CanonicalJson Value(long value) => Raw(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes an integer.</summary>
    public CanonicalJson Value(ulong value) => Raw(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes a number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not finite: JSON has no word for it.</exception>
    public CanonicalJson Value(double value) => Raw(EcmaScriptNumber.Format(value));

    /// <summary>
    /// Writes JSON that was read, its keys in ordinal order, its numbers as ECMAScript reads and prints them; but integers of 64 bits stay exact. What is beyond
    /// the range of doubles becomes null, as there.
    /// </summary>
    /// <exception cref="InvalidOperationException">A text or a key holds half of a surrogate pair.</exception>
    public CanonicalJson Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => Object(value),
        JsonValueKind.Array => Array(value),
        JsonValueKind.String => Value(value.GetString()),
        JsonValueKind.True or JsonValueKind.False => Value(value.GetBoolean()),
        JsonValueKind.Number when value.TryGetInt64(out long integer) => Value(integer),
        JsonValueKind.Number when double.IsFinite(value.GetDouble()) => Value(value.GetDouble()),
        _ => Value((string?)null),
    };

    /// <summary>What was written so far.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>What was written so far, as UTF-8.</summary>
    /// <exception cref="EncoderFallbackException">A string holds half of a surrogate pair.</exception>
    public byte[] ToUtf8() => Utf8.GetBytes(_text.ToString());

    CanonicalJson Object(JsonElement value)
    {
        BeginObject();
        foreach (var property in value.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal)) Key(property.Name).Value(property.Value);
        return EndObject();
    }

    CanonicalJson Array(JsonElement value)
    {
        BeginArray();
        foreach (var item in value.EnumerateArray()) Value(item);
        return EndArray();
    }

    CanonicalJson Open(char bracket)
    {
        Separate();
        _text.Append(bracket);
        _needsComma = false;
        return this;
    }

    CanonicalJson Close(char bracket)
    {
        _text.Append(bracket);
        _needsComma = true;
        return this;
    }

    CanonicalJson Raw(string token)
    {
        Separate();
        _text.Append(token);
        _needsComma = true;
        return this;
    }

    void Separate()
    {
        if (_needsComma) _text.Append(',');
    }

    void Quote(ReadOnlySpan<char> value)
    {
        _text.Append('"');
        for (int at; (at = value.IndexOfAny(Escaped)) >= 0; value = value[(at + 1)..])
        {
            _text.Append(value[..at]);
            Escape(value[at]);
        }
        _text.Append(value).Append('"');
    }

    void Escape(char c) => _ = c switch
    {
        '"' => _text.Append("\\\""),
        '\\' => _text.Append("\\\\"),
        '\b' => _text.Append("\\b"),
        '\t' => _text.Append("\\t"),
        '\n' => _text.Append("\\n"),
        '\f' => _text.Append("\\f"),
        '\r' => _text.Append("\\r"),
        _ => _text.Append("\\u00").Append(((int)c).ToString("x2", CultureInfo.InvariantCulture)),
    };
}

using System.Buffers;
using System.Text;

namespace Macp.Grpc.Wire;

/// <summary>The encoding of <c>grpc-message</c>: UTF-8, each byte outside of printable ASCII, and the percent sign, as <c>%XX</c>.</summary>
static class PercentEncoding
{
    // Peers take some kilobytes of fields, and drop the connection with all its calls over more. Of a longer text its beginning is told.
    const int Longest = 4096;

    static readonly SearchValues<char> s_plain = SearchValues.Create(
        Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c).Where(c => c != '%').ToArray());

    public static string Encode(string text)
    {
        if (text.Length > Longest) text = text[..Longest];
        if (!text.AsSpan().ContainsAnyExcept(s_plain)) return text;

        var encoded = new StringBuilder(text.Length + 16);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            if (encoded.Length > Longest - 3) break;
            if (s_plain.Contains((char)b)) encoded.Append((char)b);
            else encoded.Append('%').Append(b.ToString("X2", null));
        }
        return encoded.ToString();
    }

    /// <summary>Never fails: the specification wants what cannot be decoded passed on as it stands, not an error lost.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%')) return text;

        var bytes = new ArrayBufferWriter<byte>(text.Length);
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            if (rest[0] == '%' && rest.Length > 2 && char.IsAsciiHexDigit(rest[1]) && char.IsAsciiHexDigit(rest[2]))
            {
                bytes.Write(Convert.FromHexString(rest.Slice(1, 2)));
                rest = rest[3..];
                continue;
            }

            int next = rest[1..].IndexOf('%');
            var plain = next < 0 ? rest : rest[..(next + 1)];
            Encoding.UTF8.GetBytes(plain, bytes);
            rest = rest[plain.Length..];
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}

using System.Text;

namespace Macp.Cli;

/// <summary>Text that is given on the command line, in a file (<c>@file</c>), or on the standard input (<c>-</c>).</summary>
static class TextSource
{
    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read, or what was read is not UTF-8; the text says which.</exception>
    public static Task<string> ReadAsync(string source, CancellationToken cancellationToken) => source switch
    {
        "-" => ReadAsync("the standard input", Console.OpenStandardInput, cancellationToken),
        ['@', .. var path] => ReadFileAsync(path, cancellationToken),
        _ => Task.FromResult(source),
    };

    /// <inheritdoc cref="ReadAsync(string, CancellationToken)"/>
    public static Task<string> ReadFileAsync(string path, CancellationToken cancellationToken) => ReadAsync(path, () => File.OpenRead(path), cancellationToken);

    static async Task<string> ReadAsync(string name, Func<Stream> open, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = new StreamReader(open(), StrictUtf8);
            return await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException($"{name}: it is not UTF-8 text");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidDataException($"{name}: {e.Message}");
        }
    }
}

using System.Reflection;
using System.Text;

namespace Macp.Modes.Generators.Tests.Harness;

/// <summary>
/// Compares a text with the one that was verified, by Verify's conventions: <c>_snapshots/NAME.verified.cs</c> beside the test is committed, and
/// <c>NAME.received.cs</c> is written on a mismatch.
/// </summary>
internal static class Snapshot
{
    const string Accept = "MACP_ACCEPT_SNAPSHOTS";

    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string ProjectDirectory { get; } = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ProjectDirectory").Value!;

    /// <param name="folder">The folder of the test.</param>
    /// <param name="name">The snapshot's name.</param>
    /// <param name="text">What was generated.</param>
    public static void Matches(string folder, string name, string text)
    {
        string verified = Path.Combine(ProjectDirectory, folder, "_snapshots", name + ".verified.cs"), received = Path.ChangeExtension(verified, null)[..^".verified".Length] + ".received.cs";
        if (Environment.GetEnvironmentVariable(Accept) == "1") Write(verified, text);
        if (File.Exists(verified) && File.ReadAllBytes(verified).AsSpan().SequenceEqual(Utf8.GetBytes(text)))
        {
            File.Delete(received);
            return;
        }
        Write(received, text);
        Assert.Fail($"""
            {name} is not what was verified{FirstDifference(verified, text)}.
              received: {received}
              verified: {verified}
            Read the difference. To accept it, copy the received file over the verified one, or run the tests with {Accept}=1, and commit.
            """);
    }

    /// <summary>The names of the snapshots that were verified for the tests of a folder.</summary>
    public static IEnumerable<string> Verified(string folder) => Directory.GetFiles(Path.Combine(ProjectDirectory, folder, "_snapshots"), "*.verified.cs")
        .Select(path => Path.GetFileName(path)[..^".verified.cs".Length]).Order(StringComparer.Ordinal);

    static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Utf8.GetBytes(text));
    }

    static string FirstDifference(string verified, string text)
    {
        if (!File.Exists(verified)) return ": nothing was verified yet";
        string[] then = File.ReadAllText(verified).Split('\n'), now = text.Split('\n');
        int line = then.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        return $" from line {line + 1} on: '{now.ElementAtOrDefault(line)}' in the place of '{then.ElementAtOrDefault(line)}'";
    }
}

namespace Macp.Testing.Tests;

sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("macp-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

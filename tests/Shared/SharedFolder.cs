namespace Macp.Tests;

/// <summary>
/// The project's shared material, in the folder <c>shared</c> beside the repository: the specification's pages and published data. It is no
/// part of the repository, so what needs it is skipped where it is missing.
/// </summary>
static class SharedFolder
{
    /// <summary>The repository's root: the folder of <c>Macp.Modes.sln</c>.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>A file or folder of the shared material, whether it exists or not.</summary>
    public static string Of(string path) => Path.GetFullPath(Path.Combine(Repository, "..", "shared", path));

    /// <summary>Why a test that reads this file or folder cannot run here; null when it can.</summary>
    public static string? WhyMissing(string path) => Path.Exists(Of(path)) ? null : $"needs shared/{path} beside the repository; there is no {Of(path)}";

    static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Macp.Modes.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Macp.Modes.sln.");
    }
}

/// <summary>A test that reads shared material, and is skipped, with the reason, where that is missing.</summary>
sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute(string path) => Skip = SharedFolder.WhyMissing(path);
}

/// <summary>A test with data that reads shared material, and is skipped, with the reason, where that is missing.</summary>
sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute(string path) => Skip = SharedFolder.WhyMissing(path);
}

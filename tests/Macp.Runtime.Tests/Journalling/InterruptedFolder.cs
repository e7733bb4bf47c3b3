namespace Macp.Runtime.Tests;

/// <summary>A folder in which something happens right before a file is opened.</summary>
sealed class InterruptedFolder(IJournalFolder folder) : IJournalFolder
{
    public Action<string>? BeforeOpen { get; set; }

    public IReadOnlyList<string> List() => folder.List();

    public IJournalFile Create(string name) => folder.Create(name);

    public IJournalFile Open(string name)
    {
        BeforeOpen?.Invoke(name);
        return folder.Open(name);
    }

    public void Delete(string name) => folder.Delete(name);

    public void Sync() => folder.Sync();
}

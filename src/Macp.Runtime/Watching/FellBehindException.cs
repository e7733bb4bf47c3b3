namespace Macp.Runtime;

/// <summary>Whoever watched took so long over what came before that what comes next is gone. Watch again: it begins with how things stand now.</summary>
public sealed class FellBehindException() : Exception("the watcher fell too far behind, and events were lost to it; watch again");

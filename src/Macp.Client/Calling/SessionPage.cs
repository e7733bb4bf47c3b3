namespace Macp.Client;

/// <summary>A page of a list of sessions.</summary>
/// <param name="Sessions">The sessions, by id. A page may be empty and not the last.</param>
/// <param name="NextPageToken">What leads to the next page; empty when this is the last.</param>
public sealed record SessionPage(IReadOnlyList<SessionInfo> Sessions, string NextPageToken);

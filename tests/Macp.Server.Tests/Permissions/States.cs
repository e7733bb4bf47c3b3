namespace Macp.Server.Tests;

/// <summary>Every state in which a caller can find a session, by the names of <c>docs/rpcs.md</c>.</summary>
static class States
{
    public const string Unknown = "no such session", Open = "open", Suspended = "suspended", Resolved = "resolved", Cancelled = "cancelled", Expired = "expired", Removed = "removed";

    public static readonly string[] All = [Unknown, Open, Suspended, Resolved, Cancelled, Expired, Removed];

    /// <summary>The column of what is asked of no session.</summary>
    public const string Any = "always";
}

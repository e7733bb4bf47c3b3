namespace Macp.Runtime;

/// <summary>Who sends, as the server's authentication found it. The runtime believes it.</summary>
/// <param name="Sender">The name that stands in accepted envelopes; compared exactly.</param>
public sealed record Identity(string Sender)
{
    /// <summary>The modes it may send in, compared exactly; null for all of them. Ambient messages carry the mode <c>""</c>.</summary>
    public IReadOnlySet<string>? AllowedModes { get; init; }

    /// <summary>Whether it may start sessions.</summary>
    public bool CanStartSessions { get; init; } = true;

    /// <summary>The most open sessions it may have started; null for no limit. Suspended sessions do not count.</summary>
    public int? MaxOpenSessions { get; init; }

    /// <summary>Whether it may change the registries of modes and policies. It gives no right in any session.</summary>
    public bool CanManageModeRegistry { get; init; }

    /// <summary>Whether it may read every session. It gives no right to send.</summary>
    public bool IsObserver { get; init; }
}

namespace Macp.Protocol;

/// <summary>Ids of messages. An id stands for one message of one sender for ever: the same message sent again keeps it.</summary>
public static class MessageIds
{
    /// <summary>A new message id: a random UUID in its lower-case hyphenated form.</summary>
    public static string New() => Guid.NewGuid().ToString();
}

/// <summary>Ids of commitments.</summary>
public static class CommitmentIds
{
    /// <summary>A new commitment id: a random UUID in its lower-case hyphenated form.</summary>
    public static string New() => Guid.NewGuid().ToString();
}

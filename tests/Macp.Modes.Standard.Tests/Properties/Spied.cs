using System.Collections.Concurrent;
using Macp.Protocol;

namespace Macp.Modes.Standard.Tests.Properties;

/// <summary>A mode whose handlers can be looked at while a kernel has them.</summary>
sealed class Spied<TMode> : IMode
    where TMode : IMode
{
    public static ModeDescriptor Descriptor => TMode.Descriptor;

    public static SessionHandler Open(SessionContext session) => Spy.Handlers[session.SessionId] = TMode.Open(session);
}

static class Spy
{
    /// <summary>The handler of each session, by its id.</summary>
    public static ConcurrentDictionary<string, SessionHandler> Handlers { get; } = new();

    public static string StateOf(SessionHandler handler)
    {
        var json = new CanonicalJson();
        handler.WriteState(json);
        return json.ToString();
    }
}

using Macp.Benchmarks.Overload.Attacks;

namespace Macp.Benchmarks.Overload;

/// <summary>The attacks by their names, in the order in which they are made.</summary>
static class Catalogue
{
    // A sender may send 600 messages a minute: a hundred times that.
    const int CallsPerSecond = 1000, Streams = 300, Messages = 400;

    public static IReadOnlyDictionary<string, string> All { get; } = new OrderedDictionary<string, string>
    {
        ["nothing"] = "control: no attack",
        ["flood"] = "one sender at 60,000 a minute, 100 times its limit",
        ["nobody"] = "60,000 calls a minute with a token that nobody has",
        ["opening"] = "connections opened, 2,000 a second",
        ["idle"] = "connections open and idle",
        ["readers"] = "300 streams of 3.3 MB of history that are not read",
        ["writers"] = "300 requests that come a byte at a time",
    };

    public static IAttack Create(string name, Uri endpoint, int connections) => name switch
    {
        "flood" => new Flood(endpoint, Cast.Flooder, CallsPerSecond),
        "nobody" => new Flood(endpoint, Cast.Nobody, CallsPerSecond),
        "opening" => new IdleConnections(endpoint, connections, isOpening: true),
        "idle" => new IdleConnections(endpoint, connections, isOpening: false),
        "readers" => new SlowReaders(endpoint, Streams, Messages),
        "writers" => new SlowWriters(endpoint, Streams),
        _ => new Nothing(),
    };
}

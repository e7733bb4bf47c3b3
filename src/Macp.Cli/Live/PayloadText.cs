using Macp.Modes;
using Macp.Wire.V1;

namespace Macp.Cli.Live;

/// <summary>Payloads for people and scripts, by the modes that are hosted here.</summary>
static class PayloadText
{
    /// <summary>For a session of a mode in a version; where that is not hosted, the newest is the best guess.</summary>
    public static PayloadRegistry Of(ModeCatalog modes, string mode, string version) =>
        (modes.Find(mode, version) ?? modes.Newest(mode)) is { } hosted ? new PayloadRegistry().Add(hosted) : new();

    /// <summary>The payload as JSON; null for one of a type that nobody here knows, and for bytes that are not of that type.</summary>
    public static string? JsonOf(this PayloadRegistry payloads, Envelope envelope) => payloads.View(envelope) is { Form: PayloadForm.Message } view ? view.Text : null;

    /// <summary>The payload as JSON or as the text that it is, else its bytes as base64.</summary>
    public static string Of(this PayloadRegistry payloads, Envelope envelope) => payloads.View(envelope).Text;
}

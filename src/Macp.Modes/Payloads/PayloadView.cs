using Google.Protobuf;

namespace Macp.Modes;

/// <summary>A payload, for people and scripts: whatever the bytes are, there is one.</summary>
/// <param name="Form">How it can be read.</param>
/// <param name="Text">JSON, text, or base64, as the form says; empty for an empty payload of a type that is not known.</param>
/// <param name="Message">The message; null for a payload that is none.</param>
public sealed record PayloadView(PayloadForm Form, string Text, IMessage? Message = null);

/// <summary>How a payload can be read.</summary>
public enum PayloadForm
{
    /// <summary>As a message of the type that the mode, or the protocol, declares; its text is protobuf's JSON by the names of the .proto file, fields that are unset left out.</summary>
    Message,

    /// <summary>Its type is not known, and it is empty.</summary>
    Empty,

    /// <summary>Its type is not known, or it is not of that type; but it is JSON.</summary>
    Json,

    /// <summary>Its type is not known, or it is not of that type; but it is UTF-8 text without control characters.</summary>
    Text,

    /// <summary>Its type is not known, or it is not of that type; its text is base64.</summary>
    Binary,
}

using System.Text.Json.Nodes;
using Macp.Wire.V1;

namespace Macp.Testing;

/// <summary>A scripted session with an expectation for each message, in the format of the published conformance fixtures.</summary>
public sealed record Fixture
{
    /// <summary>What the file is called, without its extension.</summary>
    public required string Name { get; init; }

    /// <summary>What it is about; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>The mode's identifier.</summary>
    public required string Mode { get; init; }

    /// <summary>Who starts the session.</summary>
    public required string Initiator { get; init; }

    /// <summary>The declared participants; may be none.</summary>
    public required IReadOnlyList<string> Participants { get; init; }

    /// <summary>The mode version to bind.</summary>
    public required string ModeVersion { get; init; }

    /// <summary>The configuration version to bind.</summary>
    public required string ConfigurationVersion { get; init; }

    /// <summary>The policy to bind; empty for the default one.</summary>
    public string PolicyVersion { get; init; } = "";

    /// <summary>The time to live, in milliseconds.</summary>
    public required long TtlMs { get; init; }

    /// <summary>The messages after the start.</summary>
    public required IReadOnlyList<FixtureMessage> Messages { get; init; }

    /// <summary>The state that the session is in at the end: Open, Suspended, Resolved, Expired or Cancelled.</summary>
    public required string ExpectedFinalState { get; init; }

    /// <summary>What the commitment holds; null when nothing is expected of it.</summary>
    public JsonObject? ExpectedResolution { get; init; }

    /// <summary>What the mode's state contains; null when nothing is expected of it.</summary>
    public JsonObject? ExpectedModeState { get; init; }

    /// <summary>Whether there is a commitment; null when nothing is expected of it.</summary>
    public bool? ExpectResolutionPresent { get; init; }

    /// <summary>Whether folding the history again must give the same state. It must unless the file says otherwise.</summary>
    public bool VerifyReplayEquivalence { get; init; } = true;

    /// <summary>The policy to register before the start; null for none.</summary>
    public PolicyDescriptor? Policy { get; init; }
}

/// <summary>One message of a fixture.</summary>
/// <param name="Sender">Who sends it.</param>
/// <param name="MessageType">Its type.</param>
/// <param name="PayloadType">The full name of its payload's protobuf message.</param>
/// <param name="Payload">The payload; bytes as text or as a list of numbers.</param>
/// <param name="Accepted">Whether it is expected to be accepted.</param>
/// <param name="ErrorCode">The code that a refusal must carry; null for any.</param>
public sealed record FixtureMessage(string Sender, string MessageType, string PayloadType, JsonObject Payload, bool Accepted, string? ErrorCode);

/// <summary>A file that cannot be used; the message names the file and the field.</summary>
public sealed class FixtureException(string message) : Exception(message);

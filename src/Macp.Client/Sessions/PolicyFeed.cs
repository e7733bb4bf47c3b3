using Google.Protobuf;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>
/// Tells a session's projection what the bound policy rules, so that it answers as the runtime would. Where that cannot be known, since the runtime does
/// not tell it or it rules what this version does not know, the session works on: the projection says that its policy is not resolved.
/// </summary>
sealed class PolicyFeed(MacpClient client, IProjection projection)
{
    // A runtime that does not answer must not hold a session up for ever.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // What needs no asking, or no asking again. What every session is bound to by default rules nothing.
    volatile string _settled = MacpProtocol.DefaultPolicyVersion;

    /// <summary>The policy is known.</summary>
    public void Use(PolicyDescriptor policy)
    {
        _settled = policy.PolicyId;
        try
        {
            projection.UsePolicy(policy);
        }
        catch (Exception e) when (e is InvalidPolicyException or InvalidDataException or ArgumentException)
        {
            // Of another mode, of a newer kind, or of another session: the runtime has judged it, and here it says nothing.
        }
    }

    /// <summary>Asks for the policy of a session, before its start is applied; and later again as long as the runtime cannot be reached.</summary>
    public Task LearnAsync(SessionStreamItem item, MacpCallOptions call, CancellationToken cancellationToken) =>
        item is SessionStreamItem.Accepted { Envelope: var envelope } ? LearnAsync(BoundBy(envelope), call, cancellationToken) : Task.CompletedTask;

    /// <summary>Asks for the policy of this id.</summary>
    public async Task LearnAsync(string policyId, MacpCallOptions call, CancellationToken cancellationToken)
    {
        if (policyId.Length == 0 || policyId == _settled) return;
        try
        {
            call = call with { Timeout = call.Timeout ?? client.Options.DefaultTimeout ?? Patience };
            Use(await client.RecallPolicyAsync(policyId, call, cancellationToken).ConfigureAwait(false));
        }
        catch (MacpException e)
        {
            if (e is MacpTimeoutException or { IsTransient: false }) _settled = policyId;
        }
    }

    string BoundBy(Envelope envelope)
    {
        if (envelope.MessageType != MessageTypes.SessionStart) return projection.Session is { Policy: { IsResolved: false, Id: var id } } ? id : "";
        try
        {
            return SessionStartPayload.Parser.ParseFrom(envelope.Payload).PolicyVersion;
        }
        catch (InvalidProtocolBufferException)
        {
            return ""; // no projection can read it either
        }
    }
}

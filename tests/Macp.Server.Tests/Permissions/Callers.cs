using Macp.Grpc;

namespace Macp.Server.Tests;

/// <summary>Every kind of caller, by the names that <c>docs/rpcs.md</c> gives them.</summary>
static class Callers
{
    public const string None = "none", Wrong = "wrong", Stranger = "stranger", Participant = "participant", Initiator = "initiator", Committer = "committer";
    public const string Observer = "observer", Manager = "manager", Apprentice = "apprentice", Specialist = "specialist";

    public static readonly string[] All = [None, Wrong, Stranger, Participant, Apprentice, Specialist, Initiator, Committer, Observer, Manager];

    /// <summary>Whom the initiator invites. Each may be held back by what its identity grants.</summary>
    public static readonly string[] Invited = [Participant, Apprentice, Specialist];

    public const string Tokens = """
        [
          {"token":"t-stranger","sender":"stranger"},
          {"token":"t-participant","sender":"participant"},
          {"token":"t-apprentice","sender":"apprentice","can_start_sessions":false},
          {"token":"t-specialist","sender":"specialist","allowed_modes":["ext.other.v1"]},
          {"token":"t-initiator","sender":"initiator"},
          {"token":"t-committer","sender":"committer"},
          {"token":"t-observer","sender":"observer","is_observer":true},
          {"token":"t-manager","sender":"manager","can_manage_mode_registry":true}
        ]
        """;

    /// <summary>What the caller shows. The wrong one shows a name that somebody has, and nobody has as a token.</summary>
    public static GrpcCallOptions As(string caller, params (string, string)[] metadata) => Rpc.As(Credential(caller), metadata);

    public static string? Credential(string caller) => caller switch
    {
        None => null,
        Wrong => Initiator,
        _ => "t-" + caller,
    };
}

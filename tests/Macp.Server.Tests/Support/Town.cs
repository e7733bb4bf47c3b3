using Macp.Grpc;
using Macp.Runtime;
using Macp.Server.Authentication;

namespace Macp.Server.Tests;

/// <summary>Callers of all kinds by their names; whoever has no entry has no right but that to take part.</summary>
sealed class Town : IAuthenticator
{
    public ValueTask<Identity?> AuthenticateAsync(GrpcServerCall call) => new(call.Header("authorization")?["Bearer ".Length..] switch
    {
        null => null,
        "olga" => new Identity("olga") { IsObserver = true },
        "ops" => new Identity("ops") { CanManageModeRegistry = true },
        "apprentice" => new Identity("apprentice") { CanStartSessions = false },
        "specialist" => new Identity("specialist") { AllowedModes = new HashSet<string> { "ext.other.v1" } },
        "pauper" => new Identity("pauper") { MaxOpenSessions = 1 },
        var name => new Identity(name),
    });
}

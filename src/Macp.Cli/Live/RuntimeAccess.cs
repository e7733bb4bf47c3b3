using System.CommandLine;
using Macp.Client;
using Macp.Grpc;

namespace Macp.Cli.Live;

/// <summary>The runtime that a command talks to: the options that say which and as whom, and the exit status of what comes of it.</summary>
sealed class RuntimeAccess(CommandContext context)
{
    const string EndpointVariable = "MACP_ENDPOINT", TokenVariable = "MACP_TOKEN", Usual = "http://127.0.0.1:50051";

    static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    readonly Option<Uri?> _endpoint = new("--endpoint")
    {
        Description = $"The runtime; {EndpointVariable}, or {Usual}, when not said.",
        HelpName = "URL",
        Recursive = true,
        CustomParser = result => Endpoints.Parse("--endpoint", result.Tokens[0].Value, result.AddError),
    };

    readonly Option<string?> _token = new("--token")
    {
        Description = $"The bearer token to come with; {TokenVariable} when not said, which other users of this machine do not see. A server with --dev takes any name.",
        HelpName = "TOKEN",
        Recursive = true,
    };

    readonly Option<string?> _certificate = new("--cert")
    {
        Description = "A certificate to come with (mutual TLS), as PEM; goes with --key.",
        HelpName = "FILE",
        Recursive = true,
    };

    readonly Option<string?> _key = new("--key")
    {
        Description = "The certificate's private key, as PEM without a password.",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>Gives a command that talks to the runtime, and those below it, the options.</summary>
    public Command Give(Command command)
    {
        foreach (Option option in new Option[] { _endpoint, _token, _certificate, _key }) command.Add(option);
        return command;
    }

    /// <summary>A group of commands that talk to the runtime; each has the options.</summary>
    public Command Group(string name, string description, params Command[] commands)
    {
        var group = Give(new(name, description));
        foreach (var command in commands) group.Add(command);
        return group;
    }

    /// <summary>Connects, and tells what goes wrong in one line. A signal ends it with <see cref="OperationCanceledException"/>.</summary>
    public async Task<int> RunAsync(ParseResult parsed, Func<MacpClient, Task<int>> use, CancellationToken cancellationToken)
    {
        if (Endpoint(parsed) is not { } endpoint) return ExitStatus.Unusable;
        if (Said(parsed.GetValue(_token), TokenVariable) is not { } token)
            return context.Fail(ExitStatus.Unusable, $"a credential is needed: say --token TOKEN or set {TokenVariable}; a server with --dev takes any name");
        try
        {
            using var certificate = ClientCertificate.Read(parsed.GetValue(_certificate), parsed.GetValue(_key), endpoint);
            await using var client = new MacpClient(new()
            {
                Endpoint = endpoint,
                AllowInsecure = endpoint.Scheme == "http",
                Auth = MacpAuth.Bearer(token),
                ClientCertificates = certificate is null ? null : [certificate],
            });
            return await UntilSignalled(use(client), cancellationToken).ConfigureAwait(false);
        }
        catch (MacpException e)
        {
            // What the client refused to send was wrong usage.
            return context.Fail(e is MacpConfigurationException or MacpSessionException ? ExitStatus.Unusable : ExitStatus.Failed, Complaint.Of(e, endpoint));
        }
    }

    /// <summary>Watches until a signal, which is the end that is meant. Any other is not.</summary>
    public async Task<int> WatchAsync(ParseResult parsed, Func<MacpClient, Task> watch, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(parsed, async client => context.Fail(ExitStatus.Failed, await EndOf(watch(client)).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitStatus.Well;
        }
    }

    static async Task<string> EndOf(Task watching)
    {
        try
        {
            await watching.ConfigureAwait(false);
            return "the runtime has ended the watch";
        }
        catch (MacpTransportException e) when (e.StatusCode is GrpcStatusCode.ResourceExhausted)
        {
            // Only of a watch it means this.
            return $"too slow for what came, and some of it is lost; start again: {e.Message}";
        }
    }

    // A write to a pipe that nobody empties ends with nothing. Once signalled, the command is given the time to end a line, and no more.
    static async Task<int> UntilSignalled(Task<int> running, CancellationToken cancellationToken)
    {
        try
        {
            return await running.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Task.WhenAny(running, Task.Delay(Grace, CancellationToken.None)).ConfigureAwait(false);
            if (running.IsCompleted) return await running.ConfigureAwait(false);
            throw;
        }
    }

    Uri? Endpoint(ParseResult parsed) => parsed.GetValue(_endpoint)
        ?? Endpoints.Parse(EndpointVariable, Said(null, EndpointVariable) ?? Usual, complaint => context.Fail(ExitStatus.Unusable, complaint));

    static string? Said(string? option, string variable) => (option ?? Environment.GetEnvironmentVariable(variable)) is { Length: > 0 } said ? said : null;
}

using System.CommandLine;
using System.Globalization;
using Macp.Cli.Live;
using Macp.Client;
using Macp.Wire.V1;

namespace Macp.Cli.Commands;

/// <summary><c>macp policy</c>: the governance policies of a runtime (RFC-MACP-0012).</summary>
static class PolicyCommand
{
    static readonly MacpCallOptions TellRefusals = new() { ThrowOnNack = false };

    public static Command Create(CommandContext context)
    {
        var runtime = new RuntimeAccess(context);
        return runtime.Group("policy", "Lists, shows, registers, checks and watches policies.",
            List(context, runtime), Get(context, runtime), Register(context, runtime), Unregister(context, runtime), Check(context), Watch(context, runtime));
    }

    static Command List(CommandContext context, RuntimeAccess runtime)
    {
        var mode = new Option<string?>("--mode") { Description = "Lists the policies that govern this mode only.", HelpName = "ID" };
        var json = Json();
        var command = new Command("list", "Lists the registered policies.") { mode, json };
        command.SetAction((parsed, cancellationToken) => runtime.RunAsync(parsed, async client =>
        {
            var policies = await client.ListPoliciesAsync(parsed.GetValue(mode) ?? "", cancellationToken: cancellationToken).ConfigureAwait(false);
            if (!parsed.GetValue(json)) Table.Write(context.Output, ["POLICY", "MODE", "SCHEMA", "REGISTERED", "DESCRIPTION"], policies.Select(Row));
            else foreach (var policy in policies) await context.Output.RawLineAsync(WireJson.Of(policy)).ConfigureAwait(false);
            return ExitStatus.Well;
        }, cancellationToken));
        return command;
    }

    static Command Get(CommandContext context, RuntimeAccess runtime)
    {
        var (id, json) = (Id(), Json());
        var command = new Command("get", "Shows a policy with its rules.") { id, json };
        command.SetAction((parsed, cancellationToken) => runtime.RunAsync(parsed, async client =>
        {
            var policy = await client.GetPolicyAsync(parsed.GetValue(id)!, cancellationToken: cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json)) await context.Output.RawLineAsync(WireJson.Of(policy)).ConfigureAwait(false);
            else Table.Write(context.Output, null, Rows(policy));
            return ExitStatus.Well;
        }, cancellationToken));
        return command;
    }

    static Command Register(CommandContext context, RuntimeAccess runtime)
    {
        var (file, json) = (PolicyPath(), Json());
        var command = new Command("register", "Registers the policy of a file; its id then means the same for ever.") { file, json };
        command.SetAction((parsed, cancellationToken) => WithFileAsync(context, parsed.GetValue(file)!, policy =>
            runtime.RunAsync(parsed, client => RegisterAsync(context, client, policy, "registered", parsed.GetValue(json), cancellationToken), cancellationToken), cancellationToken));
        return command;
    }

    static Command Unregister(CommandContext context, RuntimeAccess runtime)
    {
        var (id, json) = (Id(), Json());
        var command = new Command("unregister", "Takes a policy out; sessions that are bound to it keep it.") { id, json };
        command.SetAction((parsed, cancellationToken) => runtime.RunAsync(parsed, async client =>
        {
            var answer = await client.UnregisterPolicyAsync(parsed.GetValue(id)!, TellRefusals, cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json)) await context.Output.RawLineAsync(WireJson.Of(new UnregisterPolicyResponse { Ok = answer.Ok, Error = Reason(answer) })).ConfigureAwait(false);
            else await TellAsync(context, answer, "unregistered", parsed.GetValue(id)!).ConfigureAwait(false);
            return answer.Ok ? ExitStatus.Well : ExitStatus.Failed;
        }, cancellationToken));
        return command;
    }

    // Who says what a runtime would say is a runtime: one of the command's own, with the modes that are hosted here and no policy but theirs.
    static Command Check(CommandContext context)
    {
        var (file, json) = (PolicyPath(), Json());
        var command = new Command("check", "Tells what a runtime with the modes that are hosted here would say to the policy of a file. It asks none, and needs no credential.") { file, json };
        command.SetAction((parsed, cancellationToken) => WithFileAsync(context, parsed.GetValue(file)!, async policy =>
        {
            await using var host = await context.HostAsync(cancellationToken).ConfigureAwait(false);
            await using var client = new MacpClient(new() { Endpoint = host.Address, AllowInsecure = true, Auth = MacpAuth.DevAgent("macp") });
            try
            {
                return await RegisterAsync(context, client, policy, "good", parsed.GetValue(json), cancellationToken).ConfigureAwait(false);
            }
            catch (MacpException e)
            {
                return context.Fail(ExitStatus.Failed, Complaint.Of(e, host.Address));
            }
        }, cancellationToken));
        return command;
    }

    static Command Watch(CommandContext context, RuntimeAccess runtime)
    {
        var json = Json();
        var command = new Command("watch", "Tells which policies there are, then which come and go, until SIGINT.") { json };
        command.SetAction((parsed, cancellationToken) => runtime.WatchAsync(parsed, async client =>
        {
            IReadOnlyList<PolicyDescriptor> before = [];
            await foreach (var change in client.WatchPoliciesAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                foreach (var (word, policy) in Differences(before, change)) await (parsed.GetValue(json) ? Print(word, change, policy) : Tell(word, change, policy)).ConfigureAwait(false);
                before = change.Policies;
            }
        }, cancellationToken));
        return command;

        Task Print(string word, PolicyChange change, PolicyDescriptor policy) => context.Output.RawLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{{ \"change\": \"{word}\", \"observed_at_unix_ms\": \"{change.ObservedAt?.ToUnixTimeMilliseconds() ?? 0}\", \"policy\": {WireJson.Of(policy)} }}"));

        Task Tell(string word, PolicyChange change, PolicyDescriptor policy) =>
            context.Output.LineAsync(Moment.Of(change.ObservedAt), word.PadRight("UNREGISTERED".Length), policy.PolicyId, policy.Mode);
    }

    static IEnumerable<(string Word, PolicyDescriptor Policy)> Differences(IReadOnlyList<PolicyDescriptor> before, PolicyChange change)
    {
        foreach (var gone in before.ExceptBy(change.Policies.Select(policy => policy.PolicyId), policy => policy.PolicyId, StringComparer.Ordinal)) yield return ("UNREGISTERED", gone);
        foreach (var come in change.Policies.ExceptBy(before.Select(policy => policy.PolicyId), policy => policy.PolicyId, StringComparer.Ordinal)) yield return (change.IsSnapshot ? "THERE" : "REGISTERED", come);
    }

    static async Task<int> RegisterAsync(CommandContext context, MacpClient client, PolicyDescriptor policy, string word, bool json, CancellationToken cancellationToken)
    {
        var answer = await client.RegisterPolicyAsync(policy, TellRefusals, cancellationToken).ConfigureAwait(false);
        if (json) await context.Output.RawLineAsync(WireJson.Of(new RegisterPolicyResponse { Ok = answer.Ok, Error = Reason(answer) })).ConfigureAwait(false);
        else await TellAsync(context, answer, word, policy.PolicyId).ConfigureAwait(false);
        return answer.Ok ? ExitStatus.Well : ExitStatus.Failed;
    }

    static Task TellAsync(CommandContext context, MacpAck answer, string word, string id)
    {
        answer.EnsureOk();
        return context.Output.LineAsync(word, id);
    }

    static async Task<int> WithFileAsync(CommandContext context, string path, Func<PolicyDescriptor, Task<int>> use, CancellationToken cancellationToken)
    {
        try
        {
            return await use(await PolicyFile.ReadAsync(path, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            return context.Fail(ExitStatus.Unusable, e.Message);
        }
    }

    static string Reason(MacpAck answer) => answer.Error?.ToString() ?? "";

    static string[] Row(PolicyDescriptor policy) =>
        [policy.PolicyId, policy.Mode, policy.SchemaVersion.ToString(CultureInfo.InvariantCulture), Moment.Of(policy.RegisteredAtUnixMs), policy.Description];

    static string[][] Rows(PolicyDescriptor policy) =>
    [
        ["policy", policy.PolicyId], ["mode", policy.Mode], ["schema", policy.SchemaVersion.ToString(CultureInfo.InvariantCulture)],
        ["registered", Moment.Of(policy.RegisteredAtUnixMs)], ["description", policy.Description], ["rules", policy.Rules],
    ];

    static Argument<string> Id() => new Argument<string>("ID") { Description = "The policy's id." }.RefuseOptions();

    static Argument<string> PolicyPath() => new Argument<string>("FILE") { Description = "A policy as JSON, its rules an object; - for the standard input." }.RefuseOptions(unless: text => text == "-");

    static Option<bool> Json() => new("--json") { Description = "Prints a JSON object a line, by the names of the wire." };
}

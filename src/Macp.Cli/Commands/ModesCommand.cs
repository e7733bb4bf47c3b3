using System.CommandLine;
using Macp.Cli.Pages;
using Macp.Modes;
using Macp.Protocol;

namespace Macp.Cli.Commands;

/// <summary><c>macp modes</c>: what is hosted, from the generated descriptors.</summary>
static class ModesCommand
{
    public static Command Create(CommandContext context)
    {
        var id = new Argument<string?>("ID") { Description = "A mode's identifier, to see its descriptor and its authority matrix.", Arity = ArgumentArity.ZeroOrOne }.RefuseOptions();
        var markdown = new Option<bool>("--markdown") { Description = "Prints the mode's reference page, with a state diagram." };
        var command = new Command("modes", "Lists what is hosted, or shows one mode.") { id, markdown };
        command.SetAction(parsed => Run(context, parsed.GetValue(id), parsed.GetValue(markdown)));
        return command;
    }

    static int Run(CommandContext context, string? id, bool markdown)
    {
        if (id is null)
        {
            if (markdown) return context.Fail(ExitStatus.Unusable, "--markdown needs a mode's identifier; 'macp modes' lists them");
            Table.Write(context.Output, ["MODE", "VERSION", "TITLE", "MESSAGES"], context.Modes.All.Select(m => m.Descriptor)
                .Select(m => new[] { m.Identifier, m.Version, m.Title, string.Join(" ", m.AllMessageTypes) }));
            return ExitStatus.Well;
        }
        if (context.Modes.Newest(id) is not { Descriptor: var mode } hosted) return context.Fail(ExitStatus.Unusable, $"{id} is not hosted; 'macp modes' lists what is");
        if (markdown) context.Output.Write(ModePage.Of(hosted));
        else Show(context.Output, hosted);
        return ExitStatus.Well;
    }

    static void Show(TextWriter output, HostedMode hosted)
    {
        var mode = hosted.Descriptor;
        output.WriteLine($"{mode.Identifier} {mode.Version}  {mode.Title}");
        if (mode.Description.Length > 0) output.WriteLine(mode.Description);
        output.WriteLine();
        Table.Write(output, null,
        [
            ["participants", $"{Words.Of(mode.Participants)}, at least {mode.MinimumParticipants}"],
            ["determinism", Words.Of(mode.Determinism)],
            ["phases", string.Join(" -> ", mode.Phases)],
            ["terminal", string.Join(" ", mode.TerminalMessageTypes)],
        ]);
        output.WriteLine();
        Table.Write(output, ["MESSAGE", "PARTICIPANT", "INITIATOR", "DURING", "MOVES TO", "PAYLOAD", "CLIENT"],
        [
            [MessageTypes.SessionStart, "-", "yes", "-", mode.Phases[0], Wire.V1.SessionStartPayload.Descriptor.FullName, "StartAsync"],
            .. mode.Messages.Select(m => new[]
            {
                m.Type, m.From == Role.Participant ? "yes" : "-", m.From == Role.Initiator ? "yes" : "if declared", string.Join(" ", m.During), m.MovesTo ?? "-", m.Payload.FullName, m.ClientMethod,
            }),
            [MessageTypes.Commitment, hosted.Governance is null ? "-" : "by policy", hosted.Governance is null ? "yes" : "by default", "when ready", mode.CommittedPhase, Wire.V1.CommitmentPayload.Descriptor.FullName, "CommitAsync"],
        ]);
    }
}

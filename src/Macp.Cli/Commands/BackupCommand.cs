using System.CommandLine;
using Macp.Cli.Journals;
using Macp.Runtime;

namespace Macp.Cli.Commands;

/// <summary><c>macp backup</c>: a copy of the journal of a runtime, running or not.</summary>
static class BackupCommand
{
    public static Command Create(CommandContext context)
    {
        var folder = new Argument<string>("FOLDER") { Description = "The folder in which a runtime keeps, or kept, its histories." }.RefuseOptions();
        var target = new Argument<string>("TARGET") { Description = "The folder of the backup, which is made. A runtime can be served from it." }.RefuseOptions();
        var command = new Command("backup", "Copies the journal of a runtime, which goes on meanwhile, and verifies the copy.") { folder, target };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(context, parsed.GetValue(folder)!, parsed.GetValue(target)!, cancellationToken)));
        return command;
    }

    static int Run(CommandContext context, string folder, string target, CancellationToken cancellationToken)
    {
        try
        {
            var backup = JournalAccess.Use(() => JournalBackup.Make(folder, target, cancellationToken));
            JournalText.Write(context.Output, backup.Copied, ["backup", Path.GetFullPath(target)]);
            foreach (var fault in backup.Faults) context.Warn(fault.IsTorn ? $"left out: {JournalText.Of(fault)}" : JournalText.Of(fault));
            return JournalAccess.DamageOf(backup.Faults) is { } damage ? context.Fail(ExitStatus.Failed, $"{damage}; the copy is as it is") : ExitStatus.Well;
        }
        catch (UnusableJournalException e)
        {
            return context.Fail(ExitStatus.Unusable, e.Message);
        }
    }
}

using System.Globalization;
using BenchmarkDotNet.Running;
using Macp.Benchmarks;
using Macp.Benchmarks.Calls;
using Macp.Benchmarks.Generating;
using Macp.Benchmarks.Journals;
using Macp.Benchmarks.Overload;
using Macp.Benchmarks.Sessions;

switch (args)
{
    case ["overload", .. var options] when OverloadOptions.TryRead(options) is { } read:
        return await OverloadReport.PrintAsync(Console.Out, read);
    case [] or ["overload", ..]:
        Console.Error.WriteLine("usage: --filter '*Mode*' | steps | journal | memory | projection | bare --listen 127.0.0.1:PORT | idle --subscribers N --endpoint 127.0.0.1:PORT | overload [--seconds N] [--connections N]   (docs/benchmarks.md tells what each measures)");
        return 2;
    case ["bare", "--listen", var endpoint]:
        await BareServer.RunAsync(endpoint);
        return 0;
    case ["idle", "--subscribers", var count, "--endpoint", var endpoint]:
        return await IdleSubscribers.HoldAsync(int.Parse(count, CultureInfo.InvariantCulture), endpoint);
    case ["attack", var name, var endpoint, var connections]:
        await AttackerProcess.RunAsync(name, new(endpoint), int.Parse(connections, CultureInfo.InvariantCulture));
        return 0;
    case ["journal"]:
        return await JournalReport.PrintAsync(Console.Out);
    case ["steps"]:
        return StepReport.Print(Console.Out);
    case ["projection"]:
        ProjectionReport.Print(Console.Out);
        return 0;
    case ["memory"]:
        MemoryReport.Print(Console.Out);
        return 0;
    default:
        return BenchmarkSwitcher.FromAssembly(typeof(InProcess).Assembly).Run(args, new InProcess()).Any(static summary => summary.HasCriticalValidationErrors) ? 1 : 0;
}

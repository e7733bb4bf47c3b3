using System.Diagnostics;
using System.Globalization;

namespace Macp.Benchmarks.Overload;

/// <summary>An attack in a process of its own, so that what it allocates stops nobody else; it is told what to do line by line.</summary>
sealed class AttackerProcess : IAsyncDisposable
{
    const string Begin = "begin", End = "end", Tell = "tell";

    readonly Process _process;

    public AttackerProcess(string name, Uri endpoint, int connections)
    {
        string[] command = [typeof(AttackerProcess).Assembly.Location, "attack", name, endpoint.ToString(), connections.ToString(CultureInfo.InvariantCulture)];
        _process = Process.Start(new ProcessStartInfo("dotnet", command) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    /// <summary>The other side: attacks as it is told until there is nobody who tells it.</summary>
    public static async Task RunAsync(string name, Uri endpoint, int connections)
    {
        var attack = Catalogue.Create(name, endpoint, connections);
        while (await Console.In.ReadLineAsync() is { } order)
        {
            if (order == Begin) await attack.BeginAsync();
            if (order == End) await attack.EndAsync();
            Console.WriteLine(order == Tell ? attack.Answers.ToString() : order);
        }
    }

    public Task BeginAsync() => AskAsync(Begin);

    public Task EndAsync() => AskAsync(End);

    public Task<string> AnswersAsync() => AskAsync(Tell);

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    async Task<string> AskAsync(string order)
    {
        await _process.StandardInput.WriteLineAsync(order);
        await _process.StandardInput.FlushAsync();
        return await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the attackers have gone");
    }
}

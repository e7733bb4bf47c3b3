using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Macp.Cli.Tests;

/// <summary>The built <c>macp</c>, as a process of its own.</summary>
sealed class MacpProcess : IAsyncDisposable
{
    public const int Interrupt = 2, Terminate = 15;

    /// <summary>No limits that could get into a test's way.</summary>
    public static readonly (string, string)[] Unlimited = [("MACP_SESSION_START_LIMIT_PER_MINUTE", "2147483647"), ("MACP_MESSAGE_LIMIT_PER_MINUTE", "2147483647")];

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Process _process;
    readonly Task<string> _error;
    bool _hungUp;

    MacpProcess(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts it in a folder that is not the repository's, with these variables and none of the surroundings' own.</summary>
    public static MacpProcess Start(string arguments, params (string Name, string Value)[] environment) => StartIn(Path.GetTempPath(), arguments, environment);

    public static MacpProcess StartIn(string folder, string arguments, params (string Name, string Value)[] environment)
    {
        // A shell that starts tests in the background lets them ignore SIGINT, and children inherit that.
        var start = new ProcessStartInfo("/usr/bin/env", $"--default-signal=INT,TERM {Path.Combine(AppContext.BaseDirectory, "macp")} {arguments}")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(n => n.StartsWith("MACP_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        // What it says when all is well is told by its first line already.
        start.Environment["MACP_LOG"] = "warn";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    /// <summary>Starts <c>macp serve</c>, without a journal unless there is a folder for it, and waits until it is ready.</summary>
    public static async Task<MacpProcess> ServeAsync(string arguments = "--dev --listen 127.0.0.1:0", params (string Name, string Value)[] environment)
    {
        if (!arguments.Contains("--data", StringComparison.Ordinal)) environment = [("MACP_MEMORY_ONLY", "1"), .. environment];
        return await ReadyAsync(Start("serve " + arguments, environment));
    }

    /// <summary>Starts <c>macp serve</c> in this folder, with a journal where nothing says that there is none.</summary>
    public static Task<MacpProcess> ServeInAsync(string folder, string arguments) => ReadyAsync(StartIn(folder, "serve " + arguments));

    static async Task<MacpProcess> ReadyAsync(MacpProcess server)
    {
        server.ReadyLine = await server._process.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new InvalidOperationException(await server._error);
        return server;
    }

    /// <summary>The line by which the server says that it is ready.</summary>
    public string ReadyLine { get; private set; } = "";

    /// <summary>Where the server says that it listens.</summary>
    public Uri Endpoint => new(ReadyLine[(ReadyLine.LastIndexOf(' ') + 1)..]);

    /// <summary>Its number; the shell's env has become it by the time that it is ready.</summary>
    public int Id => _process.Id;

    public void Signal(int signal) => Assert.Equal(0, Kill(_process.Id, signal));

    /// <summary>The next line that it prints; null at the end.</summary>
    public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

    /// <summary>Closes the pipe that it prints to.</summary>
    public void HangUp()
    {
        _hungUp = true;
        _process.StandardOutput.Close();
    }

    /// <summary>Waits for its end.</summary>
    public async Task<Invocation> EndAsync()
    {
        string output = _hungUp ? "" : await _process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await _process.WaitForExitAsync().WaitAsync(Patience);
        string error = await _error;
        Assert.False(error.Contains("   at ", StringComparison.Ordinal), error);
        return new(_process.ExitCode, output, error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    static extern int Kill(int process, int signal);
}

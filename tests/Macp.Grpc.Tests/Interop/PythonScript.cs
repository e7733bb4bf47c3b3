using System.Diagnostics;

namespace Macp.Grpc.Tests.Interop;

/// <summary>A script of this folder, running.</summary>
sealed class PythonScript : IAsyncDisposable
{
    readonly Process _process;
    readonly Task<string> _errors;

    public PythonScript(string name, params string[] arguments)
    {
        _process = Process.Start(new ProcessStartInfo(GrpcioFactAttribute.Python, [Path.Combine(AppContext.BaseDirectory, "Interop", name), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync();

    /// <summary>What the script printed until its end, as names and values.</summary>
    public async Task<Dictionary<string, string>> FindingsAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync();
        Assert.True(_process.ExitCode == 0, output + await _errors);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        if (!_process.HasExited && !_process.WaitForExit(5000)) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

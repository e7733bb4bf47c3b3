using System.Text;
using System.Threading.Channels;
using Macp.Modes;

namespace Macp.Cli.Tests.Live;

/// <summary>A command that goes on, run in this process; its lines are read as they come.</summary>
sealed class LiveInvocation : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    readonly CancellationTokenSource _signal = new();
    readonly StringWriter _error = new();
    readonly Task<int> _status;

    LiveInvocation(string[] args, Action<ModeCatalog>? modes) => _status = MacpCommand.RunAsync(args, modes, new LineWriter(_lines.Writer), _error, _signal.Token);

    /// <summary>Starts a command against a runtime, in somebody's name.</summary>
    public static LiveInvocation Start(Uri runtime, string name, params string[] args) => Start(null, runtime, name, args);

    public static LiveInvocation Start(Action<ModeCatalog>? modes, Uri runtime, string name, params string[] args) =>
        new([.. args, "--endpoint", runtime.Authority, "--token", name], modes);

    /// <summary>The next line.</summary>
    public Task<string> LineAsync() => _lines.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public async Task<List<string>> LinesAsync(int count)
    {
        var lines = new List<string>();
        while (lines.Count < count) lines.Add(await LineAsync());
        return lines;
    }

    /// <summary>Does what SIGINT does.</summary>
    public async Task<Invocation> InterruptAsync()
    {
        await _signal.CancelAsync();
        return await EndAsync();
    }

    /// <summary>Waits for its end; the output is what was not read yet.</summary>
    public async Task<Invocation> EndAsync()
    {
        int status = await _status.WaitAsync(Patience);
        var rest = new StringBuilder();
        while (_lines.Reader.TryRead(out string? line)) rest.Append(line).Append('\n');
        return new(status, rest.ToString(), _error.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await _signal.CancelAsync();
        await _status.WaitAsync(Patience);
        _signal.Dispose();
    }

    sealed class LineWriter(ChannelWriter<string> lines) : TextWriter
    {
        readonly StringBuilder _line = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            if (value != '\n')
            {
                _line.Append(value);
                return;
            }
            lines.TryWrite(_line.ToString());
            _line.Clear();
        }
    }
}

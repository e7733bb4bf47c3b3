using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;

namespace Macp.Server.Tests;

/// <summary>Measures how much of a response the server has written that its client has not made room for.</summary>
sealed class BodyMeter : IStartupFilter
{
    long _most;
    int _blocked;

    /// <summary>The most that any response had written and not yet flushed, in bytes.</summary>
    public long Most => Volatile.Read(ref _most);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, rest) =>
        {
            context.Features.Set<IHttpResponseBodyFeature>(new Body(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), this));
            return rest(context);
        });
        next(app);
    };

    /// <summary>A response waits for its client to read.</summary>
    public async Task BlocksAsync()
    {
        for (int i = 0; Volatile.Read(ref _blocked) == 0 && i < 3000; i++) await Task.Delay(10);
        Assert.Equal(1, Volatile.Read(ref _blocked));
    }

    sealed class Body(IHttpResponseBodyFeature inner, BodyMeter meter) : IHttpResponseBodyFeature
    {
        public Stream Stream => inner.Stream;

        public PipeWriter Writer { get; } = new Metered(inner.Writer, meter);

        public Task CompleteAsync() => inner.CompleteAsync();

        public void DisableBuffering() => inner.DisableBuffering();

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => inner.SendFileAsync(path, offset, count, cancellationToken);

        public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);
    }

    sealed class Metered(PipeWriter inner, BodyMeter meter) : PipeWriter
    {
        long _held;

        public override void Advance(int bytes)
        {
            inner.Advance(bytes);
            _held += bytes;
            if (_held > meter.Most) Volatile.Write(ref meter._most, _held);
        }

        public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            var flush = inner.FlushAsync(cancellationToken);
            if (!flush.IsCompleted) Volatile.Write(ref meter._blocked, 1);
            var result = await flush;
            Volatile.Write(ref meter._blocked, 0);
            _held = 0;
            return result;
        }

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);
    }
}

using Microsoft.Extensions.Logging;

namespace Macp.Grpc.Server;

static partial class Log
{
    [LoggerMessage(6, LogLevel.Error, "The handler of {Path} failed.")]
    public static partial void HandlerFailed(ILogger logger, string path, Exception exception);
}

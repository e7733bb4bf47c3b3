using System.Collections.Concurrent;
using Macp.Wire.V1;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>Which answers there were, and how many of each.</summary>
sealed class Tally
{
    readonly ConcurrentDictionary<string, int> _answers = new(StringComparer.Ordinal);

    public int this[string answer] => _answers.GetValueOrDefault(answer);

    public void Count(Shot shot, Answer answer)
    {
        Count(answer.Status?.ToString() ?? $"HTTP {answer.Http}");
        if (!answer.IsOk || !shot.IsCall) return;
        if (shot.Method.Name == "Send") Count(answer.Message(SendResponse.Parser).Ack is { Ok: false, Error.Code: var code } ? code : "message accepted");
        if (shot.Method.Name == "StreamSession") foreach (var response in answer.Messages(StreamSessionResponse.Parser)) Count(response.Error?.Code is { } told ? $"{told} on a stream" : "message delivered");
    }

    public void Count(string answer) => _answers.AddOrUpdate(answer, 1, (_, count) => count + 1);

    public override string ToString() => string.Join(", ", _answers.OrderByDescending(answer => answer.Value).Select(answer => $"{answer.Key}: {answer.Value}"));
}

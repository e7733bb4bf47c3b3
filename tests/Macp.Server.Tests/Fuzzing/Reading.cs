using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>Reads what the server has.</summary>
static class Reading
{
    /// <summary>All that a session holds by now, what the runtime noted of it included.</summary>
    public static Shot Of(string session, Caller caller) =>
        Shot.Of("StreamSession", new StreamSessionRequest { SubscribeSessionId = session }, caller) with { Metadata = [(MacpProtocol.AnnotationsHeader, "1")] };

    /// <summary>Every session that the caller may read.</summary>
    public static async Task<HashSet<string>> SessionsAsync(Gun gun, Caller caller)
    {
        var all = new HashSet<string>(StringComparer.Ordinal);
        var request = new ListSessionsRequest { PageSize = 1000 };
        do
        {
            var answer = await gun.FireAsync(Shot.Of("ListSessions", request, caller) with { Metadata = [(MacpProtocol.FinishedSessionsHeader, "1")] });
            Assert.True(answer.IsOk, $"a listing: {answer}");
            var page = answer.Message(ListSessionsResponse.Parser);
            foreach (var session in page.Sessions) Assert.True(all.Add(session.SessionId), $"session '{session.SessionId}' is listed twice");
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return all;
    }
}

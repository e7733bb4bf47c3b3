using System.Net;
using System.Text;
using Macp.Client;
using Macp.Wire.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Macp.Agents.Tests;

public sealed class CancelTests : IDisposable
{
    readonly HttpClient _http = new();
    readonly List<CancelRequest> _requests = [];

    [Theory]
    [InlineData("""{"runId":"r1","reason":"enough"}""", "r1", "enough")]
    [InlineData("""{"run_id":"r1"}""", "r1", "")]
    [InlineData("not json", "", "")]
    [InlineData("[1]", "", "")]
    [InlineData("""{"runId":7,"reason":"\ud800"}""", "", "")]
    [InlineData("", "", "")]
    public async Task A_callback_is_answered_by_202_whatever_its_body_says(string body, string run, string reason)
    {
        await using var listener = await CancelCallbackListener.StartAsync(new() { Path = "stop" }, NoteAsync);

        var answer = await _http.PostAsync(listener.Address + "?x=1", Body(body)); // a query is no part of the path

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("""{"ok":true}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal([new(run, reason)], _requests);
        Assert.NotEqual(0, listener.Address.Port);
        Assert.Equal("/stop", listener.Address.AbsolutePath);
    }

    [Fact]
    public async Task Other_paths_and_methods_strangers_and_too_much_are_refused()
    {
        await using var listener = await CancelCallbackListener.StartAsync(new() { SharedSecret = "s3cret", MaxBodyBytes = 64 }, NoteAsync);
        async Task<int> Post(string address, string secret, string body = "{}")
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = Body(body) };
            request.Headers.Add("X-Macp-Callback-Secret", secret);
            return (int)(await _http.SendAsync(request)).StatusCode;
        }

        Assert.Equal(404, await Post(listener.Address + "/", "s3cret"));
        Assert.Equal(404, await Post(new Uri(listener.Address, "/other").ToString(), "s3cret"));
        Assert.Equal(405, (int)(await _http.GetAsync(listener.Address)).StatusCode);
        Assert.Equal(401, (int)(await _http.PostAsync(listener.Address, Body("{}"))).StatusCode);
        Assert.Equal(401, await Post(listener.Address.ToString(), "s3cre"));
        Assert.Equal(413, await Post(listener.Address.ToString(), "s3cret", new string(' ', 65)));
        Assert.Empty(_requests);
        Assert.Equal(202, await Post(listener.Address.ToString(), "s3cret", new string(' ', 64)));
        Assert.DoesNotContain("s3cret", new CancelCallbackOptions { SharedSecret = "s3cret" }.ToString());
    }

    [Fact]
    public async Task A_handler_that_throws_is_500_and_its_reason_stays_here()
    {
        await using var listener = await CancelCallbackListener.StartAsync(new(), (_, _) => throw new InvalidOperationException("the author's own"));

        var answer = await _http.PostAsync(listener.Address, Body("{}"));

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Closing_is_harmless_twice_and_from_a_handler()
    {
        CancelCallbackListener? listener = null;
        listener = await CancelCallbackListener.StartAsync(new(), async (_, _) => await listener!.DisposeAsync());

        Assert.Equal(HttpStatusCode.Accepted, (await _http.PostAsync(listener.Address, Body("{}")).Happens()).StatusCode);
        await listener.DisposeAsync().AsTask().Happens();
        await listener.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => _http.PostAsync(listener.Address, Body("{}")));
    }

    [Fact]
    public async Task A_host_that_is_no_address_is_refused() =>
        await Assert.ThrowsAsync<MacpConfigurationException>(() => CancelCallbackListener.StartAsync(new() { Host = "everywhere" }, NoteAsync));

    [Fact]
    public async Task An_application_maps_it_among_its_endpoints()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapMacpCancelCallback(NoteAsync, new() { Path = "/agents/cancel" });
        await app.StartAsync();

        var posted = await _http.PostAsync(app.Urls.Single() + "/agents/cancel", Body("""{"runId":"r1"}"""));
        var got = await _http.GetAsync(app.Urls.Single() + "/agents/cancel");

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.MethodNotAllowed), (posted.StatusCode, got.StatusCode));
        Assert.Equal([new("r1")], _requests);
    }

    [Fact]
    public async Task The_initiators_callback_cancels_the_session_with_its_reason()
    {
        await using var decisions = await Decisions.StartAsync();
        var reasons = new List<string>();
        var alice = decisions.Join("alice", new() { Initiator = new() { Start = Decisions.Start }, CancelCallback = new() })
            .On("SessionCancel", (context, _) => { reasons.Add(context.Payload<SessionCancelPayload>().Reason); return Task.CompletedTask; });
        alice.On("SessionStart", async (_, token) => await _http.PostAsync(alice.CancelAddress, Body("""{"reason":"enough"}"""), token));

        var result = await alice.RunAsync().Happens();

        Assert.Equal(SessionState.Cancelled, result.State);
        Assert.Equal(["enough"], reasons);
        await Assert.ThrowsAsync<HttpRequestException>(() => _http.PostAsync(alice.CancelAddress, Body("{}")));
    }

    [Fact]
    public async Task Anybody_elses_only_stops_its_agent()
    {
        await using var decisions = await Decisions.StartAsync();
        var alice = await decisions.ProposedAsync();
        var joined = new TaskCompletionSource();
        var bob = decisions.Join("bob", new() { CancelCallback = new() }).On("Proposal", (_, _) => { joined.SetResult(); return Task.CompletedTask; });
        var running = bob.RunAsync();
        await joined.Task.Happens();

        Assert.Equal(HttpStatusCode.Accepted, (await _http.PostAsync(bob.CancelAddress, Body("{}"))).StatusCode);

        Assert.False((await running.Happens()).IsEnded);
        Assert.Equal(SessionState.Open, (await alice.MetadataAsync()).State);
    }

    public void Dispose() => _http.Dispose();

    Task NoteAsync(CancelRequest request, CancellationToken cancellationToken)
    {
        _requests.Add(request);
        return Task.CompletedTask;
    }

    static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");
}

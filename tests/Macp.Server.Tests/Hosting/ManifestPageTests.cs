using System.Net;
using System.Text.Json;

namespace Macp.Server.Tests;

/// <summary>The manifest for who speaks HTTP and not gRPC.</summary>
public sealed class ManifestPageTests
{
    const string Page = "/.well-known/macp.json";

    [Fact]
    public async Task Anybody_gets_the_manifest_as_json_with_every_field_under_its_name_on_the_wire()
    {
        await using var runtime = await TestRuntime.StartAsync();
        using var response = await SendAsync(runtime, HttpMethod.Get, Page);

        Assert.Equal((HttpStatusCode.OK, "application/json"), (response.StatusCode, response.Content.Headers.ContentType?.ToString()));
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var manifest = json.RootElement;
        Assert.Equal(
            ["agent_id", "title", "description", "supported_modes", "input_content_types", "output_content_types", "metadata", "transport_endpoints"],
            manifest.EnumerateObject().Select(field => field.Name));
        Assert.Equal("macp-runtime", manifest.GetProperty("agent_id").GetString());
        Assert.Equal([Envelopes.Mode], Texts("supported_modes"));
        Assert.Equal(["application/macp-envelope+proto"], Texts("input_content_types"));
        Assert.Equal(["application/macp-envelope+proto"], Texts("output_content_types"));
        Assert.Equal(("{}", "[]"), (Compact("metadata"), Compact("transport_endpoints")));

        IEnumerable<string?> Texts(string field) => manifest.GetProperty(field).EnumerateArray().Select(text => text.GetString());

        string Compact(string field) => JsonSerializer.Serialize(manifest.GetProperty(field));
    }

    [Fact]
    public async Task Its_head_is_that_of_the_page_and_has_no_body()
    {
        await using var runtime = await TestRuntime.StartAsync();
        using var page = await SendAsync(runtime, HttpMethod.Get, Page);
        using var head = await SendAsync(runtime, HttpMethod.Head, Page);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(page.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.True(head.Content.Headers.ContentLength > 0);
        Assert.Equal((await page.Content.ReadAsByteArrayAsync()).Length, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task Other_verbs_are_told_which_there_are(string verb)
    {
        await using var runtime = await TestRuntime.StartAsync();
        using var response = await SendAsync(runtime, new(verb), Page);
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET, HEAD"), (response.StatusCode, string.Join(", ", response.Content.Headers.Allow)));
    }

    [Theory]
    [InlineData("/.well-known/macp.json/")]
    [InlineData("/.WELL-KNOWN/macp.json")]
    [InlineData("/.well-known")]
    [InlineData("/")]
    public async Task Other_pages_are_not_found(string path)
    {
        await using var runtime = await TestRuntime.StartAsync();
        using var response = await SendAsync(runtime, HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    static async Task<HttpResponseMessage> SendAsync(TestRuntime runtime, HttpMethod verb, string path)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(verb, new Uri(runtime.Host.Address, path)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        return await client.SendAsync(request).Happens();
    }
}

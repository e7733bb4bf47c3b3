using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Macp.Agents;

/// <summary>Answers cancel callbacks.</summary>
sealed class CancelEndpoint(CancelCallbackOptions options, Func<CancelRequest, CancellationToken, Task> onCancel, ILogger logger)
{
    static readonly byte[] Ok = """{"ok":true}"""u8.ToArray();

    /// <summary>Whether the code that runs now answers a callback, and so cannot wait until that is answered.</summary>
    public AsyncLocal<bool> IsAnswering { get; } = new();

    public async Task AnswerAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = HttpMethods.Post;
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }
        if (!IsTrusted(http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        if (await BodyAsync(http).ConfigureAwait(false) is not { } body)
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }
        try
        {
            IsAnswering.Value = true;
            await onCancel(Read(body), http.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested)
        {
            // What went wrong is not the caller's to read.
            logger.CallbackFailed(e);
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }
        (http.Response.StatusCode, http.Response.ContentType, http.Response.ContentLength) = (StatusCodes.Status202Accepted, "application/json", Ok.Length);
        await http.Response.Body.WriteAsync(Ok, http.RequestAborted).ConfigureAwait(false);
    }

    // Of hashes, so that the time tells nothing of the secret, its length included.
    bool IsTrusted(HttpRequest request) => options.SharedSecret is not { } secret
        || CryptographicOperations.FixedTimeEquals(Hash(request.Headers[options.SecretHeader].ToString()), Hash(secret));

    static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>The body; null when it is too large.</summary>
    async Task<byte[]?> BodyAsync(HttpContext http)
    {
        byte[] buffer = new byte[options.MaxBodyBytes + 1];
        int length = await http.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, http.RequestAborted).ConfigureAwait(false);
        return length > options.MaxBodyBytes ? null : buffer[..length];
    }

    // Whoever cancels is not kept from it by its JSON: what cannot be read was not said.
    static CancelRequest Read(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind is not JsonValueKind.Object ? new()
                : new(Text(json.RootElement, "runId") ?? Text(json.RootElement, "run_id") ?? "", Text(json.RootElement, "reason") ?? "");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter for text that is no Unicode
        {
            return new();
        }
    }

    static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}

using Macp.Grpc;

namespace Macp.Client;

/// <summary>The metadata of a request: the credential, and what the call adds.</summary>
static class RequestMetadata
{
    public static GrpcMetadata Of(string? token, MacpCallOptions? call)
    {
        var metadata = new GrpcMetadata();
        if (token is not null) metadata.Add("authorization", "Bearer " + token);
        if (call?.Headers is not { } headers) return metadata;
        foreach (var (key, value) in headers) Add(metadata, key, value);
        return metadata;
    }

    static void Add(GrpcMetadata metadata, string key, string value)
    {
        if (key.Equals("authorization", StringComparison.OrdinalIgnoreCase))
            throw new MacpConfigurationException("'authorization' is not a header to set; pass the credential as Auth.");
        try
        {
            metadata.Add(key, value);
        }
        catch (ArgumentException e)
        {
            throw new MacpConfigurationException($"The header '{key}' cannot travel: {e.Message}", e);
        }
    }
}

using Macp.Grpc;

namespace Macp.Server.Tests;

/// <summary>What holds for every method of the service, whatever it does.</summary>
public sealed class EveryMethodTests
{
    const string Unauthenticated = "16", Internal = "13", ResourceExhausted = "8", InvalidArgument = "3", Ok = "0";

    public static TheoryData<string> Methods => [.. Rpc.Service.Methods.Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_missing_credential_is_a_status_but_of_what_anybody_may_ask_and_of_Send(string method)
    {
        await using var runtime = await TestRuntime.StartAsync();
        string expected = method switch
        {
            "Initialize" or "Send" => InvalidArgument, // of an empty request; a message without a credential is a nack
            "ListModes" or "ListExtModes" or "GetManifest" or "ListRoots" => Ok,
            _ => Unauthenticated,
        };
        foreach (string? credential in (string?[])[null, ""])
            Assert.Equal(expected, await runtime.StatusOfAsync(method, RawCall.Frame([]), credential));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Bytes_that_are_not_a_message_fail_below_the_service(string method)
    {
        await using var runtime = await TestRuntime.StartAsync();
        foreach (byte[] garbage in (byte[][])[[0xff, 0xff, 0xff], [0x0a, 0x7f], [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f], [0x0b]])
            Assert.Equal(Internal, await runtime.StatusOfAsync(method, RawCall.Frame(garbage)));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_message_that_is_too_large_fails_below_the_service(string method)
    {
        await using var runtime = await TestRuntime.StartAsync(new() { MaxPayloadBytes = 1000 });
        Assert.Equal(ResourceExhausted, await runtime.StatusOfAsync(method, RawCall.Frame([], length: 1000 + (64 * 1024) + 1)));
    }

    [Theory]
    [InlineData('x')]
    [InlineData('%')]
    [InlineData('\n')]
    [InlineData('\u20ac')]
    public async Task An_id_of_any_length_and_any_characters_is_not_found_and_the_connection_lives_on(char character)
    {
        await using var runtime = await TestRuntime.StartAsync();
        string id = new(character, 200_000), expected = $"Session '{character}{character}";
        Assert.StartsWith(expected, await runtime.MetadataAsync(id).FailsWith(GrpcStatusCode.NotFound), StringComparison.Ordinal);
        Assert.StartsWith(expected, await runtime.CancelAsync("ini", id).FailsWith(GrpcStatusCode.NotFound), StringComparison.Ordinal);
        await using var stream = runtime.Stream("ini");
        await stream.SubscribeAsync(id);
        Assert.StartsWith(expected, await stream.EndsWithAsync(GrpcStatusCode.NotFound), StringComparison.Ordinal);
        await runtime.OpenAsync();
    }

    [Fact]
    public async Task A_nack_takes_an_id_of_any_length()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await runtime.RefusesAsync("SESSION_NOT_FOUND", "alice", Envelopes.Proposal(new('x', 200_000)));
        await runtime.RefusesAsync("MODE_NOT_SUPPORTED", "alice", Envelopes.Start(Envelopes.NewSession()).With(e => e.Mode = new('x', 200_000)));
    }
}

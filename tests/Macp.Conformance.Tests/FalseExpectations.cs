using System.Text.Json.Nodes;
using Macp.Modes.Standard;
using Macp.Testing;

namespace Macp.Conformance.Tests;

/// <summary>A fixture that expects the wrong thing fails, and says where. Without this a runner that checks nothing would pass everything.</summary>
public class FalseExpectations
{
    [Fact]
    public async Task Of_an_accepted_message_that_was_to_be_rejected() => Assert.Equal(
        "messages[0] (Proposal of agent://a): expected reject with FORBIDDEN, got accept",
        await ReasonAsync(fixture => (Message(fixture, 0)["expect"], Message(fixture, 0)["expected_error_code"]) = ("reject", "FORBIDDEN")));

    [Fact]
    public async Task Of_a_rejected_message_that_was_to_be_accepted() => Assert.StartsWith(
        "messages[1] (Vote of agent://stranger): expected accept, got FORBIDDEN: ",
        await ReasonAsync(fixture => Message(fixture, 1)["sender"] = "agent://stranger"), StringComparison.Ordinal);

    [Fact]
    public async Task Of_another_code() => Assert.StartsWith(
        "messages[3] (Proposal of agent://a): expected FORBIDDEN, got SESSION_NOT_OPEN: ",
        await ReasonAsync(fixture => Message(fixture, 3)["expected_error_code"] = "FORBIDDEN"), StringComparison.Ordinal);

    [Fact]
    public async Task Of_the_final_state() =>
        Assert.Equal("the session is Resolved, expected Open", await ReasonAsync(fixture => fixture["expected_final_state"] = "Open"));

    [Fact]
    public async Task Of_a_field_of_the_resolution() =>
        Assert.Equal("resolution.commitment_id is \"c1\", expected \"c2\"", await ReasonAsync(fixture => fixture["expected_resolution"]!["commitment_id"] = "c2"));

    [Fact]
    public async Task Of_a_resolution_where_there_is_none() => Assert.Equal(
        "there is no commitment, expected one; resolution is null, expected {\"commitment_id\":\"c1\",\"outcome_positive\":true}",
        await ReasonAsync(fixture =>
        {
            for (int i = fixture["messages"]!.AsArray().Count; i > 2; i--) fixture["messages"]!.AsArray().RemoveAt(i - 1);
            fixture["expected_final_state"] = "Open";
            fixture["expected_mode_state"] = null;
        }));

    [Fact]
    public async Task Of_no_resolution_where_there_is_one() =>
        Assert.Equal("there is a commitment, expected none", await ReasonAsync(fixture => fixture["expect_resolution_present"] = false));

    [Fact]
    public async Task Of_the_modes_state() =>
        Assert.Equal("state.phase is \"Committed\", expected \"Voting\"", await ReasonAsync(fixture => fixture["expected_mode_state"]!["phase"] = "Voting"));

    [Fact]
    public async Task Of_a_part_of_the_state_that_is_not_there() => Assert.Equal(
        "state.votes.p1.agent://b is missing",
        await ReasonAsync(fixture => fixture["expected_mode_state"]!["votes"]!["p1"]!["agent://b"] = new JsonObject()));

    [Fact]
    public async Task Of_a_start_that_is_refused() => Assert.StartsWith(
        "INVALID_ENVELOPE: the runtime refused the start: ", await ReasonAsync(fixture => fixture["ttl_ms"] = 86_400_001), StringComparison.Ordinal);

    static JsonNode Message(JsonObject fixture, int index) => fixture["messages"]![index]!;

    /// <summary>Why a fixture that holds does not hold any more once this is changed.</summary>
    static async Task<string> ReasonAsync(Action<JsonObject> change)
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>());
        await using var conformance = await Testing.Conformance.ConnectAsync(new Modes.ModeCatalog().Add<DecisionMode>(), runtime.Endpoint);
        var fixture = OwnFixtures.Read("decision_after_the_commitment");
        change(fixture);

        var result = await conformance.CheckAsync("changed", fixture);
        Assert.Equal(CheckVerdict.Fail, result.Verdict);
        return result.Reason;
    }
}

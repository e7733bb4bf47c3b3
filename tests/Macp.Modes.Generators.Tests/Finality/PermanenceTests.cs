using Macp.Modes.Generators.Tests.Harness;

namespace Macp.Modes.Generators.Tests.Finality;

/// <summary>What is shown to stay, and what is not: a proof that can be got around would make clients refuse what the runtime accepts.</summary>
public sealed class PermanenceTests
{
    const string Passed = "state.Passed.Contains(message.Sender)", Taken = "state.Bids.ContainsKey(payload.BidId)",
        Withdrawer = "state.Bids.TryGetValue(payload.BidId, out var entry) && message.Sender != entry.Bidder", Closed = "state.Phase is (Phase.Closed or Phase.Committed)",
        Withdrawal = "state.Bids[withdrawal.BidId] = state.Bids[withdrawal.BidId] with { IsLive = false };";

    static readonly Source Outside = new("Outside.cs", """
        namespace App;

        public static class Outside
        {
            public static HashSet<string>? Kept;
            public static AuctionMode.State? State;
            public static void Forget(ICollection<string> names) => names.Clear();
            public static void Forget(AuctionMode.State state) => state.Passed.Clear();
            public static void Forget<T>(T anything) => (anything as AuctionMode.State)?.Passed.Clear();
            public static void Forget(ref HashSet<string> names) => names = [];
        }

        public sealed record Box(HashSet<string> Names);
        """);

    [Fact]
    public void What_is_only_added_to_stays()
    {
        var auction = Generate.From(Auction.Source).Compiles();

        Assert.Contains(Taken, FinalChecks.Of(auction, "Bid"));
        Assert.Contains(Closed, FinalChecks.Of(auction, "Bid"));
        Assert.Contains(Withdrawer, FinalChecks.Of(auction, "Withdraw"));
        Assert.Contains(Passed, FinalChecks.Of(auction, "Pass"));
    }

    [Theory]
    [InlineData("if (!state.Passed.Contains(message.Sender)) state.Passed.Add(message.Sender);")]
    [InlineData("var all = state.Passed; all.Add(message.Sender);")]
    [InlineData("State mine = state; mine.Passed.Add(message.Sender);")]
    [InlineData("Note(state, message.Sender); static void Note(State state, string who) => state.Passed.Add(who);")]
    [InlineData("foreach (string who in state.Passed) _ = who.Length; state.Passed.Add(message.Sender);")]
    [InlineData("if (state.Passed.Any(who => who == pass.To)) return; state.Passed.Add(message.Sender);")]
    public void Another_name_or_another_method_of_the_class_may_add_too(string body) => Assert.Contains(Passed, FinalChecks.Of(Passing(body).Compiles(), "Pass"));

    [Theory]
    [InlineData("state.Passed.Remove(message.Sender);")]
    [InlineData("state.Passed.Clear();")]
    [InlineData("state.Passed.RemoveWhere(_ => true);")]
    [InlineData("state.Passed.IntersectWith([]);")]
    [InlineData("var all = state.Passed; all.Remove(pass.To);")]
    [InlineData("State mine = state; mine.Passed.Clear();")]
    [InlineData("HashSet<string>? all = null; all ??= state.Passed; all.Clear();")]
    [InlineData("Forget(state.Passed); static void Forget(HashSet<string> names) => names.Clear();")]
    [InlineData("All(state).Clear(); static HashSet<string> All(State state) => state.Passed;")]
    [InlineData("void Forget() => state.Passed.Clear(); Forget();")]
    [InlineData("Action forget = state.Passed.Clear; forget();")]
    [InlineData("Action forget = () => state.Passed.Clear(); forget();")]
    [InlineData("((ICollection<string>)state.Passed).Remove(pass.To);")]
    [InlineData("ICollection<string> names = state.Passed; names.Remove(pass.To);")]
    [InlineData("object all = state.Passed; ((HashSet<string>)all).Clear();")]
    [InlineData("((ISet<string>)state.Passed.AsEnumerable()).Clear();")]
    [InlineData("if (state is { Passed: var all }) all.Clear();")]
    [InlineData("if (state.Passed is { } all) all.Clear();")]
    [InlineData("var (all, _) = (state.Passed, 1); all.Clear();")]
    [InlineData("HashSet<string>[] all = [state.Passed]; all[0].Clear();")]
    [InlineData("ref readonly var all = ref Of(state); all.Clear(); static ref readonly HashSet<string> Of(State state) { var a = new[] { state.Passed }; return ref a[0]; }")]
    [InlineData("var all = state.Passed; Outside.Forget(ref all);")]
    [InlineData("new Box(state.Passed).Names.Clear();")]
    [InlineData("Outside.Forget(state.Passed);")]
    [InlineData("Outside.Forget(state);")]
    [InlineData("Outside.Forget<State>(state);")]
    [InlineData("Outside.Forget((object)state);")]
    [InlineData("Outside.Kept = state.Passed;")]
    [InlineData("Outside.State = state;")]
    [InlineData("Action<State> forget = Outside.Forget; forget(state);")]
    [InlineData("dynamic anything = state; anything.Passed.Clear();")]
    [InlineData("Enumerable.Repeat(state, 1).ToList().ForEach(Outside.Forget);")]
    public void What_takes_away_or_may_is_found(string body) => Assert.DoesNotContain(Passed, FinalChecks.Of(Passing(body), "Pass"));

    [Theory]
    [InlineData("public HashSet<string> Passed { get; set; } = new(StringComparer.Ordinal);")]
    [InlineData("public HashSet<string> Passed { get; init; } = new(StringComparer.Ordinal);")]
    [InlineData("public HashSet<string> Passed => [];")]
    [InlineData("public HashSet<string> Passed { get { return []; } }")]
    [InlineData("public HashSet<string> Passed { get; } = new(StringComparer.Ordinal); public HashSet<string> Again => Passed;")]
    [InlineData("public HashSet<string> Passed { get; } = new(StringComparer.Ordinal); public void Forget() => Passed.Clear();")]
    [InlineData("public HashSet<string> Passed { get; } = Names; static readonly HashSet<string> Names = [];")]
    [InlineData("public SomeSet Passed { get; } = new(); public sealed class SomeSet : HashSet<string>;")]
    public void A_property_that_is_not_only_a_table_proves_nothing(string property) => Assert.DoesNotContain(
        Passed, FinalChecks.Of(Generate.From(Auction.Source.With("public HashSet<string> Passed { get; } = new(StringComparer.Ordinal);", property)), "Pass"));

    [Theory]
    [InlineData("state.Bids[withdrawal.BidId] = state.Bids[withdrawal.BidId] with { Bidder = \"\" };")]
    [InlineData("state.Bids[withdrawal.BidId] = new(withdrawal.BidId, \"\", 0);")]
    [InlineData("state.Bids[withdrawal.BidId] = state.Bids[\"another\"] with { IsLive = false };")]
    [InlineData("state.Bids[withdrawal.BidId] = Ended(state.Bids[withdrawal.BidId]); static Bid Ended(Bid bid) => bid with { Bidder = \"\" };")]
    [InlineData("var bids = state.Bids; bids[withdrawal.BidId] = new(withdrawal.BidId, \"\", 0);")]
    public void An_entry_that_may_name_another_proves_nothing_of_who_sends_while_its_key_stays(string body)
    {
        var auction = Generate.From(Withdrawing(body)).Compiles();

        Assert.DoesNotContain(Withdrawer, FinalChecks.Of(auction, "Withdraw"));
        Assert.Contains(Taken, FinalChecks.Of(auction, "Bid"));
    }

    [Theory]
    [InlineData(Withdrawal, true)]
    [InlineData("state.Highest = new(withdrawal.BidId, \"\", 0);", true)]
    [InlineData("state.Highest = state.Highest! with { IsLive = false };", true)]
    [InlineData("state.Highest = null;", false)]
    [InlineData("state.Highest = default;", false)]
    [InlineData("state.Highest = state.Bids.GetValueOrDefault(withdrawal.BidId);", false)]
    [InlineData("(state.Highest, _) = (null, 1);", false)]
    [InlineData("Unset(state); static void Unset(State state) => state.Highest = null;", false)]
    public void What_may_be_null_again_may_be_sent_again(string body, bool stays)
    {
        var auction = Generate.From(Withdrawing(body).With("[OncePerSender(In = nameof(State.Passed))]", "[OncePerSession(In = nameof(State.Highest))]")).Compiles();

        Assert.Equal(stays, FinalChecks.Of(auction, "Pass").Contains("state.Highest is not null"));
    }

    [Theory]
    [InlineData("state.Phase = Phase.Open;")]
    [InlineData("(state.Phase, _) = (Phase.Open, 1);")]
    [InlineData("Outside.Forget(state);")]
    public void A_phase_that_code_may_set_closes_nothing(string body) =>
        Assert.DoesNotContain(FinalChecks.Of(Passing(body), "Bid"), condition => condition.Contains("Phase", StringComparison.Ordinal));

    [Theory]
    [InlineData("State state, BidPayload bid", null)]
    [InlineData("BidPayload bid", "AuctionMode.Outbids(payload) is not null")]
    [InlineData("BidPayload bid, MessageContext message", "AuctionMode.Outbids(payload, message) is not null")]
    [InlineData("BidPayload bid, SessionContext session", "session.Policy.IsResolved && AuctionMode.Outbids(payload, session) is not null")]
    [InlineData("BidPayload bid, AuctionRules rules", "session.Policy.IsResolved && AuctionMode.Outbids(payload, session.Policy.RulesAs<global::App.AuctionRules>()) is not null")]
    public void A_guard_is_final_where_it_takes_no_state_and_the_policy_it_may_ask_is_known(string parameters, string? final)
    {
        var auction = Generate.From(Auction.Source.With("Outbids(State state, BidPayload bid)", $"Outbids({parameters})")
            .With("state.Highest is { } highest && bid.Amount <= highest.Amount ?", "bid.Amount <= 1 ?")).Compiles();

        Assert.Equal(final, FinalChecks.Of(auction, "Bid").SingleOrDefault(condition => condition.Contains("Outbids", StringComparison.Ordinal)));
    }

    static Generated Passing(string body) => Generate.From(
        Auction.Source.With("PassPayload pass) => state.Passed.Add(message.Sender);", $"PassPayload pass) {{ {body} }}"), Outside);

    static Source Withdrawing(string body) => Auction.Source
        .With("WithdrawPayload withdrawal) =>\n        state.Bids[withdrawal.BidId] = state.Bids[withdrawal.BidId] with { IsLive = false };", $"WithdrawPayload withdrawal) {{ {body} }}");
}

namespace Macp.Modes.Tests.Hosting;

public class ModeCatalogTests
{
    [Fact]
    public void Modes_are_found_by_identifier_and_version_to_the_letter()
    {
        var catalog = new ModeCatalog().Add<One>().Add<Two>().Add<Other>();
        Assert.Equal("2.0.0", catalog.Find("ext.tally.v1", "2.0.0")!.Descriptor.Version);
        Assert.Null(catalog.Find("ext.tally.v1", "3.0.0"));
        Assert.Null(catalog.Find("ext.tally.v1", ""));
        Assert.Null(catalog.Find("EXT.tally.v1", "1.0.0"));
        Assert.Equal(["1.0.0", "2.0.0", "1.0.0"], catalog.All.Select(mode => mode.Descriptor.Version));
    }

    [Fact]
    public void One_version_of_a_mode_is_hosted_once()
    {
        var catalog = new ModeCatalog().Add<One>();
        var refusal = Assert.Throws<InvalidOperationException>(() => catalog.Add<One>());
        Assert.Contains("ext.tally.v1 1.0.0", refusal.Message, StringComparison.Ordinal);
        Assert.Single(catalog.All);
    }

    [Fact]
    public void The_newest_is_the_greatest_number_not_the_last_nor_the_longest_text()
    {
        Assert.Equal("10.0.0", new ModeCatalog().Add<Two>().Add<Ten>().Add<One>().Newest("ext.tally.v1")!.Descriptor.Version);
        Assert.Equal("1.0.0", new ModeCatalog().Add<Two>().Add<Other>().Newest("ext.other.v1")!.Descriptor.Version);
        Assert.Null(new ModeCatalog().Add<One>().Newest("ext.unheard.v1"));
    }

    [Fact]
    public void A_version_may_be_a_date_or_longer() =>
        Assert.Equal("99999999999999999999.0.0", new ModeCatalog().Add<Ten>().Add<Huge>().Add<Date>().Newest("ext.tally.v1")!.Descriptor.Version);

    [Fact]
    public void A_descriptor_knows_the_payloads_of_its_messages()
    {
        var descriptor = One.Descriptor;
        Assert.Equal(["SessionStart", "Word", "Commitment"], descriptor.AllMessageTypes);
        Assert.Equal(["Commitment"], descriptor.TerminalMessageTypes);
        Assert.Same(SignalPayload.Descriptor, descriptor.PayloadOf("Word"));
        Assert.Same(SessionStartPayload.Descriptor, descriptor.PayloadOf("SessionStart"));
        Assert.Same(CommitmentPayload.Descriptor, descriptor.PayloadOf("Commitment"));
        Assert.Null(descriptor.PayloadOf("word"));
        Assert.Null(descriptor.PayloadOf("SessionCancel"));
    }

    abstract class Tally(string identifier, string version)
    {
        public ModeDescriptor Describe() => new()
        {
            Identifier = identifier,
            Version = version,
            Title = "",
            Description = "",
            Participants = ParticipantModel.Peer,
            Determinism = DeterminismClass.SemanticDeterministic,
            MinimumParticipants = 1,
            Phases = ["Counting", "Committed"],
            CommittedPhase = "Committed",
            Messages = [new() { Type = "Word", Payload = SignalPayload.Descriptor, From = Role.Participant, During = ["Counting"], ClientMethod = "Say" }],
        };

        public static SessionHandler Open(SessionContext session) => throw new NotSupportedException();
    }

    sealed class One() : Tally("ext.tally.v1", "1.0.0"), IMode { public static ModeDescriptor Descriptor => new One().Describe(); }

    sealed class Two() : Tally("ext.tally.v1", "2.0.0"), IMode { public static ModeDescriptor Descriptor => new Two().Describe(); }

    sealed class Ten() : Tally("ext.tally.v1", "10.0.0"), IMode { public static ModeDescriptor Descriptor => new Ten().Describe(); }

    sealed class Date() : Tally("ext.tally.v1", "20260101120000.0.0"), IMode { public static ModeDescriptor Descriptor => new Date().Describe(); }

    sealed class Huge() : Tally("ext.tally.v1", "99999999999999999999.0.0"), IMode { public static ModeDescriptor Descriptor => new Huge().Describe(); }

    sealed class Other() : Tally("ext.other.v1", "1.0.0"), IMode { public static ModeDescriptor Descriptor => new Other().Describe(); }
}

using Ensen.Basics;
using Ensen.Cards;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Transit;

namespace Ensen.Tests.Transit;

/// <summary>Members with transit cards, and the sandbox's transit company.</summary>
sealed class Station : Desk
{
    Station(TestDatabase test, Programme? programme)
        : base(test, programme)
    {
    }

    public static async Task<Station> Open(Engine engine, Programme? programme = null)
    {
        var station = new Station(await TestDatabase.Create(engine), programme);
        await station.LoadKeys();
        return station;
    }

    public Task<SandboxTransitCard> Card() => World.Transit.Issue(TransitCardForm.Mobile, Ct);

    public Task<Answer<TransitCard, LinkCardRefusal>> Link(MemberId member, SandboxTransitCard card, string? key = null, string? proof = null) =>
        Get<LinkTransitCard>().Run(new LinkTransitCardRequest(
            member, card.Number, proof ?? card.Proof, Town.Key(member, key, "card", card.Number, proof ?? card.Proof)), Ct);

    /// <summary>A ride of half an hour, as a gate tells it.</summary>
    public static FedRide Ride(string card, string at, string from = "大阪", string to = "京橋", long fare = 170, long line = 1)
    {
        var inAt = TownClock.At(at);
        return new FedRide(line, card, from, to, fare, inAt, inAt.AddMinutes(30));
    }

    public Task<RidesRead> Feed(params FedRide[] rides) => Get<ReadRides>().Run("test", rides.Select((r, i) => r with { Line = i + 1 }), Ct);

    public Task<RidesRead> FeedFile(string text) => Get<ReadRides>().File("test.csv", new StringReader(text), Ct);

    public Task<RidePointsPosted> Post() => Get<PostRidePoints>().Run(Ct);

    public Task<RideMonth> Month(MemberId member, int month) => Get<OwnRides>().Of(member, month, Ct);

    public Task<long> Points(MemberId member) => Sum(member, AccountType.ChargeOnlyPoints);

    /// <summary>A member with a linked card and so many points of each kind; basic ones lapse at the end of March 2028.</summary>
    public async Task<(MemberId Member, TransitCard Card)> WithPoints(long charge, long basic = 0)
    {
        var member = await Member();
        var legs = new List<Leg> { new(member, AccountType.ChargeOnlyPoints, 0, charge) };
        if (basic > 0)
            legs.Add(new Leg(member, AccountType.Points, 20280331, basic));
        legs.Add(new Leg(Chart.Operator, AccountType.PointLiability, 0, -charge - basic));
        await Get<GeneralLedger>().Post(new Move(Id.New(Clock), Clock.GetUtcNow(), [.. legs]), Ct);
        return (member, (await Link(member, await Card())).Value!);
    }

    public Task<Answer<TransitCharged, ChargeTransitCardRefusal>> Charge(MemberId member, TransitCard card, long points, string? key = null) =>
        Get<ChargeTransitCard>().Run(new ChargeTransitCardRequest(
            member, card.Id, new PointAmount(points), Town.Key(member, key, "charge", card.Id, points)), Ct);

    /// <summary>All outside work that is due.</summary>
    public Task Work() => Get<Outbox>().RunDue(Ct);

    public Task<long> Basic(MemberId member) => Sum(member, AccountType.Points);
}

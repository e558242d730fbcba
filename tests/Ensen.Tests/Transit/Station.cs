using Dapper;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Sandbox;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Transit;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Tests.Transit;

/// <summary>
/// Members with transit cards, on a fresh database with the sandbox's transit company. When the test ends the books are looked through.
/// </summary>
sealed class Station : IAsyncDisposable
{
    readonly TestDatabase _test;
    readonly ServiceProvider _services;

    Station(TestDatabase test, Programme programme)
    {
        _test = test;
        _services = new ServiceCollection()
            .AddEnsen(Db.Catalogue, _ => Db, programme)
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<SandboxGateways>()
            .AddSingleton(p => p.GetRequiredService<SandboxGateways>().Outside)
            .AddSingleton(new RecordsKey(Town.Records.Public))
            .AddSingleton<CreateVerifiedMember>()
            .BuildServiceProvider();
        _services.StartOutbox();
    }

    public Database Db => _test.Database;
    public TownClock Clock { get; } = new();
    public SandboxGateways World => Get<SandboxGateways>();

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<Station> Open(Engine engine, Programme? programme = null)
    {
        var station = new Station(await TestDatabase.Create(engine), programme ?? new Programme());
        await InstallationKey.Load(station._services, Ct);
        return station;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task<MemberId> Member(string name = "aoi") =>
        (await Get<CreateVerifiedMember>().Run(new CreateVerifiedMemberRequest(name, Verified: false), Ct)).Value!.Id;

    public Task<SandboxTransitCard> Card() => World.Transit.Issue(TransitCardForm.Mobile, Ct);

    public Task<Answer<TransitCard, LinkTransitCardRefusal>> Link(MemberId member, SandboxTransitCard card, string? key = null, string? proof = null) =>
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

    public async Task<long> Points(MemberId member)
    {
        await using var connection = await Db.Connect(Ct);
        return await Accounts.Sum(connection, member, [AccountType.ChargeOnlyPoints]);
    }

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

    public async Task<long> Basic(MemberId member)
    {
        await using var connection = await Db.Connect(Ct);
        return await Accounts.Sum(connection, member, [AccountType.Points]);
    }

    public async Task<long> Count(string sql, object? of = null)
    {
        await using var connection = await Db.Connect(Ct);
        return await connection.ExecuteScalarAsync<long>(sql, of);
    }

    public async Task<IReadOnlyList<string>> Complaints() =>
        [.. (await new Verify(Db, Clock).Run(Ct)).Checks.SelectMany(c => c.Broken.Select(b => $"{c.Check}: {b}"))];

    public async ValueTask DisposeAsync()
    {
        await Get<GeneralLedger>().DisposeAsync();
        var complaints = await Complaints();
        await _test.DisposeAsync();
        complaints.ShouldBeEmpty();
    }
}

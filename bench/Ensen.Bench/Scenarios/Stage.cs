using System.CommandLine;
using Dapper;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Bench.Measure;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Bench.Scenarios;

/// <summary>
/// A database with a ledger, members with money and stores to pay. The programme's caps are raised so that loops may run long, and are
/// checked all the same.
/// </summary>
sealed class Stage : IAsyncDisposable
{
    static readonly Yen s_purse = new(1_000_000_000);

    public static readonly Programme Programme = new()
    {
        Payments = new PaymentRules { Verified = new Caps(500_000, 50_000_000_000, 50_000_000_000) },
        Transfers = new TransferRules { PerTransfer = 100_000, PerDay = 50_000_000_000, PerMonth = 50_000_000_000 },
        BalanceCap = 500_000_000_000,
    };

    /// <summary>The stores are spread over so many parts of town, and deal in everything.</summary>
    public const int Areas = 10;
    static readonly string[] s_categories = [.. MerchantCategory.All.Order(StringComparer.Ordinal)];

    readonly Pay _pay;

    Stage(Database db, int writers, int members, int stores)
    {
        Db = db;
        Ledger = new GeneralLedger(db, TimeProvider.System, writers);
        _pay = new Pay(db, Ledger, Programme, TimeProvider.System, new PointUses(db), new RunningCampaigns(db, Programme, TimeProvider.System));
        Members = [.. Enumerable.Range(0, members).Select(_ => Id.New<MemberId>(TimeProvider.System))];
        Stores = [.. Enumerable.Range(0, stores).Select(i => new Payee(
            Id.New<StoreId>(TimeProvider.System), $"Store {i}", s_categories[i % s_categories.Length], $"Area {i % Areas}"))];
    }

    public Database Db { get; }
    public GeneralLedger Ledger { get; }
    public MemberId[] Members { get; }
    public Payee[] Stores { get; }

    public static async Task<Stage> Open(ParseResult asked, int members, int stores, CancellationToken ct)
    {
        var db = Database.Open(asked.GetValue(Options.Database)!, Product.Catalogue);
        await db.Migrate(ct);
        var stage = new Stage(db, asked.GetValue(Options.Writers), members, stores);
        foreach (var part in stage.Members.Chunk(4_000))
            await Task.WhenAll(part.Select(m => stage.Ledger.Post(Booking.Money(m, s_purse), ct)));
        return stage;
    }

    /// <summary>New tables have no statistics yet; a running town has them.</summary>
    public async Task Analyze()
    {
        await using var connection = await Db.Connect();
        await connection.ExecuteAsync("analyze", commandTimeout: 300, commandType: System.Data.CommandType.Text);
    }

    /// <summary>Somebody pays somebody 200 to 1,499 yen; true when the payment was made.</summary>
    public async Task<bool> Pay(Random random, bool key = false, CancellationToken ct = default)
    {
        var member = Members[random.Next(Members.Length)];
        return (await _pay.Run(new PayRequest(
            new Payer(member, true), Stores[random.Next(Stores.Length)], random.Next(200, 1_500).Yen(), PointAmount.Zero, PayWay.Direct,
            Initiator.Member(member),
            key ? [IdempotencyKey.Of(member, Guid.NewGuid().ToString("N"), "bench")] : [], []), ct)).Accepted;
    }

    /// <summary>A member pays so many yen, all of them with points; true when the payment was made.</summary>
    public async Task<bool> PayWithPoints(MemberId member, PointAmount points, CancellationToken ct = default) =>
        (await _pay.Run(new PayRequest(
            new Payer(member, true), Stores[0], points.WorthInPayments, points, PayWay.Direct, Initiator.Member(member), [], []), ct)).Accepted;

    /// <summary>Whether all accounts together still come to nothing, in yen and in points.</summary>
    public async Task<bool> SumsToZero()
    {
        await using var connection = await Db.Connect();
        var balance = await TrialBalance.Read(connection, Product.Catalogue);
        return balance.Sum(Unit.Yen) == 0 && balance.Sum(Unit.Point) == 0;
    }

    /// <summary>Ends a report with what is the same for all, and returns the exit code.</summary>
    public async Task<int> Finish(Report report, bool json)
    {
        var memory = Machine.PeakMemoryMb();
        var sumZero = await SumsToZero();
        report.Figure("peakMemoryMb", memory, "MB of memory at most", "N0").With(
            "sumZero", sumZero, $"sums to zero: {sumZero}").Write(json);
        return sumZero ? 0 : 1;
    }

    public async ValueTask DisposeAsync()
    {
        await Ledger.DisposeAsync();
        await Db.DisposeAsync();
    }
}

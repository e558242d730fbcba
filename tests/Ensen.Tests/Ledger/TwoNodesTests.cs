using Ensen.Basics;
using Ensen.Codes;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Points;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Ledger;

/// <summary>
/// Two ledgers on one database, and neither knows what the other one holds in its hands: only the database stands between them.
/// On PostgreSQL they are two programs; on SQLite, which one program has to itself, two ledgers in it.
/// </summary>
public class TwoNodesTests
{
    // Here the other one moves exactly between the look and the commit.
    [Theory]
    [BothEngines("the same account", MoveRefusal.Insufficient)]
    [BothEngines("a new account", MoveRefusal.None)]
    [BothEngines("the same cap", MoveRefusal.OverLimit)]
    [BothEngines("a cap that was never used", MoveRefusal.OverLimit)]
    [BothEngines("the same fact", MoveRefusal.HappenedBefore)]
    [BothEngines("the same key", MoveRefusal.KeyReused)]
    internal async Task Whoever_moved_first_is_seen_by_whoever_commits_second(Engine engine, string touching, MoveRefusal answer)
    {
        await using var town = await Town.On(engine, writers: 1);
        await using var other = new Node(town);
        var aoi = await town.Member("Aoi").With(1_000.Yen()).WithPrepaid(1_000.Yen());
        var use = new SingleUse(SingleUseKind.CodeUsed, aoi.Id);
        if (touching == "the same cap")
            await town.Ledger.Post(Touch(1, AccountType.Money));

        var looked = 0;
        var second = await town.Ledger.Post(Touch(600, AccountType.Money, _ =>
        {
            if (++looked == 1)
                other.Ledger.Post(Touch(601, touching is "the same account" or "a new account" ? AccountType.Money : AccountType.Prepaid))
                    .GetAwaiter().GetResult().Accepted.ShouldBeTrue();
        }));

        second.Refusal.ShouldBe(answer);
        looked.ShouldBe(touching == "the same key" ? 1 : 2);

        Move Touch(int yen, AccountType accountType, Action<AccountState>? meanwhile = null) =>
            new(Id.New(town.Clock), town.Clock.GetUtcNow(),
            touching == "a new account" ? [new Lot(LotKind.Basic, 20300331).LegOf(aoi.Id, yen.Points()),
                Leg.Of(Chart.Operator, AccountType.PointLiability, -yen.Points())]
            : [Leg.Of(aoi.Id, accountType, -yen.Yen()), Leg.Of(Chart.Operator, AccountType.Suspense, yen.Yen())])
            {
                Meanwhile = meanwhile,
                Spends = touching == "the same fact" ? [use] : [],
                Keys = touching == "the same key" ? [IdempotencyKey.Of(aoi.Id, "k", yen)] : [],
                Use = touching.Contains("cap", StringComparison.Ordinal) ? new LimitUse(aoi.Id, LimitKind.Pay, yen, town.Today) : null,
                Caps = new Caps(1_000, 1_000, 1_000),
            };
    }

    [Theory, BothEngines]
    public async Task The_same_members_pay_at_both_and_no_cap_is_passed_and_nothing_is_lost(Engine engine)
    {
        await using var town = await Town.On(
            engine, new Programme { Payments = new PaymentRules { Verified = new Caps(1_000, 2_000, 1_000_000) } });
        await using var other = new Node(town);
        var crowd = await town.Crowd(8, 3_000.Yen());
        var cafe = await town.Store("Café Loop");

        var answers = await AtOnce(400, i =>
        {
            var request = Town.Payment(crowd[i % crowd.Length], cafe, 100.Yen());
            return Insistently(() => town.Pay(request, i / crowd.Length % 2 == 0 ? town.Ledger : other.Ledger));
        });

        answers.Count(a => a.Accepted).ShouldBe(8 * 20);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == PayRefusal.OverLimit);
        (await town.Balance(cafe.Id, AccountType.Payable)).ShouldBe(8 * 2_000);
        foreach (var who in crowd)
            (await town.Balance(who.Id, AccountType.Money)).ShouldBe(1_000);
    }

    [Theory, BothEngines]
    public async Task A_whole_balance_is_spent_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        await using var other = new Node(town);
        var crowd = await town.Crowd(50, 1_000.Yen());
        var cafe = await town.Store("Café Loop");

        foreach (var who in crowd)
        {
            var requests = Enumerable.Range(0, 10).Select(_ => Town.Payment(who, cafe, 1_000.Yen())).ToList();
            var answers = await AtOnce(10, i => Insistently(() => town.Pay(requests[i], i % 2 == 0 ? town.Ledger : other.Ledger)));
            answers.Count(a => a.Accepted).ShouldBe(1);
        }
        (await town.Balance(cafe.Id, AccountType.Payable)).ShouldBe(50_000);
    }

    [Theory, BothEngines]
    public async Task A_key_used_at_both_is_one_payment_and_a_code_pays_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        await using var other = new Node(town);
        var crowd = await town.Crowd(20, 5_000.Yen());
        var cafe = await town.Store("Café Loop");

        foreach (var who in crowd)
        {
            var request = Town.Payment(who, cafe, 100.Yen(), key: "k") with { Spends = [new SingleUse(SingleUseKind.CodeUsed, who.Id)] };
            var another = request with { IdempotencyKeys = [Town.Key(who.Id, null, "other")] };
            var answers = await AtOnce(
                12, i => Insistently(() => town.Pay(i % 3 == 0 ? another : request, i % 2 == 0 ? town.Ledger : other.Ledger)));

            answers.Where(a => a.Accepted).Select(a => a.Value!.PaymentId).Distinct().Count().ShouldBe(1);
            answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == PayRefusal.CodeUsed);
        }
        (await town.Entries(EntryKind.Payment)).ShouldBe(20);
    }

    [Theory, BothEngines]
    public async Task Transfers_cross_between_the_nodes_and_nothing_is_lost(Engine engine)
    {
        await using var town = await Town.On(engine);
        await using var other = new Node(town);
        var crowd = await town.Crowd(4, 1_000.Yen());

        var answers = await AtOnce(600, i =>
        {
            var (from, to) = (crowd[i % 4], crowd[(i % 4 + 1 + i / 4 % 3) % 4]);
            var key = Guid.NewGuid().ToString("N");
            return Insistently(() => town.Send(from, to, (1 + i % 7).Yen(), key, node: i % 3 == 0 ? town.Ledger : other.Ledger));
        });

        answers.ShouldAllBe(a => a.Accepted);
        (await Task.WhenAll(crowd.Select(who => town.Balance(who.Id, AccountType.Money)))).Sum().ShouldBe(4_000);
        (await town.Entries(EntryKind.Transfer)).ShouldBe(600);
    }

    [Theory, BothEngines]
    public async Task Refunds_of_one_payment_at_both_are_at_most_the_payment(Engine engine)
    {
        await using var town = await Town.On(engine);
        await using var other = new Node(town);
        var aoi = await town.Member("Aoi").With(5_000.Yen());
        var cafe = await town.Store("Café Loop");
        var paid = await town.Paid(aoi, cafe, 1_000.Yen());

        var answers = await AtOnce(30, i =>
        {
            var key = Guid.NewGuid().ToString("N");
            return Insistently(() => town.Refund(paid.PaymentId, cafe, 60.Yen(), key, node: i % 2 == 0 ? town.Ledger : other.Ledger));
        });

        answers.Count(a => a.Accepted).ShouldBe(16);
        (await town.Balance(aoi.Id, AccountType.Money)).ShouldBe(4_960);
    }

    [Theory, BothEngines]
    public async Task Members_who_are_new_to_both_get_one_account_each(Engine engine)
    {
        await using var town = await Town.On(engine);
        await using var other = new Node(town);
        var crowd = await town.Crowd(40, Yen.Zero);

        await AtOnce(80, i => Insistently(() => (i % 2 == 0 ? town.Ledger : other.Ledger)
            .Post(new Move(Id.New(town.Clock), town.Clock.GetUtcNow(),
            Leg.Of(crowd[i / 2].Id, AccountType.Money, 70.Yen()), Leg.Of(Chart.Operator, AccountType.BankClearing, -70.Yen())))));

        foreach (var who in crowd)
            (await town.Balance(who.Id, AccountType.Money)).ShouldBe(140);
    }

    static Task<T[]> AtOnce<T>(int times, Func<int, Task<T>> what) =>
        Task.WhenAll(Enumerable.Range(0, times).Select(i => Task.Run(() => what(i))));

    /// <summary>Asks again, with the same key, when the books were too busy, as every client does.</summary>
    static async Task<T> Insistently<T>(Func<Task<T>> ask)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (LedgerUnavailableException)
            {
                await Task.Delay(Random.Shared.Next(10, 60));
            }
        }
    }

    sealed class Node : IAsyncDisposable
    {
        readonly Database? _own;

        public Node(Town town)
        {
            _own = town.Db.Engine == Engine.Postgres ? Database.Open(town.Address, SandboxModule.Catalogue) : null;
            Ledger = new GeneralLedger(_own ?? town.Db, town.Clock);
        }

        public GeneralLedger Ledger { get; }

        public async ValueTask DisposeAsync()
        {
            await Ledger.DisposeAsync();
            if (_own is not null)
                await _own.DisposeAsync();
        }
    }
}

using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Ledger;

/// <summary>What the books accept and refuse, told as ledgers.</summary>
public class LedgerTests
{
    [Theory, BothEngines]
    public Task Value_only_moves_and_no_guarded_account_falls_below_zero(Engine engine) => Story.Tell(engine,
        """
        from                    to                      amount                       key  fact  answer
        bank                    Aoi money               5,000                        -    -     posted
        Aoi money               Ren money               1,200                        -    -     posted
        Aoi money               Ren money               3,801                        -    -     Insufficient
        Aoi money               Ren money               3,800                        -    -     posted
        Aoi money               Ren money               1                            -    -     Insufficient
        card                    Aoi prepaid             2,000                        -    -     posted
        Aoi prepaid             Bakery payable          500                          -    -     posted
        Ren money               Bakery payable          5,000                        -    -     posted
        Bakery payable          bank                    9,000                        -    -     posted
        liability               Aoi points 2027-03-31   36                           -    -     posted
        Aoi points 2027-03-31   breakage                37                           -    -     Insufficient
        Aoi points 2027-03-31   breakage                6                            -    -     posted
        Aoi points 2028-03-31   liability               1                            -    -     Insufficient
        Aoi prepaid             Aoi points 2027-03-31   1                            -    -     UnbalancedEntryException
        bank                    Aoi money               0                            -    -     UnbalancedEntryException
        suspense                Suzu money              9,223,372,036,854,775,807    -    -     posted
        card                    Suzu prepaid            1                            -    -     OverflowException
        card                    Suzu money              1                            -    -     OverflowException
        Suzu money              suspense                9,223,372,036,854,775,807    -    -     posted

        account                 balance
        Aoi money               0
        Aoi prepaid             1,500
        Aoi points 2027-03-31   30
        Aoi points 2028-03-31   0
        Ren money               0
        Bakery payable          -3,500
        Suzu money              0
        Suzu prepaid            0
        bank                    4,000
        card                    -2,000
        liability               -36
        breakage                6
        """);

    [Theory, BothEngines]
    public Task A_key_is_one_request_and_a_fact_happens_once(Engine engine) => Story.Tell(engine,
        """
        from        to               amount   key   fact    answer
        bank        Aoi money        5,000    k1    -       posted
        bank        Aoi money        5,000    k1    -       again posted
        bank        Aoi money        5,001    k1    -       KeyReused
        bank        Ren money        5,000    k1    -       KeyReused
        Aoi money   Bakery payable   9,000    k2    code1   Insufficient
        bank        Aoi money        5,000    k3    -       posted
        Aoi money   Bakery payable   9,000    k2    code1   again Insufficient
        Aoi money   Bakery payable   9,000    k4    code1   posted
        Aoi money   Bakery payable   9,000    k4    code1   again posted
        Aoi money   Bakery payable   100      k5    code1   HappenedBefore
        Aoi money   Bakery payable   100      k5    code2   again HappenedBefore
        Aoi money   Bakery payable   100      -     code2   posted
        Aoi money   Bakery payable   100      -     code2   HappenedBefore

        account          balance
        Aoi money        900
        Ren money        0
        Bakery payable   9,100
        bank             -10,000
        """);

    [Theory, BothEngines]
    public async Task The_answer_to_a_repeat_is_the_first_answer_and_says_so(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(5_000.Yen());
        var cafe = await town.Store("Café Loop");

        var first = await town.Pay(aoi, cafe, 400.Yen(), key: "k");
        town.Clock.Move(TimeSpan.FromDays(399));
        var again = await town.Pay(aoi, cafe, 400.Yen(), key: "k");

        first.Replayed.ShouldBeFalse();
        again.Replayed.ShouldBeTrue();
        again.Value.ShouldBe(first.Value);
        again.Value!.PaidAt.UtcTicks.ShouldBe(first.Value!.PaidAt.UtcTicks);
    }

    [Theory, BothEngines]
    public async Task An_order_does_not_remember_refusals_but_its_request_does(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(100.Yen());
        var till = Id.New(town.Clock);
        Move Draft(string request) => new(Id.New(town.Clock), town.Clock.GetUtcNow(), Leg.Of(aoi.Id, AccountType.Money, -300.Yen()),
            Leg.Of(till, AccountType.Payable, 300.Yen()))
        {
            Keys = [IdempotencyKey.Of(till, request, "300"), IdempotencyKey.Of(till, "order:7", "300") with { KeepsRefusals = false }],
        };

        (await town.Ledger.Post(Draft("r1"))).Refusal.ShouldBe(MoveRefusal.Insufficient);
        await town.Post(Leg.Of(aoi.Id, AccountType.Money, 300.Yen()), Leg.Of(Chart.Operator, AccountType.BankClearing, -300.Yen()));

        var sameRequest = await town.Ledger.Post(Draft("r1"));
        var sameOrder = await town.Ledger.Post(Draft("r2"));
        var onceMore = await town.Ledger.Post(Draft("r3"));

        (sameRequest.Refusal, sameRequest.Replayed).ShouldBe((MoveRefusal.Insufficient, true));
        (sameOrder.Accepted, sameOrder.Replayed).ShouldBe((true, false));
        (onceMore.Value, onceMore.Replayed).ShouldBe((sameOrder.Value, true));
    }

    [Fact]
    public void Every_book_has_a_unit_and_the_checks_know_which_have_a_floor()
    {
        foreach (var accountType in SandboxModule.Catalogue.All<AccountType>())
            Enum.IsDefined(accountType.Unit).ShouldBeTrue();

        LedgerChecks.All.Single(c => c.Name.StartsWith("I2", StringComparison.Ordinal)).Sql(
            new SqlDialect(Engine.Sqlite, SandboxModule.Catalogue, default)).ShouldContain("account_type in (1, 2, 3, 4, 5, 6, 11, 15, 33, 46, 47, 50)");
    }

    [Theory, BothEngines]
    public async Task Each_check_finds_what_it_is_for(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine);
        (await Auditor.Complaints(test.Database)).ShouldBeEmpty();

        await test.Database.Transact(async tx =>
        {
            var (owner, entry) = (Id.New(TimeProvider.System), Id.New(TimeProvider.System));
            await Dapper.SqlMapper.ExecuteAsync(tx.Connection!,
                """
                insert into account (owner, account_type, term, stripe, balance) values (@owner, 1, 0, 0, -7);
                insert into posting (owner, entry_id, leg, account_type, term, amount) values (@owner, @entry, 0, 2, 0, 5), (@owner, @owner, 0, 2, 0, 5);
                insert into single_use (subject, kind, number, entry_id) values (@owner, 1, 0, @entry);
                insert into payment (entry_id, member_id, store_id, at_ms, amount_yen, points, points_earned, way) values (@entry, @owner, @owner, 0, 100, 0, 0, 1);
                insert into refund (payment_id, number, entry_id, member_id, store_id, at_ms, amount_yen, yen, points, points_taken_back)
                  values (@entry, 2, @owner, @owner, @owner, 0, 101, 101, 0, 0);
                insert into transfer (entry_id, from_member, to_member, at_ms, amount_yen) values (@entry, @owner, @entry, 0, 100);
                insert into entry (id, kind, at_ms, initiator_kind, initiator_id, owners, lane, seal) values (@owner, 2, 0, 1, @owner, @none, 0, 0);
                insert into account (owner, account_type, term, stripe, balance) values (@owner, 3, 20270331, 0, 8), (@owner, 99, 0, 0, 1), (@owner, 1, 0, 7, 0), (@owner, 33, 0, 16, 0);
                insert into restriction (id, subject, kind, reason, by_kind, by_whom, from_ms) values (@entry, @owner, 999, 'theft', 4, 'Suzuki', 0)
                """,
                new { owner, entry, none = Array.Empty<byte>() }, tx);
        });

        var complaints = await Auditor.Complaints(test.Database);
        foreach (var check in LedgerChecks.All.Concat(Ensen.Wallet.WalletChecks.All))
            complaints.ShouldContain(c => c.StartsWith(check.Name, StringComparison.Ordinal), check.Name);
        foreach (var check in (string[])["I1 all accounts together", "I1 the legs", "I1 each posting", "I4 each payment", "I6 the seals cover", "I6 what is kept beside", "I8 what may happen once"])
            complaints.ShouldContain(c => c.StartsWith(check, StringComparison.Ordinal), check + "\n" + string.Join('\n', complaints));
    }
}

using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Ledger;

/// <summary>Two programs share one PostgreSQL and neither knows what the other one holds in its hands.</summary>
public class TwoNodesTests
{
    static readonly Programme s_programme = new() { Payments = new PaymentRules { Verified = new Caps(1_000, 2_000, 1_000_000) } };

    [Fact]
    public async Task The_same_members_pay_at_both_and_no_cap_is_passed_and_nothing_is_lost()
    {
        await using var town = await Town.On(Engine.Postgres, s_programme);
        await using var db = Database.Open(town.Address);
        await using var node = new GeneralLedger(db, town.Clock);
        var crowd = await town.Crowd(8, 3_000.Yen());
        var cafe = await town.Store("Café Loop");

        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(() =>
            Insistently(town, Town.Payment(crowd[i % crowd.Length], cafe, 100.Yen()), i / crowd.Length % 2 == 0 ? town.Ledger : node))));

        answers.Count(a => a.Accepted).ShouldBe(8 * 20);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == PayRefusal.OverLimit);
        (await town.Balance(cafe.Id, Book.Payable)).ShouldBe(8 * 2_000);
        foreach (var who in crowd)
            (await town.Balance(who.Id, Book.Money)).ShouldBe(1_000);
    }

    [Fact]
    public async Task A_key_used_at_both_is_one_payment_and_a_code_pays_once()
    {
        await using var town = await Town.On(Engine.Postgres);
        await using var db = Database.Open(town.Address);
        await using var node = new GeneralLedger(db, town.Clock);
        var crowd = await town.Crowd(20, 5_000.Yen());
        var cafe = await town.Store("Café Loop");

        foreach (var who in crowd)
        {
            var request = Town.Payment(who, cafe, 100.Yen(), key: "k") with { Spends = [new Fact(FactKind.CodeUsed, who.Id)] };
            var other = request with { Once = [Town.Key(who.Id, null, "other")] };
            var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() =>
                Insistently(town, i % 3 == 0 ? other : request, i % 2 == 0 ? town.Ledger : node))));

            answers.Where(a => a.Accepted).Select(a => a.Value!.PaymentId).Distinct().Count().ShouldBe(1);
            answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == PayRefusal.CodeUsed);
        }
        (await town.Entries(EntryKind.Payment)).ShouldBe(20);
    }

    [Fact]
    public async Task Members_who_are_new_to_both_nodes_get_one_account_each()
    {
        await using var town = await Town.On(Engine.Postgres);
        await using var db = Database.Open(town.Address);
        await using var node = new GeneralLedger(db, town.Clock);
        var crowd = await town.Crowd(40, Yen.Zero);

        await Task.WhenAll(from ledger in (GeneralLedger[])[town.Ledger, node]
                           from who in crowd
                           select Task.Run(() => ledger.Post(new Move(Id.New(town.Clock), town.Clock.GetUtcNow(),
                               Leg.Of(who.Id, Book.Money, 70.Yen()), Leg.Of(Chart.Operator, Book.BankClearing, -70.Yen())))));

        foreach (var who in crowd)
            (await town.Balance(who.Id, Book.Money)).ShouldBe(140);
    }

    /// <summary>Asks again with the same key when the books were too busy, as every client does.</summary>
    static async Task<Answer<Paid, PayRefusal>> Insistently(Town town, PayRequest request, GeneralLedger node)
    {
        while (true)
        {
            try
            {
                return await town.Pay(request, node);
            }
            catch (LedgerUnavailableException)
            {
                await Task.Delay(Random.Shared.Next(10, 60));
            }
        }
    }
}

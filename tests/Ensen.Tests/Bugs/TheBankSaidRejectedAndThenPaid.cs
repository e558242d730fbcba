using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Settlement;
using Ensen.Storage;
using Ensen.Tests.Settlement;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A line that the bank had answered as rejected, and later as paid, was left as it was and nobody heard of it: with another account in
/// force it would have been paid a second time.
/// </summary>
public class TheBankSaidRejectedAndThenPaid
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task It_waits_for_a_person_and_is_not_paid_again_by_itself(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var (merchant, shop) = await office.Store("Bread");
        await office.Pay(shop, 1_000);
        var (_, other) = await office.Store("Tea");
        await office.Pay(other, 2_000);
        await office.Work("2026-06-02 09:00");
        var file = (await office.Files()).ShouldHaveSingleItem().FileId;
        (await office.Bank.Answer(file, [1], Ct)).ShouldBeTrue();
        (await office.Latest(merchant)).Status.ShouldBe(SettlementStatus.Rejected);

        await office.Db.Transact(tx => tx.Connection!.ExecuteAsync("update sandbox_pay_out_file set codes = '00'", transaction: tx), Ct);
        await office.Get<PayOutFileWork>().AskAgain(Ct);
        await office.Get<PayOutFileWork>().AskAgain(Ct);
        var doubt = (await office.Get<PayOutDoubts>().Open(Ct)).ShouldHaveSingleItem();
        (doubt.File, doubt.Line, doubt.Merchant, doubt.Amount.Value).ShouldBe((file, 1, "Bread", 980));
        (await office.Latest(merchant)).Status.ShouldBe(SettlementStatus.Held);

        var (suzuki, ito) = (await office.Operator("Suzuki"), await office.Operator("Ito"));
        var proposed = (await office.Propose(merchant, suzuki)).Value!;
        (await office.Get<ConfirmPayOutAccount>().Run(proposed.Id, ito, Ct)).Accepted.ShouldBeTrue();
        await office.Work("2026-06-03 09:00");
        (await office.Files()).Count.ShouldBe(1, "nobody has asked the bank");
        (await office.Balance(merchant, AccountType.MerchantDue)).ShouldBe(980);

        var clear = office.Get<ClearPayOutDoubt>();
        (await clear.Run(new ClearPayOutDoubtRequest(doubt.Settlement, doubt.Attempt, " ", suzuki), Ct)).Refusal
            .ShouldBe(ClearPayOutDoubtRefusal.InvalidRequest);
        (await clear.Run(new ClearPayOutDoubtRequest(doubt.Settlement, doubt.Attempt, "The bank erred", suzuki), Ct)).Accepted.ShouldBeTrue();
        (await clear.Run(new ClearPayOutDoubtRequest(doubt.Settlement, doubt.Attempt, "The bank erred", ito), Ct)).Refusal
            .ShouldBe(ClearPayOutDoubtRefusal.NotFound);
        await office.Get<PayOutFileWork>().AskAgain(Ct);
        (await office.Get<PayOutDoubts>().Open(Ct)).ShouldBeEmpty();
        await office.Work();
        (await office.Latest(merchant)).Status.ShouldBe(SettlementStatus.Sent);
    }
}

using Ensen.Settlement;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Settlement;

/// <summary>Where a merchant is paid two people decide, and until they have nothing leaves.</summary>
public class PayOutAccountTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_changed_account_holds_pay_outs_until_a_second_person_has_confirmed_it(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var (merchant, shop) = await office.Store("Bread");
        var (suzuki, ito) = (await office.Operator("Suzuki"), await office.Operator("Ito"));
        await office.Pay(shop, 1_000);
        var proposed = (await office.Propose(merchant, suzuki)).Value!;
        proposed.Holder.ShouldBe("ﾊﾟﾝｺｳﾎﾞｳ");

        await office.Work("2026-06-02 09:00");
        (await office.Files()).ShouldBeEmpty();
        (await office.Propose(merchant, ito)).Refusal.ShouldBe(ProposePayOutAccountRefusal.Held);
        (await office.Get<ConfirmPayOutAccount>().Run(proposed.Id, suzuki, Ct)).Refusal.ShouldBe(ConfirmPayOutAccountRefusal.SamePerson);
        (await office.Get<WithdrawPayOutAccount>().Run(new WithdrawPayOutAccountRequest(proposed.Id, "Not theirs", suzuki), Ct))
            .Accepted.ShouldBeTrue();
        (await office.Get<ConfirmPayOutAccount>().Run(proposed.Id, ito, Ct)).Refusal.ShouldBe(ConfirmPayOutAccountRefusal.AlreadyDecided);
        await office.Work();
        var file = (await office.Files()).ShouldHaveSingleItem();
        (await office.File(file.FileId)).Zengin.ShouldNotContain("7654321");
        (await office.Get<OperatorLog>().List(10, ct: Ct)).Select(row => row.Act).Take(2).ShouldBe(
            [OperatorAct.WithdrewPayOutAccount, OperatorAct.ProposedPayOutAccount]);
    }

    [Theory, BothEngines]
    public async Task Under_one_key_it_is_proposed_once(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var (merchant, _) = await office.Store("Bread");
        var suzuki = await office.Operator("Suzuki");

        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => office.Propose(merchant, suzuki, key: "k"), Ct)));

        all.ShouldAllBe(a => a.Accepted && a.Value!.Id == all[0].Value!.Id);
        all.Count(a => !a.Replayed).ShouldBe(1);
        (await office.Propose(merchant, suzuki, number: "1", key: "k")).Refusal.ShouldBe(ProposePayOutAccountRefusal.KeyReused);
        (await office.Propose(merchant, await office.Operator("Support", OperatorRoles.Support))).Refusal
            .ShouldBe(ProposePayOutAccountRefusal.Forbidden);
    }

    [Theory, BothEngines]
    public async Task Confirmed_and_withdrawn_in_the_same_moment_it_is_one_of_both(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var (merchant, shop) = await office.Store("Bread");
        var (suzuki, ito) = (await office.Operator("Suzuki"), await office.Operator("Ito"));
        await office.Pay(shop, 1_000);
        office.Clock.Set("2026-06-02 09:00");
        var proposed = (await office.Propose(merchant, suzuki)).Value!;

        var confirming = Enumerable.Range(0, 10).Select(_ => Task.Run(() => office.Get<ConfirmPayOutAccount>().Run(proposed.Id, ito, Ct), Ct)).ToList();
        var withdrawing = Enumerable.Range(0, 10).Select(_ => Task.Run(() => office.Get<WithdrawPayOutAccount>().Run(
            new WithdrawPayOutAccountRequest(proposed.Id, "Not theirs", ito), Ct), Ct)).ToList();
        var working = Enumerable.Range(0, 10).Select(_ => Task.Run(() => office.Work(), Ct)).ToList();
        await Task.WhenAll([.. confirming, .. withdrawing, .. working]);
        await office.Work();

        ((await Task.WhenAll(confirming)).Count(a => a.Accepted) + (await Task.WhenAll(withdrawing)).Count(a => a.Accepted)).ShouldBe(1);
        var inForce = (await office.Get<PayOutAccounts>().Of(merchant, Ct)).InForce!;
        var file = (await office.Files()).ShouldHaveSingleItem();
        (await office.File(file.FileId)).Zengin.ShouldContain(inForce.Number);
    }

    [Theory, BothEngines]
    public async Task Who_may_not_decides_nothing(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var (merchant, _) = await office.Store("Bread");
        var support = await office.Operator("Support", OperatorRoles.Support);
        var proposed = (await office.Propose(merchant, await office.Operator("Suzuki"))).Value!;

        (await office.Get<ConfirmPayOutAccount>().Run(proposed.Id, support, Ct)).Refusal.ShouldBe(ConfirmPayOutAccountRefusal.Forbidden);
        (await office.Get<WithdrawPayOutAccount>().Run(new WithdrawPayOutAccountRequest(proposed.Id, "No", support), Ct)).Refusal
            .ShouldBe(WithdrawPayOutAccountRefusal.Forbidden);
        (await office.Get<PayOutAccounts>().Waiting(Ct)).ShouldHaveSingleItem();
    }
}

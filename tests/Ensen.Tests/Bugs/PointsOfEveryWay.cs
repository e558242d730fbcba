using Ensen.Basics;
using Ensen.CreditCards;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Operations;
using Ensen.Merchants;
using Ensen.Points;
using Ensen.Rewards;
using Ensen.Sandbox;
using Ensen.Sandbox.Gateways;
using Ensen.Settlement;
using Ensen.Storage;
using Ensen.Tests.CreditCards;
using Ensen.Tests.Links;
using Ensen.Tests.Requests;
using Ensen.Tests.Businesses;
using Ensen.Tests.Support;
using Ensen.Tests.Transit;
using Ensen.Tests.Withdrawals;
using Ensen.Transit;
using Ensen.Wallet;
using Ensen.Withdrawals;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Tests.Bugs;

/// <summary>
/// What leaves rows beside entries and needs partners: a reward that is ordered and cancelled, rides, a charge of a card, links that are
/// claimed and taken back, a request that is paid, withdrawals, and merchants who are settled
/// and paid.
/// </summary>
static class PointsOfEveryWay
{
    public static async Task LiveIn(Town town, Resident who, CancellationToken ct)
    {
        // Not disposed: the database is the town's.
        var services = new ServiceCollection()
            .AddEnsen(town.Db.Catalogue, _ => town.Db, town.Programme)
            .AddSingleton<TimeProvider>(town.Clock)
            .AddSingleton(town.Ledger)
            .AddSingleton<SandboxGateways>()
            .AddSingleton(p => p.GetRequiredService<SandboxGateways>().Outside)
            .BuildServiceProvider();
        services.StartOutbox();
        await InstallationKey.Load(services, ct);

        var reward = (await services.GetRequiredService<KeepRewards>().Make(
            new NewReward("環状線一日券", "Loop line day pass", 20, 0, 900, 10, null), ct: ct)).Value!;
        var ordered = (await services.GetRequiredService<OrderReward>().Run(new OrderRewardRequest(new Payer(who.Id, true), reward.Id, 1,
            Town.Key(who.Id, null, "reward")), ct)).Value!;
        (await services.GetRequiredService<CancelReward>().Run(who.Id, ordered.OrderId, ct)).Accepted.ShouldBeTrue();

        var card = await services.GetRequiredService<SandboxGateways>().Transit.Issue(TransitCardForm.Mobile, ct);
        var linked = (await services.GetRequiredService<LinkTransitCard>().Run(new LinkTransitCardRequest(
            who.Id, card.Number, card.Proof, Town.Key(who.Id, null, "card")), ct)).Value!;
        await services.GetRequiredService<ReadRides>().Run("gates", Enumerable.Range(1, 5).Select(
            day => Station.Ride(card.Number, $"2026-07-{day + 5:00} 11:00", line: day)), ct);
        var credit = await services.GetRequiredService<SandboxGateways>().CreditCards.Issue(ct);
        (await services.GetRequiredService<LinkCreditCard>().Run(new LinkCreditCardRequest(
            who.Id, credit.LinkToken, Town.Key(who.Id, null, "credit card")), ct)).Accepted.ShouldBeTrue();
        await services.GetRequiredService<TakePurchaseFile>().Run("july.csv", System.Text.Encoding.UTF8.GetBytes(
            CardDesk.Text("2026-07", 1, CardDesk.Line(credit.Reference, "A-1 2026-07-20 6000"))), ct);
        town.Clock.Set("2026-08-03 09:00");
        (await services.GetRequiredService<PostCreditCardPoints>().Run(ct)).Points.Value.ShouldBe(30);
        (await services.GetRequiredService<PostRidePoints>().Run(ct)).Cards.ShouldBe(1);
        (await services.GetRequiredService<ChargeTransitCard>().Run(new ChargeTransitCardRequest(
            who.Id, linked.Id, 10.Points(), Town.Key(who.Id, null, "charge")), ct)).Accepted.ShouldBeTrue();
        var ren = await town.Member("Ren with a link");
        await town.Give(ren, 9.Yen());
        (await town.PayAsked(ren, (await town.Ask(who, ren, 9.Yen())).Value!.Requests.Single())).Accepted.ShouldBeTrue();
        var link = (await town.Link(who, 3.Yen(), note: "for bread")).Value!;
        (await town.Claim(ren, link)).Accepted.ShouldBeTrue();
        (await town.TakeBack(who, (await town.Link(who, 2.Yen())).Value!)).Accepted.ShouldBeTrue();
        await Withdraw(services, who, ct);
        var given = (await services.GetRequiredService<ProposeGoodwill>().Run(new ProposeGoodwillRequest(
            who.Id, 7, town.Today, "late in April", await town.Operator("Suzuki")), ct)).Value!;
        (await services.GetRequiredService<ApproveGoodwill>().Run(given.Id, await town.Operator("Ito"), ct: ct)).Accepted.ShouldBeTrue();
        await services.GetRequiredService<Outbox>().RunDue(ct);
        await PayAsCompanies(town, ct);
        await Settle(town, services, ct);
    }

    /// <summary>One that the bank pays and that comes back later, and one that it refuses.</summary>
    static async Task Withdraw(ServiceProvider services, Resident who, CancellationToken ct)
    {
        var bank = services.GetRequiredService<SandboxGateways>();
        foreach (var mode in new[] { FaultMode.Accept, FaultMode.Refuse })
        {
            await bank.Moods.Set(Gateway.BankCredits, mode, 1, ct: ct);
            var begun = (await services.GetRequiredService<Withdraw>().Run(new WithdrawRequest(
                who.Payer, 1.Yen(), null, BankCounter.Nobody(who.Payer.MemberId), MustProve: false,
                [Town.Key(who.Id, null, "withdrawal")]), ct)).Value!;
            if (mode == FaultMode.Accept)
                (await bank.Bank.Contradict(begun.WithdrawalId, ct)).ShouldBeTrue();
        }
    }

    /// <summary>A company pays in and pays another one what that asked for, by two people.</summary>
    static async Task PayAsCompanies(Town town, CancellationToken ct)
    {
        var (printer, baker) = (await town.Company("天満印刷", 500_000), await town.Company("パン工房"));
        var (bank, receive) = town.DepositBank();
        await bank.PayIn(printer.Account.Number, 3_000.Yen(), "ﾃﾝﾏｲﾝｻﾂ", ct);
        await receive.Run(ct);
        await town.Trust(printer, baker);
        var bill = (await town.Bill(baker, printer, 200_000)).Value!;
        var made = (await town.Pay(printer, baker, 200_000, bill.Text, request: bill)).Value!;
        (await town.Approve(printer, made.TransferId)).Accepted.ShouldBeTrue();
    }

    /// <summary>The merchants are settled, a file is paid in part, and a line of it comes back.</summary>
    static async Task Settle(Town town, ServiceProvider services, CancellationToken ct)
    {
        await using (var connection = await town.Db.Connect(ct))
            foreach (var merchant in await Dapper.SqlMapper.QueryAsync<MerchantId>(connection, "select id from merchant"))
                (await new SandboxPayOutAccounts(town.Db, services.GetRequiredService<PayOutAccounts>(), town.Clock).MakeUp(merchant, ct))
                    .ShouldNotBeNull();
        town.Clock.Set("2026-08-04 09:00");
        await services.GetRequiredService<CloseSettlements>().Run(ct);
        await services.GetRequiredService<Outbox>().RunDue(ct);
        var file = (await services.GetRequiredService<PayOutFiles>().List(null, ct))[0].FileId;
        var bank = services.GetRequiredService<SandboxGateways>().PayOuts;
        (await bank.Answer(file, [], ct)).ShouldBeTrue();
        (await bank.Answer(file, [1], ct)).ShouldBeTrue();
    }
}

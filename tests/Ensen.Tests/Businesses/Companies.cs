using Ensen.Basics;
using Ensen.Businesses;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Sandbox;
using Ensen.Sandbox.Gateways;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ensen.Tests.Businesses;

/// <summary>A company with an account, and two people who can both make and approve.</summary>
sealed record Company(Business Account, ActingShop Ono, ActingShop Hirata)
{
    public BusinessId Id => Account.Id;
}

/// <summary>What people of companies do, in short.</summary>
static class Companies
{
    public static async Task<Company> Company(this Town town, string name, long yen = 0)
    {
        var account = (await town.Get<OpenBusiness>().Run(new OpenBusinessRequest(name), Ct)).Value!;
        if (yen > 0)
            (await town.Post(Leg.Of(account.Id, AccountType.BusinessMoney, yen.Yen()), Leg.Of(Chart.Operator, AccountType.DepositClearing, (-yen).Yen())))
                .Accepted.ShouldBeTrue();
        return new Company(account, await town.Person(account, "大野 真"), await town.Person(account, "平田 恵"));
    }

    /// <summary>Somebody whom the programme let in on their own, or whom <paramref name="by"/> invited.</summary>
    public static async Task<ActingShop> Person(this Town town, Business account, string name, ActingShop? by = null, ShopRole role = ShopRole.Owner)
    {
        var invited = (await town.Get<InviteToShop>().Run(
            new InviteToShopRequest(by ?? new ActingShop(account.Merchant, null), name, role, []), Ct)).Value!;
        await town.Get<CreateShopAccount>().Activate(invited.Account, Ct);
        return new ActingShop(account.Merchant, invited.Account);
    }

    /// <summary>Named by one and confirmed by the other.</summary>
    public static async Task Trust(this Town town, Company company, Company payee)
    {
        var added = (await town.Get<AddPayee>().Run(new AddPayeeRequest(company.Ono, company.Account, payee.Account.Number), Ct)).Value!;
        (await town.Get<ConfirmPayee>().Run(company.Hirata, company.Id, added.Id, Ct)).Accepted.ShouldBeTrue();
    }

    public static Task<Answer<BusinessTransferMade, MakeBusinessTransferRefusal>> Pay(this Town town, Company from, Company to, long yen,
        string text = "4月分", string? key = null, ActingShop? by = null, BusinessRequest? request = null) =>
        town.Get<MakeBusinessTransfer>().Run(new MakeBusinessTransferRequest(by ?? from.Ono, from.Account,
            [new TransferLine(1, to.Id, yen.Yen(), text)], [Town.Key((by ?? from.Ono).Account!.Value, key, "business", to.Id, yen, text)], request), Ct);

    public static Task<Answer<BusinessTransferApproved, ApproveBusinessTransferRefusal>> Approve(
        this Town town, Company company, BusinessTransferId id, ActingShop? by = null, string? key = null) =>
        town.Get<ApproveBusinessTransfer>().Run(new ApproveBusinessTransferRequest(by ?? company.Hirata, company.Id, id,
            [Town.Key((by ?? company.Hirata).Account!.Value, key, "approval", id)]), Ct);

    public static async Task<long> Holds(this Town town, Company company) => (await town.Get<BusinessAccounts>().Balance(company.Id, Ct)).Value;

    public static async Task<BusinessTransferState> State(this Town town, Company company, BusinessTransferId id) =>
        (await town.Get<BusinessTransfers>().Find(company.Id, id, Ct))!.State;

    public static Task<Answer<BusinessRequest, AskBusinessRefusal>> Bill(
        this Town town, Company asker, Company payer, long yen, string text = "請求 17", string? key = null) =>
        town.Get<AskBusiness>().Run(new AskBusinessRequest(asker.Ono, asker.Account, payer.Account.Number, yen.Yen(), text,
            town.Today.Next, Town.Key(asker.Ono.Account!.Value, key, "bill", payer.Id, yen, text)), Ct);

    /// <summary>The bank at which companies pay in, of this town.</summary>
    public static (SandboxDeposits Bank, ReceiveDeposits Receive) DepositBank(this Town town)
    {
        var bank = new SandboxDeposits(town.Db, town.Clock);
        return (bank, town.DepositsOf(bank));
    }

    /// <summary>What books what this bank tells.</summary>
    public static ReceiveDeposits DepositsOf(this Town town, IDepositBank bank) => new(
        town.Db, town.Ledger, ExternalGateways.Nobody with { Deposits = bank }, town.Clock, NullLogger<ReceiveDeposits>.Instance);

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}

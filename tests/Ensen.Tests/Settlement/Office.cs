using Ensen.Banking;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Sandbox;
using Ensen.Sandbox.Gateways;
using Ensen.Settlement;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Settlement;

/// <summary>
/// Merchants who sell and are paid, on a fresh database with the sandbox's bank. When the test ends the books are looked through. The clock
/// begins on Monday 1 June 2026, noon.
/// </summary>
sealed class Office : Desk
{
    Office(TestDatabase test, Programme? programme)
        : base(test, programme)
    {
    }

    public Programme Programme => Get<Programme>();
    public SandboxPayOuts Bank => World.PayOuts;

    public static async Task<Office> Open(Engine engine, Programme? programme = null)
    {
        var office = new Office(await TestDatabase.Create(engine), programme);
        await office.LoadKeys();
        return office;
    }

    /// <summary>A store; of a new merchant of its name where none is given, who has an account unless told otherwise.</summary>
    public async Task<(MerchantId Merchant, StoreId Store)> Store(string name, MerchantId? of = null, bool account = true)
    {
        var opened = await Get<OpenStore>().Run(new OpenStoreRequest(name, name, Merchant: of), Ct);
        var store = opened.Value!.Store;
        if (account && of is null)
            (await Get<SandboxPayOutAccounts>().MakeUp(store.Merchant, Ct)).ShouldNotBeNull();
        return (store.Merchant, store.Id);
    }

    /// <summary>Somebody pays there.</summary>
    public async Task<PaymentId> Pay(StoreId store, long amount)
    {
        var who = Id.New<MemberId>(Clock);
        await Get<GeneralLedger>().Post(new Move(Id.New(Clock), Clock.GetUtcNow(),
            [new Leg(who, AccountType.Money, 0, amount), new Leg(Chart.Operator, AccountType.BankClearing, 0, -amount)]), Ct);
        var paid = await Get<Pay>().Run(new PayRequest(new Payer(who, true), new Payee(store, "-"), amount.Yen(), 0.Points(),
            PayWay.Direct, Initiator.Member(who), [Town.Key(who, null, "pay")], []), Ct);
        paid.Accepted.ShouldBeTrue(paid.Refusal.ToString());
        return paid.Value!.PaymentId;
    }

    public async Task Refund(PaymentId payment, StoreId store, long amount) =>
        (await Get<Refund>().Run(new RefundRequest(payment, [store], amount.Yen(), null, Initiator.Till(store),
            [Town.Key(store, null, "refund")]), Ct)).Accepted.ShouldBeTrue();

    /// <summary>What the programme does every few minutes, and all outside work that is due.</summary>
    public async Task Work(string? at = null)
    {
        if (at is not null)
            Clock.Set(at);
        await Get<CloseSettlements>().Run(Ct);
        await Get<Outbox>().RunDue(Ct);
    }

    public Task<IReadOnlyList<PayOutFileSeen>> Files() => Get<PayOutFiles>().List(null, Ct);

    public async Task<PayOutFileRow> File(PayOutFileId id) => (await Get<PayOutFiles>().Find(id, Ct))!.Value.Row;

    public Task<IReadOnlyList<SettlementSeen>> Settled(MerchantId merchant) => Get<Settlements>().List(merchant, 100, null, Ct);

    public async Task<SettlementSeen> Latest(MerchantId merchant) => (await Settled(merchant))[0];

    public async Task<OperatorId> Operator(string name, OperatorRoles roles = RoleNames.All) => (await Get<CreateOperator>().Run(
        new CreateOperatorRequest(name, name.ToLowerInvariant(), roles), Ct)).Value!.Account;

    public Task<Answer<PayOutAccount, ProposePayOutAccountRefusal>> Propose(MerchantId merchant, OperatorId by, string number = "7654321",
        string holder = "パンコウボウ", string reason = "New bank", string? key = null, string bank = "0005") =>
        Get<ProposePayOutAccount>().Run(new ProposePayOutAccountRequest(merchant, bank, "001", "ordinary", number, holder, reason, by, key), Ct);

    public Task<long> Balance(Guid owner, AccountType type) => Sum(owner, type);
}

namespace Ensen.Gateways;

/// <summary>
/// Stands where an installation has no gateway. It refuses what it is asked to do, and knows nothing of what was asked of another before:
/// that stays unknown until somebody is there who knows. It never takes, gives or sends anything.
/// </summary>
public sealed class NotSetUp : IBank, ICardCompany, IAtm, IMail, ITelephone, IIdentityCheck, IRewardPartner,
    ITransitCompany, ICreditCardCompany, IPayOutBank, IDepositBank
{
    public static readonly NotSetUp Gateway = new();

    static readonly Reply s_refused = Reply.Refused("not_available");

    NotSetUp()
    {
    }

    public Task<BankLinkReply> Link(BankLinkOrder order, CancellationToken ct) => Task.FromResult(new BankLinkReply(s_refused, null));
    public Task<Reply> Debit(BankDebit debit, CancellationToken ct) => Task.FromResult(s_refused);
    public Task<Reply> Credit(BankCredit credit, CancellationToken ct) => Task.FromResult(s_refused);
    public Task<Reply> AskCredit(Guid requestId, CancellationToken ct) => Task.FromResult(Reply.Unknown);
    public Task<RegisteredCard?> CardOf(Guid holder, CancellationToken ct) => Task.FromResult<RegisteredCard?>(null);
    public Task<CardholderProof> Authenticate(CardPurchase purchase, CancellationToken ct) =>
        Task.FromResult(new CardholderProof(s_refused, null));
    public Task<Reply> Charge(CardPurchase purchase, string? proof, CancellationToken ct) => Task.FromResult(s_refused);
    public Task<AtmTicket?> Expect(AtmExpectation expectation, CancellationToken ct) => Task.FromResult<AtmTicket?>(null);
    public Task<Reply> Send(Mail mail, CancellationToken ct) => Task.FromResult(Reply.Unknown);

    public Task<TransitLinkReply> Link(TransitLinkOrder order, CancellationToken ct) => Task.FromResult(new TransitLinkReply(s_refused));
    public Task<CreditCardLinkReply> Link(CreditCardLinkOrder order, CancellationToken ct) =>
        Task.FromResult(new CreditCardLinkReply(s_refused));
    public Task<Reply> Charge(TransitLoad load, CancellationToken ct) => Task.FromResult(s_refused);

    Task<Reply> ITransitCompany.Ask(Guid requestId, CancellationToken ct) => Task.FromResult(Reply.Unknown);
    Task<Reply> IBank.Ask(Guid requestId, CancellationToken ct) => Task.FromResult(Reply.Unknown);
    Task<Reply> ICardCompany.Ask(Guid requestId, CancellationToken ct) => Task.FromResult(Reply.Unknown);
    Task<AtmTicket?> IAtm.Ask(Guid requestId, CancellationToken ct) => Task.FromResult<AtmTicket?>(null);

    Task<RewardStanding> IRewardPartner.Ask(Guid orderId, CancellationToken ct) => Task.FromResult(new RewardStanding(Reply.Unknown));
    public Task<Reply> Issue(RewardIssue issue, CancellationToken ct) => Task.FromResult(s_refused);
    public Task<Reply> Void(Guid orderId, CancellationToken ct) => Task.FromResult(Reply.Unknown);

    // No file is made where there is no bank; one that was made before waits for a bank that knows of it.
    public Task<PayOutStanding> Send(PayOutOrder order, CancellationToken ct) => Task.FromResult(new PayOutStanding(Reply.Unknown));
    Task<PayOutStanding> IPayOutBank.Ask(Guid fileId, CancellationToken ct) => Task.FromResult(new PayOutStanding(Reply.Unknown));

    public Task<IReadOnlyList<BankDeposit>> Since(long number, CancellationToken ct) => Task.FromResult<IReadOnlyList<BankDeposit>>([]);

    public IReadOnlyList<string> Numbers => [];

    public Task<Reply> Begin(IdentityOrder order, CancellationToken ct) => Task.FromResult(s_refused);

    public void WhenReported(IdentityReported hear)
    {
        // Nobody ever reports.
    }

    public void WhenCreditNews(NewsOfRequest hear)
    {
        // Nobody ever calls.
    }

    public void WhenNews(NewsOfRequest hear)
    {
        // Nobody ever calls.
    }
}

using Ensen.Gateways;
using Ensen.Storage;

namespace Ensen.Sandbox.Gateways;

/// <summary>
/// The outside world to play with. It lives in the database, so restarts and other nodes see the same one, and it misbehaves when told to.
/// One per outbox: its call-backs are delivered by it.
/// </summary>
public sealed class SandboxGateways
{
    public SandboxGateways(Database db, Outbox outbox, TimeProvider clock)
    {
        Exchanges = new SandboxExchanges(db, clock);
        Moods = new SandboxFaults(db);
        SandboxRequests Requests(Gateway gateway) => new(gateway, db, outbox, Exchanges, clock);
        Bank = new SandboxBank(Requests(Gateway.Bank), Requests(Gateway.BankCredits), db, Exchanges);
        Card = new SandboxCardCompany(Requests(Gateway.Card), Requests(Gateway.ThreeDSecure));
        Atm = new SandboxAtm(db, outbox, Exchanges, clock);
        Mail = new SandboxMail(db, Exchanges, clock);
        Telephone = new SandboxTelephone(db, Exchanges);
        Identity = new SandboxIdentity(db, outbox, Exchanges, clock);
        Rewards = new SandboxRewards(Requests(Gateway.Rewards), db, Exchanges, clock);
        Transit = new SandboxTransit(Requests(Gateway.Transit), db, Exchanges);
        CreditCards = new SandboxCreditCards(db, Exchanges);
        PayOuts = new SandboxPayOuts(Requests(Gateway.PayOuts), db, Exchanges, clock);
        Deposits = new SandboxDeposits(db, clock);
    }

    public SandboxBank Bank { get; }
    public SandboxCardCompany Card { get; }
    public SandboxAtm Atm { get; }
    public SandboxMail Mail { get; }
    public SandboxTelephone Telephone { get; }
    public SandboxIdentity Identity { get; }
    public SandboxRewards Rewards { get; }
    public SandboxTransit Transit { get; }
    public SandboxCreditCards CreditCards { get; }
    public SandboxPayOuts PayOuts { get; }
    public SandboxDeposits Deposits { get; }
    public SandboxFaults Moods { get; }
    public SandboxExchanges Exchanges { get; }

    public ExternalGateways Outside => new(Bank, Card, Atm, Mail, Telephone, Identity)
    {
        Rewards = Rewards,
        Transit = Transit,
        CreditCard = CreditCards,
        PayOuts = PayOuts,
        Deposits = Deposits,
    };
}

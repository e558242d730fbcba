using Ensen.Banking;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>
/// The order of a charge to the outside, and the enquiry for as long as its outcome is unknown. It can be run any number of times, by
/// the member's own request, the dispatcher and a call-back at once: the outside acts once by the charge's id, and the outcome is booked
/// once.
/// </summary>
public sealed class ChargeWork(Database db, ExternalGateways outside, ChargeOutcome outcome, Programme programme)
{
    public const string Kind = "charge";

    /// <summary>
    /// Listens to the gateways' call-backs from now on, and returns what one of the outbox's items takes. Called once, at start.
    /// </summary>
    public Func<OutboxItem, CancellationToken, Task<OutboxResult>> Start()
    {
        outside.Bank.WhenNews(Hear);
        outside.Card.WhenNews(Hear);
        outside.Atm.WhenNews(Hear);
        return (item, ct) => Run(new ChargeId(item.Id), firstTime: item.Attempts == 1, ct);
    }

    Task Hear(Guid requestId, CancellationToken ct) => Run(new ChargeId(requestId), firstTime: false, ct);

    async Task<OutboxResult> Run(ChargeId id, bool firstTime, CancellationToken ct)
    {
        ChargeRow? charge;
        await using (var connection = await db.Connect(ct))
            charge = await Charges.Find(connection, id);
        if (charge is { State: ChargeState.Failed, EntryId: null })
            return await LookAgain(charge, ct);
        if (charge is not { State: ChargeState.Requested })
            return OutboxResult.Done;
        return charge.Source switch
        {
            ChargeSource.Bank => await Book(charge, await ByBank(charge, firstTime, ct), ct),
            ChargeSource.Card => await Book(charge, await ByCard(charge, firstTime, ct), ct),
            ChargeSource.Atm => await ByAtm(charge, ct),
        };
    }

    /// <summary>The outside has news of a charge that was given up: perhaps it gave the money after all.</summary>
    async Task<OutboxResult> LookAgain(ChargeRow charge, CancellationToken ct)
    {
        var reply = charge.Source switch
        {
            ChargeSource.Bank => await outside.Bank.Ask(charge.Id, ct),
            ChargeSource.Card => await outside.Card.Ask(charge.Id, ct),
            ChargeSource.Atm => Reply.Unseen,
        };
        var ticket = charge.Source == ChargeSource.Atm ? await outside.Atm.Ask(charge.Id, ct) : null;
        var arrived = ticket is { Phase: AtmPhase.Deposited } ? ticket.Deposited
            : reply.Kind == ReplyKind.Accepted ? charge.AskedYen
            : Yen.Zero;
        if (arrived > Yen.Zero)
            await outcome.Complete(charge, arrived, ct);
        return OutboxResult.Done;
    }

    async Task<Reply> ByBank(ChargeRow charge, bool firstTime, CancellationToken ct)
    {
        var reply = firstTime ? Reply.Unseen : await outside.Bank.Ask(charge.Id, ct);
        if (reply.Kind != ReplyKind.Unseen)
            return reply;
        return await TokenFor(charge, ct) is { } token
            ? await outside.Bank.Debit(new BankDebit(charge.Id, token, charge.AskedYen), ct)
            : Reply.Refused("no_bank_account");
    }

    /// <summary>What the bank calls the account to take from; a gift of the sandbox's comes from an account of its own.</summary>
    async Task<string?> TokenFor(ChargeRow charge, CancellationToken ct)
    {
        if (charge.IsGift)
            return "gift";
        await using var connection = await db.Connect(ct);
        return (await BankAccounts.ForCharges(connection, charge.MemberId))?.Token;
    }

    async Task<Reply> ByCard(ChargeRow charge, bool firstTime, CancellationToken ct)
    {
        var reply = firstTime ? Reply.Unseen : await outside.Card.Ask(charge.Id, ct);
        if (reply.Kind != ReplyKind.Unseen)
            return reply;
        if (await outside.Card.CardOf(charge.MemberId, ct) is not { } card)
            return Reply.Refused("no_card");
        var purchase = new CardPurchase(charge.Id, card.Token, charge.AskedYen);
        var holder = await outside.Card.Authenticate(purchase, ct);
        return holder.Reply.Kind switch
        {
            ReplyKind.Accepted => await outside.Card.Charge(purchase, holder.Proof, ct),
            ReplyKind.Refused => Reply.Refused("three_d_secure_refused"),
            _ => Reply.Unknown,
        };
    }

    async Task<OutboxResult> Book(ChargeRow charge, Reply reply, CancellationToken ct)
    {
        switch (reply.Kind)
        {
            case ReplyKind.Accepted:
                await outcome.Complete(charge, charge.AskedYen, ct);
                return OutboxResult.Done;
            case ReplyKind.Refused:
                await outcome.Fail(charge, reply.Reason ?? "refused", ct);
                return OutboxResult.Done;
            default:
                return OutboxResult.Later;
        }
    }

    async Task<OutboxResult> ByAtm(ChargeRow charge, CancellationToken ct)
    {
        var until = charge.At.AddMinutes(programme.Charges.AtmMinutes);
        var ticket = await outside.Atm.Ask(charge.Id, ct)
            ?? await outside.Atm.Expect(new AtmExpectation(charge.Id, charge.AskedYen, until), ct);
        switch (ticket?.Phase)
        {
            case AtmPhase.Deposited:
                await outcome.Complete(charge, ticket.Deposited, ct);
                return OutboxResult.Done;
            case AtmPhase.Lapsed:
                await outcome.Fail(charge, "lapsed", ct);
                return OutboxResult.Done;
            default:
                return OutboxResult.Later;
        }
    }
}

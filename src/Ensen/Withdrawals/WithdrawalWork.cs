using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Storage;

namespace Ensen.Withdrawals;

/// <summary>
/// Asks the bank to pay a withdrawal, and for as long as it has not said what became of it, asks that. It can be run any number of times at
/// once, by whoever took it on, the dispatcher and a call of the bank's: the bank pays once by the withdrawal's id, and it ends once. No
/// answer is no refusal: the money stays aside until the bank says so.
/// </summary>
public sealed class WithdrawalWork(Database db, ExternalGateways outside, EndWithdrawal end)
{
    public const string Kind = "withdrawal";

    /// <summary>
    /// Listens to the bank's calls from now on, and returns what one of the outbox's items takes. Called once, at start.
    /// </summary>
    public Func<OutboxItem, CancellationToken, Task<OutboxResult>> Start()
    {
        outside.Bank.WhenCreditNews((id, ct) => Run(new WithdrawalId(id), firstTime: false, ct));
        return (item, ct) => Run(new WithdrawalId(item.Id), firstTime: item.Attempts == 1, ct);
    }

    async Task<OutboxResult> Run(WithdrawalId id, bool firstTime, CancellationToken ct)
    {
        Withdrawal? found;
        await using (var connection = await db.Connect(ct))
            found = await OwnWithdrawals.Find(connection, id);
        if (found is null)
            return OutboxResult.Done;
        var reply = firstTime ? Reply.Unseen : await outside.Bank.AskCredit(id, ct);
        if (reply.Kind == ReplyKind.Unseen && found.Ended is null)
            reply = await outside.Bank.Credit(new BankCredit(id, found.Row.Token, found.Row.AmountYen), ct);
        if (!reply.Known)
            return found.Ended is null ? OutboxResult.Later : OutboxResult.Done;
        await end.Run(found.Row, reply, ct);
        return OutboxResult.Done;
    }
}

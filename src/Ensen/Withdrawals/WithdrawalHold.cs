using System.Data.Common;
using Ensen.Banking;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Withdrawals;

/// <summary>
/// What an entry needs so that money of a member's goes to their bank account once: it is set aside under the withdrawal, room is kept for
/// it to come back, and the bank is asked after the commit. <see cref="WithdrawalWork"/> ends it, whoever began it.
/// </summary>
public sealed class WithdrawalHold(BankAccount account, Yen amount, WithdrawalId id, DateTimeOffset now, Outbox outbox)
{
    public IReadOnlyList<Leg> Legs { get; } =
        [Leg.Of(account.Member, AccountType.Money, -amount), Leg.Of(id, AccountType.WithdrawalTransit, amount)];

    public LimitUse Room { get; } = LimitUse.OnTheWay(account.Member, amount.Value);

    public EntryDetail Detail { get; } = WithdrawalRow.Table.Row(new WithdrawalRow(
        id, account.Member, account.Id, account.Token, account.BankName, account.LastFour, amount, now.ToUnixTimeMilliseconds()));

    /// <summary>In the entry's own transaction.</summary>
    public Task Ask(DbTransaction tx) => outbox.Add(tx, id, WithdrawalWork.Kind, "");
}

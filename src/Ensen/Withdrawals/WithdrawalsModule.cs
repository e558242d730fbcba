using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Withdrawals;

/// <summary>Money that members take to bank accounts of their own.</summary>
public static class WithdrawalsModule
{
    const string Sealed = "sealed with its entry in the books: as long as the books are kept";

    static readonly AccountType s_transit = new(47, "WithdrawalTransit", Unit.Yen) { IsGuarded = true, Claim = Claim.OnItsWay };
    static readonly EntryKind s_withdrawal = new(60, "Withdrawal", WithdrawalId.Prefix, "bank");
    static readonly EntryKind s_paid = new(61, "WithdrawalPaid", EntryId.Prefix, "bank");
    static readonly EntryKind s_return = new(62, "WithdrawalReturn", EntryId.Prefix, "refund");
    static readonly EntryKind s_contradicted = new(63, "WithdrawalContradicted", EntryId.Prefix, "refund");
    static readonly SingleUseKind s_ended = new(50, "WithdrawalEnded", "the end of {0}", WithdrawalId.Prefix);
    static readonly SingleUseKind s_again = new(51, "WithdrawalAnsweredAgain", "what contradicts the end of {0}", WithdrawalId.Prefix);

    extension(AccountType)
    {
        /// <summary>What lies aside until the bank has paid it: its member's no more. The owner is the withdrawal.</summary>
        public static AccountType WithdrawalTransit => s_transit;
    }

    extension(EntryKind)
    {
        /// <summary>Money left a wallet for a bank account.</summary>
        public static EntryKind Withdrawal => s_withdrawal;

        /// <summary>The bank paid it; it names the entry that set it aside, as the next two do.</summary>
        public static EntryKind WithdrawalPaid => s_paid;

        /// <summary>The bank did not, and the money is back.</summary>
        public static EntryKind WithdrawalReturn => s_return;

        /// <summary>The bank said the contrary of what it had said first.</summary>
        public static EntryKind WithdrawalContradicted => s_contradicted;
    }

    extension(SingleUseKind)
    {
        /// <summary>The bank's first answer. Subject: the withdrawal; number: 0, and once more which it was.</summary>
        public static SingleUseKind WithdrawalEnded => s_ended;

        /// <summary>That it said the contrary later. Subject: the withdrawal.</summary>
        public static SingleUseKind WithdrawalAnsweredAgain => s_again;
    }

    /// <summary>It may still come back.</summary>
    public static LeavingObstacle WithdrawalPending { get; } = new("withdrawal_pending", "/withdraw",
        async (connection, tx, member, _) => await connection.ExecuteScalarAsync<long>(
            $"""
            select count(*)
            from withdrawal w
            where w.member = @member and not exists (
                select 1 from single_use u where u.subject = w.entry_id and u.kind = {s_ended.Number} and u.number = 0
            )
            """, new { member }, tx) > 0);

    public static Module Module { get; } = new("Withdrawals")
    {
        Declares =
        [
            Schema.Of(typeof(WithdrawalsModule)),
            IdPrefix.Of<WithdrawalId>(),
            s_transit, s_withdrawal, s_paid, s_return, s_contradicted, s_ended, s_again,
            PersonalTable.Exported("withdrawal", "withdrawals", "member = @member order by entry_id desc")
                .Id<WithdrawalId>("entry_id", "withdrawalId").Number("amount_yen").Text("bank_name").Text("last_four").Moment("at_ms")
                .Without("member", "bank_account", "token").Kept(Sealed),
            WithdrawalPending,
            new ClaimHolder(s_transit, "select entry_id as owner, member as holder from withdrawal"),
            WithdrawalChecks.MayComeBack,
            .. WithdrawalChecks.All, .. WithdrawalChecks.DetailChecks,
            new OutboxWork(WithdrawalWork.Kind, services => services.GetRequiredService<WithdrawalWork>().Start()),
        ],
        Services = services => services
            .AddSingleton<Withdraw>()
            .AddSingleton<WithdrawalLimits>()
            .AddSingleton<EndWithdrawal>()
            .AddSingleton<WithdrawalWork>()
            .AddSingleton<OwnWithdrawals>(),
    };
}

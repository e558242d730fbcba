using Ensen.Banking;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;

namespace Ensen.Withdrawals;

/// <summary>How a withdrawal stands, for its member.</summary>
public enum WithdrawalState
{
    /// <summary>The money is set aside, and the bank has not said what became of it.</summary>
    UnderWay = 1,

    /// <summary>The bank paid it.</summary>
    Paid = 2,

    /// <summary>The bank did not, and the money is back.</summary>
    GivenBack = 3,

    /// <summary>The bank paid it, and later it came back to us.</summary>
    CameBack = 4,
}

/// <summary>What the bank's answer ended a withdrawal with. The numbers are stored.</summary>
public enum WithdrawalEnding : short
{
    Paid = 1,
    GivenBack = 2,

    /// <summary>What had been paid came back, and is the member's money again.</summary>
    CameBack = 3,

    /// <summary>The same, and the member has left or has no room for it: it lies in suspense.</summary>
    CameBackToSuspense = 4,

    /// <summary>The bank paid what it had refused and the member has back: somebody has to look.</summary>
    PaidAfterAll = 5,
}

/// <summary>A withdrawal as it is sealed with the entry that set its money aside.</summary>
/// <param name="Token">The bank's own name for the account, as it was linked then.</param>
public sealed record WithdrawalRow(
    WithdrawalId EntryId, MemberId Member, BankAccountId BankAccount, string Token, string BankName, string LastFour, Yen AmountYen,
    long AtMs)
{
    internal static DetailTable<WithdrawalRow> Table { get; } = new DetailTable<WithdrawalRow>("withdrawal")
        .Uuid("entry_id", w => w.EntryId)
        .Uuid("member", w => w.Member)
        .Uuid("bank_account", w => w.BankAccount)
        .Text("token", w => w.Token)
        .Text("bank_name", w => w.BankName)
        .Text("last_four", w => w.LastFour)
        .Yen("amount_yen", w => w.AmountYen)
        .Bigint("at_ms", w => w.AtMs);

    public DateTimeOffset At => Instant.OfMilliseconds(AtMs);

    /// <summary>As a mail names the account: bank and last digits.</summary>
    public string Told => $"{BankName} ****{LastFour}";
}

/// <summary>
/// What the bank said of a withdrawal, as it is sealed with its entry; <paramref name="How"/> is a <see cref="WithdrawalEnding"/>.
/// </summary>
public sealed record WithdrawalEndRow(EntryId EntryId, WithdrawalId Withdrawal, Yen AmountYen, short How, string? Reason, long AtMs)
{
    /// <summary>What it said first.</summary>
    internal static DetailTable<WithdrawalEndRow> Ends { get; } = Of("withdrawal_end");

    /// <summary>That it said the contrary later.</summary>
    internal static DetailTable<WithdrawalEndRow> Contradictions { get; } = Of("withdrawal_contradiction");

    public WithdrawalEnding Ending => (WithdrawalEnding)How;

    static DetailTable<WithdrawalEndRow> Of(string table) => new DetailTable<WithdrawalEndRow>(table)
        .Uuid("entry_id", e => e.EntryId)
        .Uuid("withdrawal", e => e.Withdrawal)
        .Yen("amount_yen", e => e.AmountYen)
        .Smallint("how", e => e.How)
        .Text("reason", e => e.Reason)
        .Bigint("at_ms", e => e.AtMs);
}

/// <summary>A withdrawal and what the bank said of it; null while it has not said anything.</summary>
/// <param name="Contradicted">What it said later, contrary to that.</param>
public sealed record Withdrawal(
    WithdrawalRow Row, WithdrawalEnding? Ended, string? Reason, DateTimeOffset? EndedAt, WithdrawalEnding? Contradicted)
{
    public WithdrawalState State => Contradicted is WithdrawalEnding.CameBack or WithdrawalEnding.CameBackToSuspense
        ? WithdrawalState.CameBack
        : Ended switch
        {
            null => WithdrawalState.UnderWay,
            WithdrawalEnding.Paid => WithdrawalState.Paid,
            _ => WithdrawalState.GivenBack,
        };

    /// <summary>Yen that lie, or are missing, in suspense because of it: an operator corrects that.</summary>
    public bool IsInSuspense => Contradicted is WithdrawalEnding.CameBackToSuspense or WithdrawalEnding.PaidAfterAll;
}

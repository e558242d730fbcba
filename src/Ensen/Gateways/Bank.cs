using Ensen.Basics;

namespace Ensen.Gateways;

/// <summary>
/// Links bank accounts of members, takes money from them and pays money to them. The id of a request makes the bank do it once, however
/// often it is sent.
/// </summary>
public interface IBank
{
    /// <summary>
    /// Asks whether the account is there, is the holder's and may be drawn from. Sent again with the same id it answers as before.
    /// </summary>
    Task<BankLinkReply> Link(BankLinkOrder order, CancellationToken ct);

    /// <summary>Takes the amount from the account. Sent again with the same id it answers as before.</summary>
    Task<Reply> Debit(BankDebit debit, CancellationToken ct);

    /// <summary>What became of a debit; takes nothing.</summary>
    Task<Reply> Ask(Guid requestId, CancellationToken ct);

    /// <summary>Whom to ring when the bank calls back. Registered once, at start.</summary>
    void WhenNews(NewsOfRequest hear);

    /// <summary>Pays the amount to the account. Sent again with the same id it answers as before.</summary>
    Task<Reply> Credit(BankCredit credit, CancellationToken ct);

    /// <summary>What became of a credit; pays nothing. A bank may say later that what it had paid came back to it.</summary>
    Task<Reply> AskCredit(Guid requestId, CancellationToken ct);

    /// <summary>Whom to ring when the bank calls back about a credit. Registered once, at start.</summary>
    void WhenCreditNews(NewsOfRequest hear);
}

/// <summary>A linked bank account: the bank's own token, and what a member recognises it by. The number itself is not kept.</summary>
public sealed record LinkedAccount(string Token, string BankName, string LastFour);

/// <summary>An order to link an account: its number as banks write it, and its holder in kana.</summary>
public sealed record BankLinkOrder(
    Guid RequestId, string BankCode, string BranchCode, string Kind, string Number, string HolderKana);

/// <summary>
/// What the bank said to that. Refused, the reason is one of <c>no_such_account</c>, <c>holder_mismatch</c>, <c>refused_by_bank</c>.
/// </summary>
public sealed record BankLinkReply(Reply Reply, LinkedAccount? Account);

/// <summary>An order to take money from a linked account.</summary>
public sealed record BankDebit(Guid RequestId, string AccountToken, Yen Amount);

/// <summary>An order to pay money to a linked account.</summary>
public sealed record BankCredit(Guid RequestId, string AccountToken, Yen Amount);

using Ensen.Basics;

namespace Ensen.Gateways;

/// <summary>
/// Takes money from bank accounts that members have linked. The id of a request makes the bank do it once, however often it is sent.
/// </summary>
public interface IBank
{
    /// <summary>The account this member has linked, or null.</summary>
    Task<LinkedAccount?> AccountOf(Guid holder, CancellationToken ct);

    /// <summary>Takes the amount from the account. Sent again with the same id it answers as before.</summary>
    Task<Reply> Debit(BankDebit debit, CancellationToken ct);

    /// <summary>What became of a debit; takes nothing.</summary>
    Task<Reply> Ask(Guid requestId, CancellationToken ct);

    /// <summary>Whom to ring when the bank calls back. Registered once, at start.</summary>
    void WhenNews(NewsOfRequest hear);
}

/// <summary>A linked bank account: the bank's own token, and what a member recognises it by. The number itself never reaches us.</summary>
public sealed record LinkedAccount(string Token, string BankName, string LastFour);

/// <summary>An order to take money from a linked account.</summary>
public sealed record BankDebit(Guid RequestId, string AccountToken, Yen Amount);

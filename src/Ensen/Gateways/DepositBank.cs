using Ensen.Basics;

namespace Ensen.Gateways;

/// <summary>
/// The bank at which each company's account here has a number of its own (a virtual account): it tells what came for which number.
/// </summary>
public interface IDepositBank
{
    /// <summary>What came after the one with this number, in the bank's order; some at a time, none when there are no more.</summary>
    Task<IReadOnlyList<BankDeposit>> Since(long number, CancellationToken ct);
}

/// <summary>
/// Money that came for an account. The bank's id is for ever that of this one; its number rises, and says which come after.
/// </summary>
/// <param name="Payer">Who paid it in, as the bank writes it.</param>
public sealed record BankDeposit(Guid Id, long Number, string Account, Yen Amount, string Payer);

using Ensen.Basics;
using Ensen.Businesses;
using Ensen.Ledger;
using Ensen.Members;

namespace Ensen.Compliance;

/// <summary>All that customers had a claim to in accounts of one type.</summary>
public sealed record ClaimSum(AccountType AccountType, Yen Amount);

/// <summary>What one member held, of each sort, or one company.</summary>
public sealed record Holding(MemberId Member, Yen Money, Yen Prepaid, Yen OnItsWay)
{
    /// <summary>The company whose account it is; null: it is a member's.</summary>
    public string? Company { get; init; }

    /// <summary>Of the member, or of the company's account.</summary>
    public string HolderId => Company is null ? Member.ToString() : new BusinessId(Member.Value).ToString();

    /// <summary>Who holds more than that has to be looked at (Payment Services Act, article 51).</summary>
    public static readonly Yen Above = new(1_000_000);

    public Yen Total => Money + Prepaid + OnItsWay;
}

/// <summary>What customers had a claim to when a day in Japan was over; of today, what they have now.</summary>
/// <param name="IsOver">The day is over: asked again, the answer is the same.</param>
public sealed record ClaimsOfDay(JapanDay Day, bool IsOver, IReadOnlyList<ClaimSum> Sums)
{
    /// <summary>What is owed from transfers of funds, by the words of article 43 (docs/decisions/0051).</summary>
    public static bool IsTransfer(AccountType type) => type.Claim is Claim.Money or Claim.OnItsWay or Claim.Payee or Claim.Unplaced;

    public Yen FromTransfers => Sums.Where(s => IsTransfer(s.AccountType)).Sum(s => s.Amount);

    public Yen Prepaid => Sums.Where(s => s.AccountType.Claim == Claim.Prepaid).Sum(s => s.Amount);
}

/// <summary>Why there is no report.</summary>
public enum ClaimsReportRefusal
{
    None = 0,

    /// <summary>The day is still to come.</summary>
    InvalidRequest = 1,

    /// <summary>History of that time was taken away before the day was closed.</summary>
    NotAvailable = 2,
}

using System.Data.Common;
using Dapper;
using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>
/// All accounts of one type together, in its unit. One account fits in 64 bits; what was forged in many must not overflow their sum.
/// </summary>
/// <param name="AccountType">Null for a number that is not in the chart of accounts: somebody wrote it into the table.</param>
public sealed record TrialBalanceLine(short Number, AccountType? AccountType, long Accounts, Int128 Balance);

/// <summary>Every account type's total. Yen sum to zero, points sum to zero.</summary>
public sealed record TrialBalance(IReadOnlyList<TrialBalanceLine> Lines)
{
    public static async Task<TrialBalance> Read(DbConnection connection, Catalogue catalogue) =>
        new([.. (await connection.QueryAsync<(short Number, long Accounts, long High, long Low)>(
        """
        select account_type, count(*) as accounts, cast(sum(balance >> 20) as bigint) as high, cast(sum(balance & 1048575) as bigint) as low
        from account
        group by account_type
        order by account_type
        """)).Select(b => new TrialBalanceLine(b.Number, catalogue.Numbers<AccountType>().Find(b.Number), b.Accounts, ((Int128)b.High << 20) + b.Low))]);

    public Int128 Sum(Unit unit) => Lines.Where(l => l.AccountType?.Unit == unit).Aggregate(Int128.Zero, (sum, line) => sum + line.Balance);

    public Int128 Of(AccountType accountType) => Lines.FirstOrDefault(l => l.AccountType == accountType)?.Balance ?? 0;
}

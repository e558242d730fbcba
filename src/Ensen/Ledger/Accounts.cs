using System.Data.Common;
using Dapper;
using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>What somebody holds now, read beside the writers.</summary>
public static class Accounts
{
    /// <summary>A member's money and prepaid value together.</summary>
    public static async Task<Yen> YenOf(DbConnection connection, Guid member, DbTransaction? tx = null) =>
        new(await connection.ExecuteScalarAsync<long>(
            "select cast(coalesce(sum(balance), 0) as bigint) from account where owner = @member and account_type in (@money, @prepaid)",
            new { member, money = (short)AccountType.Money, prepaid = (short)AccountType.Prepaid }, tx));
}

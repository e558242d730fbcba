using System.Data.Common;
using Dapper;
using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>What somebody holds now, read beside the writers.</summary>
public static class Accounts
{
    /// <summary>What an owner's accounts of these types hold together, in their unit.</summary>
    public static Task<long> Sum(DbConnection connection, Guid owner, IReadOnlyList<AccountType> types, DbTransaction? tx = null) =>
        connection.ExecuteScalarAsync<long>(
            $"""
            select cast(coalesce(sum(balance), 0) as bigint)
            from account
            where owner = @owner
              and account_type in ({string.Join(", ", types.Select(t => t.Number))})
            """,
            new { owner }, tx);
}

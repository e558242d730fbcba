using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;
using Microsoft.Data.Sqlite;

namespace Ensen.Ledger;

/// <summary>
/// One thing that always holds: a query that finds the rows for which it does not, each as one line of text a person can look up.
/// </summary>
/// <param name="Name">The invariant's tag (docs/operating/verify.md), and words that say without it what holds.</param>
public sealed record Check(string Name, Func<SqlDialect, string> Sql) : IDeclared
{
    /// <summary>Of each check so many broken rows are named.</summary>
    internal const int MostRows = 10;

    /// <summary>A statement over all of history may take so many seconds.</summary>
    internal const int LongTime = 3_600;

    /// <summary>
    /// Materialized: a limit alone asks PostgreSQL for a plan that has some rows soon, and then it walks all of a store's postings for each
    /// of its payments, until it has found ten. None is broken, so it walks them all.
    /// </summary>
    internal string Limited(SqlDialect words) => $"with b as materialized ({Sql(words)}) select b.line from b limit {MostRows}";

    /// <summary>Returns the first broken rows, ids and accounts as <see cref="IdPlaceholder"/>s; empty when all is well.</summary>
    public async Task<IReadOnlyList<string>> BrokenRows(DbConnection connection, Database db, DateTimeOffset now)
    {
        try
        {
            return (await connection.QueryAsync<string>(new CommandDefinition(
                Limited(new SqlDialect(db.Engine, db.Catalogue, now)), commandTimeout: LongTime))).AsList();
        }
        catch (DbException e) when (e is SqliteException { SqliteErrorCode: 1 }
            && e.Message.Contains("integer overflow", StringComparison.Ordinal))
        {
            return ["an amount is so large that they cannot be added: " + e.Message];
        }
    }
}

/// <summary>
/// The invariants of accounts (I1 to I3 of the design); what holds of each entry is in <see cref="HistoryChecks"/>, and other modules add
/// theirs.
/// </summary>
public static class LedgerChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new("I1 each account has an account type of the chart of accounts", w =>
            $"""
            select {w.Account()} || ' holds ' || balance as line
            from account
            where account_type not in {w.AccountTypes(_ => true)}
            """),
        new("I1 each account with a floor is one row, where the writers look for it", w =>
            $"select {w.Account()} || ' is in stripe ' || stripe as line from account where account_type in {w.AccountTypes(t => t is { IsGuarded: true, IsPool: false })} and stripe <> 0"),
        new("I1 each pool lies in the stripes in which the writers look for it", w =>
            $"select {w.Account()} || ' is in stripe ' || stripe as line from account where account_type in {w.AccountTypes(t => t.IsPool)} and (stripe < 0 or stripe >= {PoolState.Stripes})"),
        new("I2 no account of a member is below zero", w =>
            $"select {w.Account()} || ' holds ' || balance as line from account where account_type in {w.AccountTypes(t => t.IsGuarded)} and balance < 0"),
        new("I3 each balance is the sum of its postings", w =>
            $"""
            select {w.Account()} || ' holds ' || {w.Sum("held")} || ', its postings say ' || {w.Sum("posted")} as line
            from (
              select owner, account_type, term, balance as held, 0 as posted from account
              union all
              select owner, account_type, term, 0 as held, amount as posted from posting
              union all
              select owner, account_type, term, 0 as held, amount as posted from carried
            ) both_sides
            group by owner, account_type, term
            having {w.Sum("held")} <> {w.Sum("posted")}
            """),
        new("I7 each restriction is of a kind that writers know, and says by whom it was lifted", w =>
            $"""
            select {w.Owner("subject")} || ' is under a restriction of kind ' || kind as line
            from restriction
            where kind not in ({string.Join(", ", w.Numbers<RestrictionKind>())})
            union all
            select {w.Owner("subject")} || ' was under a restriction that was lifted by nobody, or at no time' as line
            from restriction
            where (lifted_ms is null) <> (lifted_by is null) or (lifted_ms is null) <> (lifted_by_kind is null)
              or (lifted_ms is null) <> (lifted_why is null)
            """),
    ];
}

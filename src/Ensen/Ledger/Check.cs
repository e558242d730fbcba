using System.Data.Common;
using Dapper;
using Ensen.Storage;
using Microsoft.Data.Sqlite;

namespace Ensen.Ledger;

/// <summary>One thing that always holds: a query that finds the rows for which it does not, each as one line of text a person can look up.</summary>
/// <param name="Name">The invariant's tag (docs/operating/verify.md), and words that say without it what holds.</param>
public sealed record Check(string Name, Func<CheckWords, string> Sql)
{
    const int MostRows = 10;

    /// <summary>Returns the first broken rows, ids and accounts as <see cref="Mark"/>s; empty when all is well.</summary>
    public async Task<IReadOnlyList<string>> BrokenRows(DbConnection connection, Engine engine)
    {
        try
        {
            return (await connection.QueryAsync<string>(new CommandDefinition(
                $"select b.line from ({Sql(new CheckWords(engine))}) b limit {MostRows}", commandTimeout: 3_600))).AsList();
        }
        catch (DbException e) when (e is SqliteException { SqliteErrorCode: 1 } && e.Message.Contains("integer overflow", StringComparison.Ordinal))
        {
            return ["an amount is so large that they cannot be added: " + e.Message];
        }
    }
}

/// <summary>The invariants of the books themselves (I1 to I4 of the design); other modules add theirs.</summary>
public static class LedgerChecks
{
    static readonly string s_pointBooks = In(Chart.Books.Where(b => b.Unit() == Unit.Point));

    public static IReadOnlyList<Check> All { get; } =
    [
        new("I1 the legs of each entry sum to zero, in yen and in points", w =>
            $"""
            select {w.Entry("entry_id")} || ' sums to ' || cast({w.Sum("amount")} as text) as line
            from posting
            group by entry_id, case when book in {s_pointBooks} then 2 else 1 end
            having {w.Sum("amount")} <> 0
            """),
        new("I1 each posting belongs to an entry, and each entry has postings", w =>
            $"""
            select 'a posting belongs to ' || {w.Entry("p.entry_id")} || ', which does not exist' as line
            from posting p
            left join entry e on e.id = p.entry_id
            where e.id is null
            union all
            select {w.Entry("e.id")} || ' has no postings' as line
            from entry e
            left join (select distinct entry_id from posting) p on p.entry_id = e.id
            where p.entry_id is null
            """),
        new("I1 each account has a book of the chart of accounts", w =>
            $"""
            select {w.Account()} || ' holds ' || balance as line
            from account
            where book not in {In(Chart.Books)}
            """),
        new("I2 no account of a member is below zero", w =>
            $"select {w.Account()} || ' holds ' || balance as line from account where book in {In(Chart.Books.Where(Chart.IsGuarded))} and balance < 0"),
        new("I3 each balance is the sum of its postings", w =>
            $"""
            select {w.Account()} || ' holds ' || {w.Sum("held")} || ', its postings say ' || {w.Sum("posted")} as line
            from (
              select owner, book, term, balance as held, 0 as posted from account
              union all
              select owner, book, term, 0 as held, amount as posted from posting
              union all
              select owner, book, term, 0 as held, amount as posted from carried
            ) both_sides
            group by owner, book, term
            having {w.Sum("held")} <> {w.Sum("posted")}
            """),
        new("I8 what may happen once only names the entry with which it happened", w =>
            $"""
            select {w.Fact("f.kind", "f.subject")} || ' names ' || {w.Entry("f.entry_id")} || ', which does not exist' as line
            from fact f
            left join entry e on e.id = f.entry_id
            where e.id is null
              and {Here("f.entry_id")}
            """),
    ];

    static string In(IEnumerable<Book> books) => $"({string.Join(", ", books.Select(b => (short)b))})";

    /// <summary>A condition on an entry's id: its month was not taken away (docs/operating/months.md).</summary>
    internal static string Here(string id) => $"not exists (select 1 from detached_month d where {id} < d.until)";
}

using System.Data.Common;
using Dapper;

namespace Ensen.Ledger;

/// <summary>All accounts of one book together, in the book's unit.</summary>
public sealed record TrialBalanceLine(Book Book, long Accounts, long Balance);

/// <summary>Every book's total. Yen sum to zero, points sum to zero.</summary>
public sealed record TrialBalance(IReadOnlyList<TrialBalanceLine> Lines)
{
    public static async Task<TrialBalance> Read(DbConnection connection) => new((await connection.QueryAsync<TrialBalanceLine>(
        """
        select book, count(*) as accounts, cast(sum(balance) as bigint) as balance
        from account
        group by book
        order by book
        """)).AsList());

    public long Sum(Unit unit) => Lines.Where(l => l.Book.Unit() == unit).Sum(l => l.Balance);

    public long Of(Book book) => Lines.FirstOrDefault(l => l.Book == book)?.Balance ?? 0;
}

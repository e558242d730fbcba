using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;

namespace Ensen.Compliance;

/// <summary>
/// What customers have a claim to, out of the ledger: what accounts hold less what entries from an id on brought. One statement is one
/// look, so what is posted meanwhile is in both or in neither, and what comes out is what the entries before that id made.
/// </summary>
sealed class ClaimsSql(Catalogue catalogue)
{
    readonly IReadOnlyList<AccountType> _types =
        [.. catalogue.All<AccountType>().Where(t => t.Unit == Unit.Yen && t.Claim != Claim.Ours).OrderBy(t => t.Number)];

    /// <param name="until">The first id that is left out; null for all that there is.</param>
    public async Task<IReadOnlyList<ClaimSum>> Sums(DbConnection connection, EntryId? until, CancellationToken ct) =>
        [.. (await connection.QueryAsync<(short AccountType, long Amount)>(Command(SumsUntil(until is not null), until, ct)))
            .Select(s => new ClaimSum(catalogue.Numbered<AccountType>(s.AccountType), new Yen(s.Amount)))];

    /// <summary>Who holds more than <see cref="Holding.Above"/>, the most first.</summary>
    public async Task<IReadOnlyList<Holding>> Holdings(DbConnection connection, EntryId? until, CancellationToken ct) =>
        [.. (await connection.QueryAsync<(MemberId Member, long Money, long Prepaid, long OnItsWay)>(
            Command(HoldingsUntil(until is not null), until, ct)))
            .Select(h => new Holding(h.Member, new Yen(h.Money), new Yen(h.Prepaid), new Yen(h.OnItsWay)))];

    static CommandDefinition Command(string sql, EntryId? until, CancellationToken ct) =>
        new(sql, new { until = until ?? default, above = Holding.Above.Value }, commandTimeout: Check.LongTime, cancellationToken: ct);

    /// <summary>Sums by account type. An owner who owes us takes nothing from what we owe to others.</summary>
    internal string SumsUntil(bool ends, string until = "@until") =>
        $"""
        select account_type, cast(sum(case when amount > 0 then amount else 0 end) as bigint) as amount_yen
        from (select owner, account_type, sum(amount) as amount from ({Moved(_types, ends, until)}) m group by owner, account_type) a
        group by account_type
        order by account_type
        """;

    string HoldingsUntil(bool ends)
    {
        IReadOnlyList<AccountType> Of(params Claim[] claims) => [.. _types.Where(t => claims.Contains(t.Claim))];
        var others = catalogue.All<ClaimHolder>().ToList();
        var own = Of(Claim.Money, Claim.Prepaid, Claim.OnItsWay).Where(t => others.All(o => o.AccountType != t)).ToList();
        var parts = others.Select(o =>
            $"select h.holder, m.account_type, m.amount from ({Moved([o.AccountType], ends, "@until")}) m "
            + $"join ({o.Sql}) h on h.owner = m.owner")
            .Prepend($"select owner as holder, account_type, amount from ({Moved(own, ends, "@until")}) m");
        return
            $"""
            select holder, {Sum(Of(Claim.Money))} as money, {Sum(Of(Claim.Prepaid))} as prepaid, {Sum(Of(Claim.OnItsWay))} as on_its_way
            from ({string.Join(" union all ", parts)}) held
            group by holder
            having sum(amount) > @above
            order by sum(amount) desc, holder
            """;
    }

    static string Sum(IReadOnlyList<AccountType> types) =>
        $"cast(coalesce(sum(case when account_type in ({Numbers(types)}) then amount else 0 end), 0) as bigint)";

    static string Moved(IReadOnlyList<AccountType> types, bool ends, string until) =>
        $"select owner, account_type, balance as amount from account where account_type in ({Numbers(types)})"
        + (!ends ? "" : " union all select owner, account_type, -amount as amount from posting "
            + $"where entry_id >= {until} and account_type in ({Numbers(types)})");

    static string Numbers(IEnumerable<AccountType> types) =>
        string.Join(", ", types.Select(t => t.Number).DefaultIfEmpty((short)-1));
}

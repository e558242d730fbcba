using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Compliance;

/// <summary>
/// What customers had a claim to at the end of any day: of days that were closed as it was written down then, of others (today, and days
/// before the first that was closed) from the ledger.
/// </summary>
public sealed class ClosedClaims(Database db, TimeProvider clock)
{
    internal const string LastClosed = "last-claims-closed";

    readonly ClaimsSql _sql = new(db.Catalogue);

    public async Task<Answer<ClaimsOfDay, ClaimsReportRefusal>> Of(JapanDay day, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var (refusal, isOver, closed) = await Find(connection, day);
        if (refusal != ClaimsReportRefusal.None) return refusal;
        var sums = closed is { } as_of
            ? [.. (await connection.QueryAsync<(short AccountType, long Amount)>(
                "select account_type, amount_yen from closed_claim where day = @as_of order by account_type", new { as_of }))
                .Select(s => new ClaimSum(db.Catalogue.Numbered<AccountType>(s.AccountType), new Yen(s.Amount)))]
            : await _sql.Sums(connection, Until(day, isOver), ct);
        return new ClaimsOfDay(day, isOver, sums);
    }

    /// <summary>Who held more than <see cref="Holding.Above"/> then, the most first.</summary>
    public async Task<Answer<IReadOnlyList<Holding>, ClaimsReportRefusal>> Holdings(JapanDay day, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var (refusal, isOver, closed) = await Find(connection, day);
        if (refusal != ClaimsReportRefusal.None) return refusal;
        List<Holding> holdings = closed is { } as_of
            ? [.. (await connection.QueryAsync<(MemberId Holder, long Money, long Prepaid, long OnItsWay)>(
                "select holder, money_yen, prepaid_yen, on_its_way_yen from closed_holding where day = @as_of order by holder",
                new { as_of }))
                .Select(h => new Holding(h.Holder, new Yen(h.Money), new Yen(h.Prepaid), new Yen(h.OnItsWay)))
                .OrderByDescending(h => h.Total)]
            : [.. await _sql.Holdings(connection, Until(day, isOver), ct)];
        return holdings;
    }

    /// <summary>Whether the day can be told, whether it is over, and as of which closed day; null where none tells it.</summary>
    async Task<(ClaimsReportRefusal Refusal, bool IsOver, int? Closed)> Find(DbConnection connection, JapanDay day)
    {
        var today = JapanDay.Of(clock.GetUtcNow());
        if (day > today) return (ClaimsReportRefusal.InvalidRequest, false, null);
        var last = await Setting.Read(connection, LastClosed) is { } iso ? JapanDay.Parse(iso) : (JapanDay?)null;
        if (day <= last && await connection.ExecuteScalarAsync<int?>(
            "select max(day) from closed_day where day <= @Number", new { day.Number }) is { } closed)
            return (ClaimsReportRefusal.None, true, closed);
        var away = await connection.QueryFirstOrDefaultAsync<Guid>("select until from detached_month order by month desc limit 1");
        var isAway = away.CompareTo(Id.First(day.Next.Start)) > 0;
        return (isAway ? ClaimsReportRefusal.NotAvailable : ClaimsReportRefusal.None, day < today, null);
    }

    static EntryId? Until(JapanDay day, bool isOver) => isOver ? Id.First<EntryId>(day.Next.Start) : null;
}

using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>Money, prepaid value and points together, each in its own unit.</summary>
public readonly record struct MonthAmounts(long Money, long Prepaid, long Points)
{
    public static MonthAmounts operator +(MonthAmounts a, MonthAmounts b) =>
        new(a.Money + b.Money, a.Prepaid + b.Prepaid, a.Points + b.Points);

    public static MonthAmounts operator -(MonthAmounts a, MonthAmounts b) =>
        new(a.Money - b.Money, a.Prepaid - b.Prepaid, a.Points - b.Points);
}

/// <summary>What all movements of one kind brought in a month, or took: of one kind there may be a line of either.</summary>
public sealed record MonthLine(EntryKind Kind, bool IsIn, MonthAmounts Amounts);

/// <summary>
/// A member's month by the ledger: what was brought forward, what came in and went out by kind, what is carried forward. Points are those
/// in lots, also of a lot whose last day is over until it lapses, which is a movement of its own.
/// </summary>
public sealed record MonthStatement(MonthAmounts Brought, IReadOnlyList<MonthLine> Lines, MonthAmounts Carried);

/// <summary>Adds a member's month up from the ledger's statement of their accounts, all of it as of one instant.</summary>
public sealed class MonthStatements(Database db)
{
    const int Bite = 1_000;

    /// <param name="from">The first instant of the month.</param>
    /// <param name="until">That of the next one.</param>
    public async Task<MonthStatement> Of(MemberId member, DateTimeOffset from, DateTimeOffset until, CancellationToken ct = default)
    {
        await using var look = await Snapshot.Take(db, ct);
        async Task<long> Held(params AccountType[] types) => await Accounts.Sum(look.Connection, member, types, look.Tx);
        var carried = new MonthAmounts(await Held(AccountType.Money), await Held(AccountType.Prepaid),
            await Held(AccountType.Points, AccountType.CampaignPoints, AccountType.ChargeOnlyPoints));
        var (start, end) = (from.ToUnixTimeMilliseconds(), until.ToUnixTimeMilliseconds());
        var lines = new Dictionary<(EntryKind Kind, bool IsIn), MonthAmounts>();
        for (EntryId? before = null; ;)
        {
            var page = await Statement.Of(look.Connection, db.Catalogue, member, before, Bite, look.Tx);
            // What the page's end may have cut is read whole on the next one.
            var whole = page.Count < Bite ? page.Count : page.TakeWhile(l => l.EntryId != page[^1].EntryId).Count();
            foreach (var line in page.Take(whole).TakeWhile(l => l.AtMs >= start))
                if (line.AtMs >= end)
                    carried -= Of(line);
                else
                    lines[(line.Kind, line.Amount > 0)] = lines.GetValueOrDefault((line.Kind, line.Amount > 0)) + Of(line);
            if (page.Count < Bite || whole == 0 || page[whole - 1].AtMs < start)
                break;
            before = page[whole - 1].EntryId;
        }
        return new MonthStatement(
            lines.Values.Aggregate(carried, (brought, line) => brought - line),
            [.. lines.Where(l => l.Value != default).OrderBy(l => !l.Key.IsIn).ThenBy(l => l.Key.Kind.Number)
                .Select(l => new MonthLine(l.Key.Kind, l.Key.IsIn, l.Value))],
            carried);
    }

    static MonthAmounts Of(StatementLine line) =>
        line.AccountType == AccountType.Money ? new(line.Amount, 0, 0)
        : line.AccountType == AccountType.Prepaid ? new(0, line.Amount, 0)
        : line.AccountType == AccountType.Points || line.AccountType == AccountType.CampaignPoints
            || line.AccountType == AccountType.ChargeOnlyPoints ? new(0, 0, line.Amount)
        : default;
}

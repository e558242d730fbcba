using System.Globalization;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Points;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>
/// One movement as a member sees it. <paramref name="Yen"/> and <paramref name="Points"/> are signed, and points that cannot be spent yet
/// come in when they can; <paramref name="Balance"/> is money
/// and prepaid afterwards, null when the movement was of points alone. <paramref name="Party"/>: the store, or the other member,
/// empty where that one has left.
/// </summary>
public sealed record HistoryItem(EntryId EntryId, EntryKind Kind, DateTimeOffset At, string? Party, ChargeSource? ChargedBy, Yen Yen,
    PointAmount Points, Yen? Balance)
{
    /// <summary>The store and what it sells, for its picture; null when no store took part.</summary>
    public StoreId? StoreId { get; init; }
    public string? Category { get; init; }

    /// <summary>What stands beside it: what the sender of a transfer wrote, why something was corrected.</summary>
    public string? Note { get; init; }

    /// <summary>The entry that set this one right for the member; null when none did.</summary>
    public EntryId? CorrectedBy { get; init; }

    /// <summary>The charge that this entry booked: it was taken on under this id, before there was an entry.</summary>
    public ChargeId? ChargeId { get; init; }
}

/// <summary>
/// One movement whole: its legs at the member; a payment's refunds, the oldest first; the entry that it corrects: a refund its payment.
/// </summary>
public sealed record HistoryDetails(HistoryItem Item, IReadOnlyList<Leg> Legs, IReadOnlyList<RefundRow> Refunds, EntryId? Corrects)
{
    /// <summary>What was refunded, of a movement that is a refund itself.</summary>
    public RefundRow? Refunded { get; init; }
}

/// <summary>A member's movements, newest first.</summary>
public sealed class History(Database db)
{
    public const int Most = 100;

    readonly IReadOnlyList<DetailCheck> _notes = [.. db.Catalogue.All<DetailCheck>().Where(d => d.NoteColumn is not null)];
    readonly IReadOnlyList<DetailCheck> _parties = [.. db.Catalogue.All<DetailCheck>().Where(d => d.PartyName is not null)];

    // A page is cut from the member's postings first; everything else is looked up for the entries on it.
    string Movements =>
        $"""
        select p.entry_id, p.account_type, p.amount, p.balance_after, e.kind, e.at_ms, s.id as store_id, s.name as store_name, s.category,
               coalesce({string.Concat(_notes.Select((d, i) => $"n{i}.{d.NoteColumn}, "))}null) as note,
               coalesce({string.Concat(_parties.Select((d, i) => $"{string.Format(CultureInfo.InvariantCulture, d.PartyName!, $"d{i}")}, "))}null) as party_name,
               case when t.from_member = @memberId then receiver.name else sender.name end as member_name, c.source as charge_source,
               c.id as charge_id, (
                 select u.entry_id
                 from single_use u
                 where u.subject = e.id
                   and u.kind = {SingleUseKind.EntryCorrected.Number}
                   and u.number = 0
                   and exists (select 1 from posting g where g.owner = @memberId and g.entry_id = u.entry_id)
               ) as corrected_by
        from (

        """;

    string OfPage =>
        $"""

        ) page
        join posting p on p.owner = @memberId and p.entry_id = page.entry_id
        join entry e on e.id = p.entry_id
        left join store s on s.id = e.store_id
        left join transfer t on t.entry_id = e.id
        left join member sender on sender.id = t.from_member
        left join member receiver on receiver.id = t.to_member
        left join charge c on c.entry_id = e.id
        {string.Join("\n", _notes.Select((d, i) => $"left join {d.Table} n{i} on n{i}.entry_id = e.id"))}
        {string.Join("\n", _parties.Select((d, i) => $"left join {d.Table} d{i} on d{i}.entry_id = e.id"))}
        order by p.entry_id desc, p.leg
        """;

    /// <param name="before">Only movements older than this one; null for the newest page.</param>
    public Task<IReadOnlyList<HistoryItem>> Of(MemberId memberId, EntryId? before, int limit, CancellationToken ct = default) =>
        Read(
            Movements +
            """
            select distinct entry_id
            from posting
            where owner = @memberId
              and entry_id < @before
            order by entry_id desc
            limit @limit
            """ + OfPage,
            new { memberId, before = before ?? Guid.AllBitsSet, limit }, ct);

    /// <summary>The same for movements of some kinds, or of all where <paramref name="kinds"/> is null.</summary>
    /// <param name="from">Only movements from this one on; null for all.</param>
    public Task<IReadOnlyList<HistoryItem>> Of(
        MemberId memberId, IReadOnlyList<EntryKind>? kinds, EntryId? before, EntryId? from, int limit, CancellationToken ct = default) =>
        Read(
            Movements +
            $"""
            select distinct q.entry_id
            from posting q
            {(kinds is null ? "" : $"join entry f on f.id = q.entry_id and f.kind in ({string.Join(", ", kinds.Select(k => k.Number))})")}
            where q.owner = @memberId
              and q.entry_id < @before
              and q.entry_id >= @from
            order by q.entry_id desc
            limit @limit
            """ + OfPage,
            new { memberId, before = before ?? Guid.AllBitsSet, from = from ?? Guid.Empty, limit }, ct);

    /// <summary>One movement; null when it is none of the member's.</summary>
    /// <param name="id">The entry's id, or the charge's that it booked.</param>
    public async Task<HistoryItem?> One(MemberId memberId, Guid id, CancellationToken ct = default)
    {
        var entryId = await EntryOf(memberId, id, ct);
        return (await Read(
            Movements +
            """
            select entry_id
            from posting
            where owner = @memberId
              and entry_id = @entryId
            limit 1
            """ + OfPage,
            new { memberId, entryId }, ct)).SingleOrDefault();
    }

    /// <summary>One movement with all that belongs to it; null when it is none of the member's.</summary>
    /// <param name="id">The entry's id, or the charge's that it booked.</param>
    public async Task<HistoryDetails?> Whole(MemberId memberId, Guid id, CancellationToken ct = default)
    {
        if (await One(memberId, id, ct) is not { } item)
            return null;
        await using var connection = await db.Connect(ct);
        return new HistoryDetails(
            item, await Statement.Legs(connection, db.Catalogue, memberId, item.EntryId),
            item.Kind == EntryKind.Payment ? await Payments.RefundsOf(connection, new PaymentId(item.EntryId)) : [],
            (await Statement.Head(connection, db.Catalogue, item.EntryId))?.Corrects)
        {
            Refunded = item.Kind == EntryKind.Refund ? await Payments.FindRefund(connection, new RefundId(item.EntryId)) : null,
        };
    }

    /// <summary>The entry that people know by this id: a charge is known by its own, which is older than its entry's.</summary>
    public async Task<EntryId> EntryOf(MemberId memberId, Guid id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Charges.EntryOf(connection, memberId, id) ?? new EntryId(id);
    }

    /// <summary>
    /// The members that this one sent money to lately, the latest first. Looked for in the newest movements only, so it is quick however
    /// long the history is.
    /// </summary>
    public async Task<IReadOnlyList<MemberId>> SentTo(MemberId memberId, int limit, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var receivers = await connection.QueryAsync<MemberId>(
            """
            select t.to_member
            from (
                select distinct entry_id
                from posting
                where owner = @memberId
                order by entry_id desc
                limit 200
            ) newest
            join transfer t on t.entry_id = newest.entry_id
            where t.from_member = @memberId
            order by newest.entry_id desc
            """, new { memberId });
        return [.. receivers.Distinct().Take(limit)];
    }

    async Task<IReadOnlyList<HistoryItem>> Read(string sql, object values, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return [.. (await connection.QueryAsync<Row>(sql, values)).GroupBy(r => r.EntryId).Select(Item)];
    }

    HistoryItem Item(IGrouping<EntryId, Row> legs)
    {
        var first = legs.First();
        var yen = legs.Where(l => UnitOf(l) == Unit.Yen).ToList();
        return new HistoryItem(
            first.EntryId, db.Catalogue.Numbered<EntryKind>(first.Kind), DateTimeOffset.FromUnixTimeMilliseconds(first.AtMs),
            first.StoreName ?? first.PartyName ?? first.MemberName, (ChargeSource?)first.ChargeSource,
            new Yen(yen.Sum(l => l.Amount)),
            new PointAmount(legs.Where(l => UnitOf(l) == Unit.Point && !IsPending(l)).Sum(l => l.Amount)),
            yen.FirstOrDefault()?.BalanceAfter is { } after ? new Yen(after) : null)
        {
            StoreId = first.StoreId,
            Category = first.Category,
            Note = first.Note,
            CorrectedBy = first.CorrectedBy,
            ChargeId = first.ChargeId,
        };
    }

    static bool IsPending(Row leg) => leg.AccountType == AccountType.PendingPoints.Number;

    Unit UnitOf(Row leg) => db.Catalogue.Numbered<AccountType>(leg.AccountType).Unit;

    sealed record Row(
        EntryId EntryId, short AccountType, long Amount, long? BalanceAfter, short Kind, long AtMs, StoreId? StoreId, string? StoreName,
        string? Category, string? Note, string? PartyName,
        string? MemberName, short? ChargeSource, ChargeId? ChargeId, EntryId? CorrectedBy);
}

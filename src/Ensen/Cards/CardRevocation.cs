using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Cards;

/// <summary>How far a revocation is. The numbers are stored.</summary>
public enum CardRevocationState : short
{
    Proposed = 1,
    Approved = 2,
    Withdrawn = 3,
}

/// <summary>
/// Leaked numbers that are to be taken out of use, or are. <paramref name="Unread"/>: lines that were no number of a card.
/// </summary>
/// <param name="ProposedBy">The first of the two people, as <see cref="Staff.FourEyes"/> keeps persons.</param>
/// <param name="Cards">Cards of members that it took out of use; while it is proposed: that it would.</param>
/// <param name="Told">How many of their members were told.</param>
/// <param name="Known">While it is proposed: numbers that another revocation has taken out of use already.</param>
public sealed record CardRevocation(
    CardRevocationId Id, CardRevocationState State, string Reason, int Numbers, int Unread, string ProposedBy, DateTimeOffset ProposedAt,
    long Cards, long Told, long Known);

/// <summary>Revocations as operators see them.</summary>
public sealed class CardRevocations(Database db)
{
    const int Most = 50;

    /// <summary>The latest, the newest first.</summary>
    public async Task<IReadOnlyList<CardRevocation>> Latest(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Read(connection, "card_revocation.id is not null", new { Most });
    }

    /// <summary>How many cards of each issuer are registered and in use.</summary>
    public async Task<IReadOnlyDictionary<string, long>> InUse(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<(string Issuer, long Cards)>(
            "select issuer, count(*) from point_card where number_hash is not null group by issuer order by issuer limit 1000"))
            .ToDictionary(row => row.Issuer, row => row.Cards);
    }

    /// <summary>How many revocations wait for a second person.</summary>
    public async Task<int> CountWaiting(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.ExecuteScalarAsync<int>("select count(*) from card_revocation where state = 1");
    }

    internal static async Task<CardRevocation?> Find(DbConnection connection, CardRevocationId id) =>
        await Read(connection, "card_revocation.id = @id", new { id, Most }) is [var only] ? only : null;

    static async Task<IReadOnlyList<CardRevocation>> Read(DbConnection connection, string which, object values) =>
        [.. (await connection.QueryAsync<Row>(
            $"""
            select card_revocation.id, card_revocation.state, card_revocation.reason, card_revocation.numbers, card_revocation.unread,
                   card_revocation.proposed_by, card_revocation.proposed_ms,
                   case when card_revocation.state = 1
                     then (select count(*) from card_revocation_number
                       join point_card on point_card.number_hash = card_revocation_number.number_hash
                       where card_revocation_number.revocation = card_revocation.id)
                     else (select count(*) from point_card where point_card.revocation = card_revocation.id) end as cards,
                   (select count(*) from point_card
                     where point_card.revocation = card_revocation.id and point_card.revocation_told_ms is not null) as told,
                   case when card_revocation.state = 1
                     then (select count(*) from card_revocation_number
                       join revoked_card_number on revoked_card_number.number_hash = card_revocation_number.number_hash
                       where card_revocation_number.revocation = card_revocation.id)
                     else 0 end as known
            from card_revocation
            where {which}
            order by card_revocation.id desc
            limit @Most
            """, values)).Select(r => new CardRevocation(r.Id, (CardRevocationState)r.State, r.Reason, r.Numbers, r.Unread, r.ProposedBy,
                DateTimeOffset.FromUnixTimeMilliseconds(r.ProposedMs), r.Cards, r.Told, r.Known))];

    sealed record Row
    {
        public CardRevocationId Id { get; init; }
        public short State { get; init; }
        public string Reason { get; init; } = "";
        public int Numbers { get; init; }
        public int Unread { get; init; }
        public string ProposedBy { get; init; } = "";
        public long ProposedMs { get; init; }
        public long Cards { get; init; }
        public long Told { get; init; }
        public long Known { get; init; }
    }
}

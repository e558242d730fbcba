using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Cards;

/// <summary>
/// Numbers that are taken out of use. A card whose number is revoked loses it, so that it earns nothing, is listed nowhere and has no bars;
/// points that are being taken over from it still arrive, for they are the member's.
/// </summary>
public sealed class RevokedCards(Database db, IPointCardIssuers issuers, Outbox outbox, TimeProvider clock)
{
    /// <summary>So many members are told before it is looked again who is left.</summary>
    const int AtOnce = 500;

    /// <summary>Whether nobody may register this number.</summary>
    internal static async Task<bool> Has(DbConnection connection, byte[] hash, DbTransaction? tx = null) =>
        await connection.ExecuteScalarAsync<int?>(
            "select 1 from revoked_card_number where number_hash = @hash", new { hash }, tx) is not null;

    /// <summary>Takes the numbers of a revocation out of use, in the transaction that decides it.</summary>
    internal async Task TakeOut(DbTransaction tx, CardRevocationId id)
    {
        await tx.Connection!.ExecuteAsync(
            """
            insert into revoked_card_number (number_hash, revocation)
            select number_hash, revocation
            from card_revocation_number
            where revocation = @id
            order by number_hash
            on conflict (number_hash) do nothing
            """, new { id }, tx);
        await Sweep(tx);
    }

    /// <summary>
    /// Does what is left to do: a card that was registered, or whose number came by a reload, in the same moment; members who are not told
    /// yet. Whoever does it at once with another does the rest: a card is marked once, and its member told once.
    /// </summary>
    public async Task CarryOn(CancellationToken ct = default)
    {
        await db.Transact(tx => Sweep(tx), ct);
        while (await Tell(ct) > 0)
            ct.ThrowIfCancellationRequested();
        outbox.Wake();
    }

    /// <summary>Cards with such a number lose it. What is being migrated (2) is marked when its points are here.</summary>
    Task Sweep(DbTransaction tx) => tx.Connection!.ExecuteAsync(
        """
        update point_card
        set revocation = (select revoked_card_number.revocation from revoked_card_number
              where revoked_card_number.number_hash = point_card.number_hash),
            state = case when state = 2 then 2 else 5 end,
            number_hash = null,
            changed_ms = @at
        where number_hash in (select number_hash from revoked_card_number)
        """, new { at = clock.GetUtcNow().ToUnixTimeMilliseconds() }, tx);

    async Task<int> Tell(CancellationToken ct)
    {
        List<(PointCardId Id, MemberId Member, string Issuer, string LastFour)> cards;
        await using (var connection = await db.Connect(ct))
            cards = (await connection.QueryAsync<(PointCardId, MemberId, string, string)>(
                """
                select id, member_id, issuer, last_four
                from point_card
                where revocation is not null and revocation_told_ms is null
                order by id
                limit @AtOnce
                """, new { AtOnce })).AsList();
        if (cards.Count == 0)
            return 0;
        var now = clock.Now();
        await db.Transact(async tx =>
        {
            foreach (var card in cards)
                if (await tx.Connection!.ExecuteAsync(
                    "update point_card set revocation_told_ms = @at where id = @Id and revocation_told_ms is null",
                    new { card.Id, at = now.ToUnixTimeMilliseconds() }, tx) == 1)
                    await CardNotice.Add(tx, outbox, issuers, NoticeKind.CardRevoked, card.Member, card.Issuer, card.LastFour, now);
        }, ct);
        return cards.Count;
    }
}

/// <summary>What a member is told of a card: its issuer's name in the member's language, and the last digits.</summary>
static class CardNotice
{
    public static async Task Add(
        DbTransaction tx, Outbox outbox, IPointCardIssuers issuers, NoticeKind what, MemberId member, string issuer, string lastFour,
        DateTimeOffset now)
    {
        if (await MemberDirectory.Read(tx.Connection!, member, tx) is not { } told || Notice.Of(what, told, at: now) is not { } notice)
            return;
        var name = issuers.All.FirstOrDefault(i => i.Code == issuer)?.NameIn(Languages.Nearest(told.Language)) ?? issuer;
        await (notice with { Account = $"{name} ****{lastFour}" }).Add(outbox, tx, Id.New(now));
    }
}

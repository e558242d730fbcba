using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Cards;

/// <summary>
/// A member's point cards, as they stand with their issuers now: a reissued number is the new one, a lapsed card is gone.
/// </summary>
public sealed class OwnPointCards(Database db, IPointCardIssuers issuers, CardNumbers numbers, TimeProvider clock)
{
    const int Most = 100;

    /// <summary>An issuer that is slow holds nobody up: its cards are shown as they are known.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    public async Task<IReadOnlyList<PointCard>> Reload(MemberId member, CancellationToken ct = default)
    {
        var cards = await Known(member, ct);
        await Task.WhenAll(cards.Select(card => Reload(card, ct)));
        return await Known(member, ct);
    }

    /// <summary>One card, once its issuer was asked whether another of the member's is the same under an earlier number.</summary>
    internal async Task<PointCard?> AfterOthers(MemberId member, PointCardId id, CancellationToken ct)
    {
        await Task.WhenAll((await Known(member, ct)).Where(card => card.Id != id).Select(card => Reload(card, ct)));
        return await Find(member, id, ct);
    }

    /// <summary>The cards as they are known here, without asking anybody.</summary>
    public async Task<IReadOnlyList<PointCard>> Known(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<PointCard>(
            """
            select id, member_id, issuer, number_secret, last_four, state
            from point_card
            where member_id = @member and number_hash is not null
            order by id
            limit @Most
            """, new { member, Most })).AsList();
    }

    /// <summary>One card of the member's; null when it is none.</summary>
    public async Task<PointCard?> Find(MemberId member, PointCardId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await CardNumbers.Find(connection, member, id);
    }

    /// <summary>What a card's own points were when they were taken over.</summary>
    public async Task<PointAmount> Brought(PointCard card, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return new PointAmount(await connection.ExecuteScalarAsync<long>(
            "select coalesce(sum(points), 0) from card_migration where card_id = @Id", new { card.Id }));
    }

    async Task Reload(PointCard card, CancellationToken ct)
    {
        if (card.State == PointCardState.Migrating || numbers.Read(card) is not { } number)
            return;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(s_patience);
        PointCardFinding? finding;
        try
        {
            finding = await issuers.Reload(card.Issuer, number, patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return;
        }
        if (finding?.Standing is PointCardStanding.Lapsed)
            await db.Transact(tx => Change(tx, "state = 4, number_hash = null", new { card.Id, at = Now }), ct);
        else if (finding?.ReissuedAs is { } reissued)
            await Renumber(card, reissued, ct);
    }

    /// <summary>
    /// The card has another number now. Where that was typed in before, by whomever, it is a card already, and of the old one nothing is
    /// left; in the same account its points came along with the old one.
    /// </summary>
    async Task Renumber(PointCard card, string reissued, CancellationToken ct)
    {
        var values = new
        {
            card.Id,
            at = Now,
            hash = numbers.Hash(card.Issuer, reissued),
            secret = numbers.Protect(reissued),
            last = reissued[^4..],
        };
        try
        {
            await db.Transact(async tx =>
            {
                if (await tx.Connection!.ExecuteScalarAsync<int?>(
                    "select 1 from point_card where number_hash = @hash and id <> @Id", values, tx) is null)
                    return await Change(tx, "number_hash = @hash, number_secret = @secret, last_four = @last", values);
                await tx.Connection!.ExecuteAsync(
                    """
                    update point_card
                    set state = 3, changed_ms = @at
                    where number_hash = @hash and id <> @Id and state = 1
                      and exists (select 1 from point_card o where o.id = @Id and o.state = 3 and o.member_id = point_card.member_id)
                    """, values, tx);
                return await Change(tx, "state = 4, number_hash = null", values);
            }, ct);
        }
        catch (DbException e) when (db.IsDuplicate(e))
        {
            // It is being typed in at this moment; the next look finds it.
        }
    }

    static Task<int> Change(DbTransaction tx, string set, object values) => tx.Connection!.ExecuteAsync(
        $"update point_card set {set}, changed_ms = @at where id = @Id and state in (1, 3) and number_hash is not null", values, tx);

    long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();
}

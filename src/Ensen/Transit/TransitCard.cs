using System.Data.Common;
using Dapper;
using Ensen.Gateways;
using Ensen.Members;

namespace Ensen.Transit;

/// <summary>
/// A transit card that a member linked. <paramref name="Card"/> is the hash of its number, <paramref name="Token"/> the transit company's
/// own name for it; its rides count from <paramref name="CountsFromMs"/> until it is removed.
/// </summary>
public sealed record TransitCard(
    TransitCardId Id, MemberId Member, Guid Card, string Token, string LastFour, TransitCardForm Form, long LinkedMs, long CountsFromMs,
    long LookMs, long? RemovedMs, bool Lapsed)
{
    /// <summary>As people see it: the number is not shown.</summary>
    public string Masked => $"****{LastFour}";

    internal bool Counts(long atMs) => atMs >= CountsFromMs && (RemovedMs is null || atMs < RemovedMs);
}

/// <summary>Reading linked transit cards.</summary>
public static class TransitCards
{
    const string Columns =
        "id, member, card, token, last_four, form, linked_ms, counts_from_ms, look_ms, removed_ms, lapsed";

    /// <summary>Those that are linked, and those whose registration lapsed; the latest first.</summary>
    public static async Task<IReadOnlyList<TransitCard>> Of(DbConnection connection, MemberId member, DbTransaction? tx = null) =>
        (await connection.QueryAsync<TransitCard>(
            $"""
            select {Columns}
            from transit_card
            where member = @member and (removed_ms is null or lapsed = @yes)
            order by linked_ms desc, id desc
            limit 100
            """, new { member, yes = true }, tx)).AsList();

    /// <summary>All that the member ever linked: their rides of old months are shown by these.</summary>
    internal static async Task<IReadOnlyList<TransitCard>> Ever(DbConnection connection, MemberId member) =>
        (await connection.QueryAsync<TransitCard>(
            $"select {Columns} from transit_card where member = @member order by linked_ms desc, id desc limit 500", new { member })).AsList();

    /// <summary>The links of the cards from one to another, in the order of the cards.</summary>
    internal static async Task<IReadOnlyList<TransitCard>> Between(DbConnection connection, Guid after, Guid last) =>
        (await connection.QueryAsync<TransitCard>(
            $"select {Columns} from transit_card where card > @after and card <= @last order by card, linked_ms", new { after, last })).AsList();

    internal static Task<TransitCard?> Find(DbConnection connection, TransitCardId id, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<TransitCard?>($"select {Columns} from transit_card where id = @id", new { id }, tx);

    public static Task Insert(DbTransaction tx, TransitCard card) => tx.Connection!.ExecuteAsync(
        """
        insert into transit_card (id, member, card, token, last_four, form, linked_ms, counts_from_ms, look_ms, lapsed)
        values (@Id, @Member, @Card, @Token, @LastFour, @form, @LinkedMs, @CountsFromMs, @LookMs, @Lapsed)
        """,
        new
        {
            card.Id,
            card.Member,
            card.Card,
            card.Token,
            card.LastFour,
            form = (short)card.Form,
            card.LinkedMs,
            card.CountsFromMs,
            card.LookMs,
            card.Lapsed,
        }, tx);

    /// <summary>Takes the card for the member; false when it is somebody's. Of any number at once one gets it.</summary>
    public static async Task<bool> Claim(DbTransaction tx, TransitCard card) => await tx.Connection!.ExecuteAsync(
        """
        insert into transit_card_claim (card, transit_card, member)
        values (@Card, @Id, @Member)
        on conflict (card) do nothing
        """,
        new { card.Card, card.Id, card.Member }, tx) == 1;

    /// <summary>Ends a link, and lets the card be linked again; false when it had ended.</summary>
    internal static async Task<bool> End(DbTransaction tx, TransitCardId id, long now, bool lapsed)
    {
        if (await tx.Connection!.ExecuteAsync(
            "update transit_card set removed_ms = @now, lapsed = @lapsed where id = @id and removed_ms is null", new { id, now, lapsed }, tx) == 0)
            return false;
        await tx.Connection!.ExecuteAsync("delete from transit_card_claim where transit_card = @id", new { id }, tx);
        return true;
    }
}

using System.Data.Common;
using Dapper;
using Ensen.Members;

namespace Ensen.CreditCards;

/// <summary>
/// A credit card that a member linked. <paramref name="Card"/> is a hash of the card company's own name for it; its purchases count from
/// <paramref name="CountsFromMs"/> until it is removed.
/// </summary>
public sealed record CreditCard(
    CreditCardId Id, MemberId Member, Guid Card, string Brand, string LastFour, long LinkedMs, long CountsFromMs, long? RemovedMs)
{
    /// <summary>As people see it.</summary>
    public string Masked => $"{Brand} ****{LastFour}";

    internal bool Counts(long atMs) => atMs >= CountsFromMs && (RemovedMs is null || atMs < RemovedMs);
}

/// <summary>Reading linked credit cards.</summary>
public static class LinkedCreditCards
{
    const string Columns = "id, member, card, brand, last_four, linked_ms, counts_from_ms, removed_ms";

    /// <summary>Those that are linked, the latest first.</summary>
    public static async Task<IReadOnlyList<CreditCard>> Of(DbConnection connection, MemberId member, DbTransaction? tx = null) =>
        (await connection.QueryAsync<CreditCard>(
            $"""
            select {Columns}
            from credit_card
            where member = @member and removed_ms is null
            order by linked_ms desc, id desc
            limit 100
            """, new { member }, tx)).AsList();

    /// <summary>All that the member ever linked: their purchases of old months are shown by these.</summary>
    internal static async Task<IReadOnlyList<CreditCard>> Ever(DbConnection connection, MemberId member) =>
        (await connection.QueryAsync<CreditCard>(
            $"select {Columns} from credit_card where member = @member order by linked_ms desc, id desc limit 500",
            new { member })).AsList();

    /// <summary>The links of the cards from one to another, in the order of the cards.</summary>
    internal static async Task<IReadOnlyList<CreditCard>> Between(DbConnection connection, Guid after, Guid last) =>
        (await connection.QueryAsync<CreditCard>(
            $"select {Columns} from credit_card where card > @after and card <= @last order by card, linked_ms, id",
            new { after, last })).AsList();

    /// <summary>Everybody's links of one card, in their order.</summary>
    internal static async Task<IReadOnlyList<CreditCard>> OfCard(DbConnection connection, Guid card) =>
        (await connection.QueryAsync<CreditCard>(
            $"select {Columns} from credit_card where card = @card order by linked_ms, id", new { card })).AsList();

    internal static Task<CreditCard?> Find(DbConnection connection, CreditCardId id, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<CreditCard?>($"select {Columns} from credit_card where id = @id", new { id }, tx);

    public static Task Insert(DbTransaction tx, CreditCard card) => tx.Connection!.ExecuteAsync(
        """
        insert into credit_card (id, member, card, brand, last_four, linked_ms, counts_from_ms)
        values (@Id, @Member, @Card, @Brand, @LastFour, @LinkedMs, @CountsFromMs)
        """, card, tx);

    /// <summary>Takes the card for the member; false when it is somebody's. Of any number at once one gets it.</summary>
    public static async Task<bool> Claim(DbTransaction tx, CreditCard card) => await tx.Connection!.ExecuteAsync(
        """
        insert into credit_card_claim (card, credit_card, member)
        values (@Card, @Id, @Member)
        on conflict (card) do nothing
        """, new { card.Card, card.Id, card.Member }, tx) == 1;

    /// <summary>Ends a link, and lets the card be linked again; false when it had ended.</summary>
    internal static async Task<bool> End(DbTransaction tx, CreditCardId id, long now)
    {
        if (await tx.Connection!.ExecuteAsync(
            "update credit_card set removed_ms = @now where id = @id and removed_ms is null", new { id, now }, tx) == 0)
            return false;
        await tx.Connection!.ExecuteAsync("delete from credit_card_claim where credit_card = @id", new { id }, tx);
        return true;
    }
}

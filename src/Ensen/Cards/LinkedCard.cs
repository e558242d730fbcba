using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Members;

namespace Ensen.Cards;

/// <summary>
/// A card of another company's that a member linked to their account. <paramref name="Card"/> is a hash of its number, or of its company's
/// name for it; what it brings counts from <paramref name="CountsFromMs"/> until it is removed.
/// </summary>
public abstract record LinkedCard<TId>(
    TId Id, MemberId Member, Guid Card, string LastFour, long LinkedMs, long CountsFromMs, long? RemovedMs)
    where TId : struct, ITypedId<TId>
{
    internal bool Counts(long atMs) => atMs >= CountsFromMs && (RemovedMs is null || atMs < RemovedMs);
}

/// <summary>
/// The linked cards of one kind: the table of their links, and that of the claims, by which one card is one account's.
/// </summary>
/// <param name="own">Columns that this kind has beyond those of all.</param>
public sealed class CardLinks<TCard, TId>(string table, params IReadOnlyList<string> own)
    where TCard : LinkedCard<TId>
    where TId : struct, ITypedId<TId>
{
    // In the order of the record's parameters.
    readonly IReadOnlyList<string> _columns =
        ["id", "member", "card", "last_four", "linked_ms", "counts_from_ms", "removed_ms", .. own];

    string Columns => string.Join(", ", _columns);

    /// <summary>What the table is called.</summary>
    internal string Table => table;

    /// <summary>Those that are linked, the latest first.</summary>
    public async Task<IReadOnlyList<TCard>> Of(DbConnection connection, MemberId member, DbTransaction? tx = null) =>
        [.. (await Ever(connection, member, tx)).Where(c => c.RemovedMs is null)];

    /// <summary>All that the member ever linked: what they brought in old months is shown by these.</summary>
    internal async Task<IReadOnlyList<TCard>> Ever(DbConnection connection, MemberId member, DbTransaction? tx = null) =>
        (await connection.QueryAsync<TCard>(
            $"select {Columns} from {table} where member = @member order by linked_ms desc, id desc limit 500", new { member }, tx)).AsList();

    /// <summary>The links of the cards from one to another, in the order of the cards.</summary>
    internal async Task<IReadOnlyList<TCard>> Between(DbConnection connection, Guid after, Guid last) =>
        (await connection.QueryAsync<TCard>(
            $"select {Columns} from {table} where card > @after and card <= @last order by card, linked_ms, id", new { after, last })).AsList();

    /// <summary>Everybody's links of one card, in their order.</summary>
    internal async Task<IReadOnlyList<TCard>> OfCard(DbConnection connection, Guid card) =>
        (await connection.QueryAsync<TCard>(
            $"select {Columns} from {table} where card = @card order by linked_ms, id", new { card })).AsList();

    internal Task<TCard?> Find(DbConnection connection, TId id, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<TCard?>($"select {Columns} from {table} where id = @id", new { id }, tx);

    /// <summary>Links the card for its member; false when it is somebody's. Of any number at once one gets it.</summary>
    public async Task<bool> Add(DbTransaction tx, TCard card)
    {
        if (await tx.Connection!.ExecuteAsync(
            $"insert into {table}_claim (card, {table}, member) values (@Card, @Id, @Member) on conflict (card) do nothing", card, tx) == 0)
            return false;
        await tx.Connection!.ExecuteAsync(
            $"insert into {table} ({Columns}) values ({string.Join(", ", _columns.Select(Parameter))})", card, tx);
        return true;
    }

    /// <summary>When somebody last had the card linked until.</summary>
    internal Task<long?> LastRemoved(DbTransaction tx, Guid card) => tx.Connection!.ExecuteScalarAsync<long?>(
        $"select max(removed_ms) from {table} where card = @card", new { card }, tx);

    /// <summary>Ends a link, and lets the card be linked again; false when it had ended.</summary>
    internal async Task<bool> End(DbTransaction tx, TId id, long now)
    {
        if (await tx.Connection!.ExecuteAsync(
            $"update {table} set removed_ms = @now where id = @id and removed_ms is null", new { id, now }, tx) == 0)
            return false;
        await tx.Connection!.ExecuteAsync($"delete from {table}_claim where {table} = @id", new { id }, tx);
        return true;
    }

    static string Parameter(string column) =>
        "@" + string.Concat(column.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}

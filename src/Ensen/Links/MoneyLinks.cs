using System.Data.Common;
using System.Text;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Links;

/// <summary>Reads links: by their token for whoever has it, and those that a member sent.</summary>
public sealed class MoneyLinks(Database db, ISecretProtection protection)
{
    const string Columns =
        """
        l.entry_id, l.sender, l.amount_yen, l.at_ms, l.until_ms, l.note, l.token_hash, l.token_kept, c.receiver, c.at_ms as claimed_ms,
               r.why, r.at_ms as returned_ms
        from money_link l
        left join link_claim c on c.link = l.entry_id
        left join link_return r on r.link = l.entry_id
        """;

    /// <summary>Null for a text that is no link's token.</summary>
    public async Task<MoneyLink?> ByToken(string? token, CancellationToken ct = default)
    {
        if (!LinkToken.IsOne(token))
            return null;
        await using var connection = await db.Connect(ct);
        return (await connection.QuerySingleOrDefaultAsync<Line>(
            $"select {Columns} where l.token_hash = @hash", new { hash = LinkToken.HashOf(token!) }))?.Link;
    }

    /// <summary>A link of this sender's; null when it is none of theirs.</summary>
    public async Task<MoneyLink?> Of(MemberId sender, LinkId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Find(connection, id) is { } link && link.Row.Sender == sender ? link : null;
    }

    /// <summary>What a member sent by link, the newest first.</summary>
    /// <param name="before">Only links older than this one; null for the newest.</param>
    public async Task<IReadOnlyList<MoneyLink>> SentBy(MemberId sender, LinkId? before, int limit, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return [.. (await connection.QueryAsync<Line>(
            $"select {Columns} where l.sender = @sender and l.entry_id < @before order by l.entry_id desc limit @limit",
            new { sender, before = before ?? Guid.AllBitsSet, limit })).Select(l => l.Link)];
    }

    /// <summary>The token of a link for its sender; null where the keys that protect it are gone.</summary>
    public string? TokenOf(MoneyLink link) =>
        protection.Unprotect(Convert.FromBase64String(link.Row.TokenKept), SecretUse.Link) is { } token
            ? Encoding.UTF8.GetString(token) : null;

    /// <summary>The address that is given on.</summary>
    public static string AddressOf(string origin, string token) => $"{origin.TrimEnd('/')}/l/{token}";

    internal static async Task<MoneyLink?> Find(DbConnection connection, LinkId id) =>
        (await connection.QuerySingleOrDefaultAsync<Line>($"select {Columns} where l.entry_id = @id", new { id }))?.Link;

    /// <summary>Open links whose time was over in this stretch of time.</summary>
    internal static async Task<IReadOnlyList<MoneyLink>> Overdue(DbConnection connection, long fromMs, long untilMs, int limit) =>
        [.. (await connection.QueryAsync<Line>(
            $"""
            select {Columns}
            where l.until_ms >= @fromMs and l.until_ms <= @untilMs
              and c.entry_id is null and r.entry_id is null
            order by l.until_ms, l.entry_id
            limit @limit
            """, new { fromMs, untilMs, limit })).Select(l => l.Link)];

    sealed class Line
    {
        public LinkId EntryId { get; init; }
        public MemberId Sender { get; init; }
        public long AmountYen { get; init; }
        public long AtMs { get; init; }
        public long UntilMs { get; init; }
        public string? Note { get; init; }
        public string TokenHash { get; init; } = "";
        public string TokenKept { get; init; } = "";
        public MemberId? Receiver { get; init; }
        public long? ClaimedMs { get; init; }
        public short? Why { get; init; }
        public long? ReturnedMs { get; init; }

        public MoneyLink Link => new(
            new LinkRow(EntryId, Sender, new Yen(AmountYen), AtMs, UntilMs, Note, TokenHash, TokenKept),
            ClaimedMs is not null ? LinkState.Claimed : Why is { } why ? (LinkState)why : LinkState.Open,
            Receiver, (ClaimedMs ?? ReturnedMs) is { } ended ? Instant.OfMilliseconds(ended) : null);
    }
}

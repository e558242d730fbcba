using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Staff;

/// <summary>What was done to a merchant's accounts. The numbers are stored.</summary>
public enum ShopAct
{
    Invited = 1,
    Joined = 2,

    /// <summary>Another role or other stores: <see cref="ShopLogEntry.Detail"/> is what holds from then on.</summary>
    Changed = 3,
    Dismissed = 4,
    SignedIn = 5,
    AddedPasskey = 6,
    RemovedPasskey = 7,
    PasskeyCopied = 8,
    SetAuthenticator = 9,
    RemovedAuthenticator = 10,
}

/// <summary>One row of a merchant's log.</summary>
public sealed record ShopLogEntry
{
    public long Number { get; init; }
    public long AtMs { get; init; }
    public ShopAct Act { get; init; }

    /// <summary>Which account did it; null: the merchant itself, by its program or by a command.</summary>
    public ShopAccountId? By { get; init; }
    public ActedThrough Through { get; init; }

    /// <summary>Whom it was done to.</summary>
    public ShopAccountId Account { get; init; }

    /// <summary>What else there is to say: the role, the stores.</summary>
    public string? Detail { get; init; }
}

/// <summary>
/// What was done to a merchant's accounts, by whom and when, for its owners: rows are only added, numbered from 1 without a gap. A change
/// and its row are one transaction. Changes of one merchant's accounts take turns: whoever begins one has read what the last one left.
/// </summary>
public sealed class ShopLog(Database db, TimeProvider clock)
{
    /// <summary>Takes the merchant's turn, first in a transaction that changes any of its accounts.</summary>
    internal static Task Turn(DbTransaction tx, MerchantId merchant) => tx.Connection!.ExecuteAsync(
        """
        insert into shop_turn (merchant, last)
        values (@merchant, 0)
        on conflict (merchant) do update set last = shop_turn.last
        """, new { merchant }, tx);

    internal Task Append(DbTransaction tx, ShopAct act, ActingShop by, ShopAccountId account, string? detail = null) =>
        tx.Connection!.ExecuteAsync(
            """
            insert into shop_turn (merchant, last)
            values (@Merchant, 1)
            on conflict (merchant) do update set last = shop_turn.last + 1;
            insert into shop_log (merchant, number, at_ms, act, by_account, through, account, detail)
            select merchant, last, @at, @act, @by, @Through, @account, @detail
            from shop_turn
            where merchant = @Merchant;
            """,
            new { by.Merchant, at = clock.Now().ToUnixTimeMilliseconds(), act, by = by.Account, by.Through, account, detail }, tx);

    /// <summary>The newest first; <paramref name="before"/>: the number of the last row of the page before.</summary>
    public async Task<IReadOnlyList<ShopLogEntry>> List(MerchantId merchant, int limit, long? before = null, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<ShopLogEntry>(
            """
            select number, at_ms as AtMs, act, by_account as "By", through, account, detail
            from shop_log
            where merchant = @merchant and number < @before
            order by number desc
            limit @limit
            """, new { merchant, before = before ?? long.MaxValue, limit })).AsList();
    }
}

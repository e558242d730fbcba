using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
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

    /// <summary>A PIN for the tills, in place of the one before.</summary>
    SetTillPin = 11,

    /// <summary>How much they give back: <see cref="ShopLogEntry.Detail"/> is what holds from then on, in one refund and a day.</summary>
    ChangedRefundCaps = 12,

    /// <summary>A till's device was thrown out: <see cref="ShopLogEntry.Detail"/> says which, and the account is who did it.</summary>
    ThrewOutTill = 13,

    /// <summary>
    /// Of the company's own account: the account is who did it, and <see cref="ShopLogEntry.Detail"/> is the payee, the transfer or the
    /// request.
    /// </summary>
    AddedPayee = 120,
    ConfirmedPayee = 121,
    RemovedPayee = 122,
    MadeBusinessTransfer = 123,
    ApprovedBusinessTransfer = 124,
    StoppedBusinessTransfer = 125,
    AskedBusiness = 126,
    ClosedBusinessRequest = 127,
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

    /// <summary>What the row is chained by: the hash of the one before, whose log it stands in, and everything in this one.</summary>
    internal byte[] Hash(MerchantId merchant, ReadOnlySpan<byte> previous)
    {
        var values = new SealedValues();
        values.Begin('M');
        values.Add(previous);
        values.Add(merchant.Value);
        values.Add(Number);
        values.Add(AtMs);
        values.Add((long)Act);
        values.Add(By?.Value);
        values.Add((long)Through);
        values.Add(Account.Value);
        values.Add(Detail);
        var hash = new byte[32];
        values.Hash(hash);
        return hash;
    }
}

/// <summary>
/// What was done to a merchant's accounts, by whom and when, for its owners: a chain (<see cref="LogChain"/>), as the log of operators is.
/// A change and its row are one transaction. Changes of one merchant's accounts take turns: whoever begins one has read what the last one
/// left.
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

    internal async Task Append(DbTransaction tx, ShopAct act, ActingShop by, ShopAccountId account, string? detail = null)
    {
        var (number, previous) = await LogChain.OfMerchants.Next(tx, by.Merchant);
        var entry = new ShopLogEntry
        {
            Number = number,
            AtMs = clock.Now().ToUnixTimeMilliseconds(),
            Act = act,
            By = by.Account,
            Through = by.Through,
            Account = account,
            Detail = detail,
        };
        var hash = entry.Hash(by.Merchant, previous);
        await tx.Connection!.ExecuteAsync(
            """
            insert into shop_log (merchant, number, at_ms, act, by_account, through, account, detail, previous, hash)
            values (@Merchant, @Number, @AtMs, @Act, @By, @Through, @Account, @Detail, @previous, @hash)
            """,
            new
            {
                by.Merchant,
                entry.Number,
                entry.AtMs,
                entry.Act,
                entry.By,
                entry.Through,
                entry.Account,
                entry.Detail,
                previous,
                hash,
            }, tx);
        await LogChain.OfMerchants.Added(tx, by.Merchant, hash);
    }

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

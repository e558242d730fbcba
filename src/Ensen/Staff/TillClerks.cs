using System.Data.Common;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Staff;

/// <summary>Somebody who has a PIN for the tills of the stores that they see.</summary>
public sealed record TillClerk(ShopAccountId Id, string Name, ShopRole Role);

/// <summary>What became of a PIN that was typed to give something back: whose it was, or nobody's where it was the store's own.</summary>
public sealed record RefundProof(PinCheck Check, TillClerk? Clerk = null);

/// <summary>
/// Who of a merchant's staff stands at which till. They type a PIN of their own, of which a till that is signed in has tries as it has of
/// the store's (<see cref="Guesses"/>). Nothing is kept in memory: who was dismissed is at no till any more, on every node.
/// </summary>
public sealed class TillClerks(Database db, Pins pins, Guesses guesses, HashLine hashes, TimeProvider clock)
{
    /// <summary>Who may come to a store's tills, by name.</summary>
    public async Task<IReadOnlyList<TillClerk>> Of(StoreId store, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<TillClerk>(
            """
            select a.id, a.name, a.role
            from store s
            join shop_account a on a.merchant = s.merchant and a.state <> @dismissed
            join credential c on c.owner = a.id and c.kind = @pin
            where s.id = @store
              and (a.role = @owner or exists (select 1 from shop_account_store t where t.account = a.id and t.store = s.id))
            order by a.name, a.id
            limit @Most
            """,
            new
            {
                store,
                dismissed = ShopAccountState.Dismissed,
                owner = ShopRole.Owner,
                pin = CredentialKind.ClerkPin,
                ShopAccounts.Most,
            })).AsList();
    }

    /// <summary>Which of a merchant's accounts have a PIN.</summary>
    public async Task<IReadOnlySet<ShopAccountId>> WithPin(MerchantId merchant, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<ShopAccountId>(
            """
            select a.id
            from shop_account a
            join credential c on c.owner = a.id and c.kind = @pin
            where a.merchant = @merchant
            limit @Most
            """, new { merchant, pin = CredentialKind.ClerkPin, ShopAccounts.Most })).ToHashSet();
    }

    /// <summary>Who is at a till now; null when nobody is, or whoever came may not any more.</summary>
    public async Task<TillClerk?> At(StoreId store, TillId till, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var here = await connection.QueryFirstOrDefaultAsync<ShopAccountId?>(
            "select clerk from till_clerk where till = @till order by from_ms desc limit 1", new { till });
        return here is null ? null : (await Of(store, ct)).FirstOrDefault(clerk => clerk.Id == here);
    }

    /// <summary>Somebody comes to a till, in place of who was there.</summary>
    public async Task<RefundProof> Come(StoreId store, TillId till, ShopAccountId clerk, string pin, CancellationToken ct = default)
    {
        var proof = await Check(store, till, clerk, pin, ct);
        if (proof.Check == PinCheck.Right)
            await db.Transact(tx => Write(tx, till, clerk, clock.Now()), ct);
        return proof;
    }

    /// <summary>Nobody is at the till any more.</summary>
    public Task Leave(TillId till, CancellationToken ct = default) => db.Transact(tx => Write(tx, till, null, clock.Now()), ct);

    /// <summary>
    /// Who gives something back at a till. Where any of the staff have a PIN it is one of them, with theirs: the store's own refund PIN,
    /// which says nothing of who typed it and has no cap, is right only where nobody has.
    /// </summary>
    public async Task<RefundProof> ProveRefund(
        StoreId store, TillId till, string? clerk, string pin, CancellationToken ct = default) =>
        (await Of(store, ct)).Count == 0 ? new RefundProof(await pins.CheckRefund(store, till, pin, ct))
            : Id.TryParse(clerk, out ShopAccountId id) ? await Check(store, till, id, pin, ct)
            : new RefundProof(PinCheck.Wrong);

    /// <summary>An account that has no PIN, or none of this store's, is answered like a wrong PIN.</summary>
    async Task<RefundProof> Check(StoreId store, TillId till, ShopAccountId clerk, string pin, CancellationToken ct)
    {
        var guess = await guesses.Begin("clerk-pin", Id.Bare(clerk), Id.Bare(till), till, ct);
        if (!guess.May)
            return new RefundProof(PinCheck.TooManyRequests);
        var who = (await Of(store, ct)).FirstOrDefault(c => c.Id == clerk);
        var hash = who is null ? null : await Hash(clerk, ct);
        switch (await hashes.Verify(hash, TypedDigits.Number(pin) ?? pin, Id.Bare(till), true, ct))
        {
            case PasswordVerdict.Right or PasswordVerdict.RightAndOutdated:
                await guess.Right();
                return new RefundProof(PinCheck.Right, who);
            case PasswordVerdict.Wrong:
                return new RefundProof(PinCheck.Wrong);
            default:
                await guess.Unseen();
                return new RefundProof(PinCheck.TooManyRequests);
        }
    }

    async Task<string?> Hash(ShopAccountId clerk, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await Credentials.FindHash(connection, clerk, CredentialKind.ClerkPin);
    }

    /// <summary>Of two who come in the same millisecond the second is there.</summary>
    static Task Write(DbTransaction tx, TillId till, ShopAccountId? clerk, DateTimeOffset at) => tx.Connection!.ExecuteAsync(
        """
        insert into till_clerk (till, from_ms, clerk)
        values (@till, @at, @clerk)
        on conflict (till, from_ms) do update set clerk = excluded.clerk
        """, new { till, clerk, at = at.ToUnixTimeMilliseconds() }, tx);
}

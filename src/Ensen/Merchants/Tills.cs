using System.Data.Common;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Merchants;

/// <summary>
/// A till's sign-in as typed by staff. <paramref name="From"/>: the address it comes from. <paramref name="Known"/>: what the device is
/// known by.
/// </summary>
public sealed record TillSignInRequest(string StoreNumber, string Pin, string Device, string From, KnownDevice? Known = null);

/// <summary>A signed-in till: the token is for its device alone.</summary>
public sealed record TillSignedIn(string Token, SessionId Session, Store Store, StoreTill Till);

/// <summary>Why a till is not signed in. A wrong number and a wrong PIN get the same answer.</summary>
public enum TillSignInRefusal
{
    None = 0,
    Unauthenticated = 1,
    TooManyRequests = 2,
}

/// <summary>The tills of a store: added, signed in by store number and PIN, removed (which signs their devices out at once).</summary>
public sealed class Tills(Database db, Stores stores, Pins pins, Sessions sessions, TimeProvider clock)
{
    const int MostOfStore = 100;

    /// <summary>Signs a device in as the store's first till.</summary>
    public async Task<Answer<TillSignedIn, TillSignInRefusal>> SignIn(TillSignInRequest request, CancellationToken ct = default)
    {
        if (TypedDigits.Number(request.StoreNumber) is not { Length: 8 } number)
            return TillSignInRefusal.Unauthenticated;
        var store = await stores.FindByNumber(number, ct);
        var known = store is not null && request.Known?.Knows(store.Id) is true ? request.Known.Id : (Guid?)null;
        var check = await pins.Check(store?.Id, PinPurpose.TillSignIn, request.Pin, number, request.From, known, ct);
        if (check == PinCheck.TooManyRequests)
            return TillSignInRefusal.TooManyRequests;
        if (check != PinCheck.Right || store is null || await OfStore(store.Id, ct) is not [var till, ..])
            return TillSignInRefusal.Unauthenticated;
        var session = await sessions.Open(Subject.Till(till.Id), request.Device, store.Id, assurance: AssuranceLevel.Pin, ct: ct);
        return new TillSignedIn(session.Token, session.Caller.Session, store, till);
    }

    /// <summary>Adds a till to a store. The name is what staff call it ("2", "terrace").</summary>
    public async Task<TillId?> Add(StoreId store, string name, CancellationToken ct = default) =>
        OneLineName.TryParse(name, out var parsed) ? await db.Transact(tx => Write(tx, store, parsed, clock.GetUtcNow()), ct) : null;

    /// <summary>
    /// Removes a till that was sold or stolen: its devices are signed out at once. False when the store has no such till.
    /// </summary>
    public async Task<bool> Remove(StoreId store, TillId till, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var (isTheirs, removed) = await db.Transact(async tx =>
        (
            await tx.Connection!.ExecuteScalarAsync<int?>("select 1 from till where store = @store and id = @till", new { store, till },
                tx) is not null,
            await tx.Connection!.ExecuteAsync(
                "update till set removed_ms = @now where store = @store and id = @till and removed_ms is null",
                new { store, till, now }, tx)
        ), ct);
        // Also of one that was removed before: whoever removed it may have died before its devices were signed out.
        if (isTheirs)
            await sessions.EndAll(Subject.Till(till), why: SessionEnd.Staff, ct: ct);
        return removed == 1;
    }

    public async Task<IReadOnlyList<StoreTill>> OfStore(StoreId store, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<StoreTill>(
            """
            select id, store, name
            from till
            where store = @store and removed_ms is null
            order by id
            limit @MostOfStore
            """,
            new { store, MostOfStore })).AsList();
    }

    internal static async Task<TillId> Write(DbTransaction tx, StoreId store, string name, DateTimeOffset now)
    {
        var id = Id.New<TillId>(now);
        await tx.Connection!.ExecuteAsync(
            "insert into till (store, id, name, created_ms) values (@store, @id, @name, @at)",
            new { store, id, name, at = now.ToUnixTimeMilliseconds() }, tx);
        return id;
    }
}

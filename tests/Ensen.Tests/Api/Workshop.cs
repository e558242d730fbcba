using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Codes;
using Ensen.Formats;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Api;

/// <summary>
/// What no outsider can do over HTTP yet: cryptographic tags, dynamic codes, signing out. It works on the running app's database.
/// </summary>
sealed class Workshop : IAsyncDisposable
{
    readonly Database _db;
    readonly CodeKeys _keys;
    readonly Tags _tags;
    readonly Stores _stores;
    readonly Sessions _sessions;

    Workshop(Database db, CodeKeys keys)
    {
        (_db, _keys) = (db, keys);
        (_tags, _stores) = (new Tags(db, TimeProvider.System), new Stores(db, TimeProvider.System));
        _sessions = new Sessions(db, new Programme(), TimeProvider.System);
    }

    public Database Db => _db;

    public static async Task<Workshop> Open(WebApp app)
    {
        var db = Database.Open(app.DatabaseAddress, SandboxModule.Catalogue);
        return new Workshop(db, await CodeKeys.Load(db));
    }

    /// <summary>A chip that proves each touch.</summary>
    public async Task<Chip> Chip(Shop shop)
    {
        var uid = "04" + Guid.NewGuid().ToString("N")[..12].ToUpperInvariant();
        Id.TryParse(shop.StoreId, out StoreId store).ShouldBeTrue();
        var id = (await _tags.Register(store, uid)).ShouldNotBeNull();
        return new Chip(id.ToString(), uid, _keys.Tags);
    }

    public async Task Revoke(Shop shop, string tagId)
    {
        Id.TryParse(shop.MerchantId, out MerchantId merchant).ShouldBeTrue();
        Id.TryParse(tagId, out TagId tag).ShouldBeTrue();
        (await _tags.Revoke(merchant, tag)).ShouldBeTrue();
    }

    public async Task Suspend(Shop shop)
    {
        Id.TryParse(shop.StoreId, out StoreId id).ShouldBeTrue();
        var suspended = (short)StoreState.Suspended;
        await _db.Transact(async tx =>
        {
            await _stores.Changing(tx, id);
            (await tx.Connection!.ExecuteAsync("update store set state = @suspended where id = @id", new { id, suspended }, tx)).ShouldBe(1);
        });
        _stores.Changed(id);
    }

    /// <summary>The text of a code for one payment.</summary>
    public async Task<string> DynamicQr(Shop shop, long amount, string order, TimeSpan life)
    {
        Id.TryParse(shop.StoreId, out StoreId id).ShouldBeTrue();
        return new ResolvePayee(_stores, _tags, _keys, new OrdersShown(_db, TimeProvider.System), TimeProvider.System)
            .CodeFor((await _stores.Find(id))!, amount.Yen(), order, TimeProvider.System.GetUtcNow() + life);
    }

    public async Task SignOut(Person member)
    {
        Id.TryParse(member.Id, out MemberId id).ShouldBeTrue();
        (await _sessions.EndAll(Subject.Member(id))).ShouldBe(1);
    }

    public async Task SignOutTillsOf(Shop shop)
    {
        Id.TryParse(shop.StoreId, out StoreId id).ShouldBeTrue();
        await using var connection = await _db.Connect();
        var till = await connection.QuerySingleAsync<Guid>("select id from till where store = @id", new { id });
        (await _sessions.EndAll(Subject.Till(till))).ShouldBe(1);
    }

    public ValueTask DisposeAsync() => _db.DisposeAsync();
}

/// <summary>A cryptographic tag: every touch is another address.</summary>
sealed record Chip(string TagId, string Uid, TagKeys Keys)
{
    public string Touch(int counter)
    {
        var sun = SunMessage.Make(new TagTouch(Uid, counter), Keys);
        return Address(sun.PiccData, sun.Cmac);
    }

    public string Address(string picc, string cmac) => $"http://localhost:5080/t/{TagId}?picc={picc}&cmac={cmac}";
}

using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Merchants;

/// <summary>What a tag can prove: a plain one nothing but its id, a cryptographic one each touch.</summary>
public enum TagKind
{
    Plain = 1,
    Cryptographic = 2,
}

/// <summary>Whether a tag may still be paid by.</summary>
public enum TagState
{
    Active = 1,
    Revoked = 2,

    /// <summary>Revoked, and the store is alarmed when somebody touches it.</summary>
    Stolen = 3,
}

/// <summary>A tag on a store's counter. <see cref="Uid"/>: 14 hexadecimal digits, of a cryptographic tag only.</summary>
public sealed record Tag
{
    public TagId Id { get; init; }
    public StoreId Store { get; init; }
    public TagKind Kind { get; init; }
    public string? Uid { get; init; }
    public int KeyVersion { get; init; }
    public long Counter { get; init; }
    public TagState State { get; init; }
}

/// <summary>Why a touch is not accepted, in the order it is checked.</summary>
public enum TagRefusal
{
    None = 0,
    NotFound = 1,
    TagRevoked = 2,

    /// <summary>The message is another tag's, or the tag is not a cryptographic one.</summary>
    InvalidCode = 3,

    /// <summary>The counter is not above the last one: this touch, or a later one, was accepted before.</summary>
    CodeUsed = 4,
}

/// <summary>A stolen tag was touched.</summary>
public sealed record TagAlarm
{
    public Guid Id { get; init; }
    public TagId Tag { get; init; }
    public long AtMs { get; init; }
}

/// <summary>
/// The tags of the stores: registered, found by a touch, moved, revoked. What proves a touch is verified by Codes; here the counter rises.
/// Tags are kept in memory only while news of their change is sure to arrive, so what another node revoked is not paid by a second later.
/// </summary>
public sealed class Tags
{
    const int MostListed = 200;
    const string Kind = "tag-row";
    static readonly TimeSpan OneAlarmIn = TimeSpan.FromMinutes(1);

    readonly Database _db;
    readonly TimeProvider _clock;
    readonly RowCache<TagId, Tag> _recent;

    public Tags(Database db, TimeProvider clock)
    {
        (_db, _clock) = (db, clock);
        _recent = new(clock, TimeSpan.Zero, most: 100_000, db.Notifications, deaf: TimeSpan.FromSeconds(1));
        db.Notifications.Follow(Kind, _recent.ForgetOne);
    }

    /// <summary>The tag that an address names.</summary>
    public async Task<Answer<Tag, TagRefusal>> Resolve(TagId id, CancellationToken ct = default) =>
        await Judge(await _recent.Get(id, Read, ct), ct);

    async Task<Answer<Tag, TagRefusal>> Judge(Tag? tag, CancellationToken ct)
    {
        if (tag is null)
            return TagRefusal.NotFound;
        if (tag.State == TagState.Stolen)
            await Alarm(tag, ct);
        return tag.State == TagState.Active ? tag : TagRefusal.TagRevoked;
    }

    /// <summary>
    /// Accepts a proven touch, once: the counter must be above the last accepted one, and becomes the last, in one step. Of any number of
    /// equal messages at once one is accepted.
    /// </summary>
    public async Task<Answer<Tag, TagRefusal>> Accept(TagId id, string uid, long counter, CancellationToken ct = default)
    {
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        var accepted = await Change(id, tx => tx.Connection!.ExecuteAsync(
            """
            update tag
            set counter = @counter, changed_ms = @now
            where id = @id and kind = @cryptographic and uid = @uid and state = @active and counter < @counter
            """,
            new { id, uid, counter, now, cryptographic = TagKind.Cryptographic, active = TagState.Active }, tx), ct);
        var tag = await Judge(await Read(id, ct), ct);
        if (accepted || !tag.Accepted)
            return tag;
        return tag.Value.Uid == uid ? TagRefusal.CodeUsed : TagRefusal.InvalidCode;
    }

    /// <summary>Registers a tag for a store: plain, or with the chip's uid. Null when that chip is a tag already.</summary>
    public async Task<TagId?> Register(StoreId store, string? uid = null, int keyVersion = 0, CancellationToken ct = default)
    {
        if (uid is not null && (uid.Length != 14 || !uid.All(c => char.IsAsciiDigit(c) || c is >= 'A' and <= 'F')))
            throw new ArgumentException("A chip's uid has 14 hexadecimal digits in upper case.", nameof(uid));
        try
        {
            return await _db.Transact(tx => Write(tx, store, uid, keyVersion, _clock.GetUtcNow()), ct);
        }
        catch (DbException e) when (_db.IsDuplicate(e))
        {
            return null;
        }
    }

    /// <summary>
    /// A tag of the merchant stands in another of the merchant's stores from now on. False when either is not the merchant's.
    /// </summary>
    public Task<bool> Move(MerchantId merchant, TagId id, StoreId toStore, CancellationToken ct = default) =>
        Change(id, tx => tx.Connection!.ExecuteAsync(
            """
            update tag
            set store = @toStore, changed_ms = @now
            where id = @id and state = @active
              and store in (select id from store where merchant = @merchant)
              and exists (select 1 from store where id = @toStore and merchant = @merchant)
            """,
            new { id, merchant, toStore, active = TagState.Active, now = _clock.GetUtcNow().ToUnixTimeMilliseconds() }, tx), ct);

    /// <summary>No payment by this tag any more, from the next touch on. False when it is not the merchant's.</summary>
    public Task<bool> Revoke(MerchantId merchant, TagId id, bool stolen = false, CancellationToken ct = default) =>
        Change(id, tx => tx.Connection!.ExecuteAsync(
            """
            update tag
            set state = @state, changed_ms = @now
            where id = @id and store in (select id from store where merchant = @merchant)
            """,
            new { id, merchant, state = stolen ? TagState.Stolen : TagState.Revoked, now = _clock.GetUtcNow().ToUnixTimeMilliseconds() },
            tx), ct);

    /// <summary>Changes a tag's row, and lets every node know: the others with the commit, this one before it answers.</summary>
    async Task<bool> Change(TagId id, Func<DbTransaction, Task<int>> update, CancellationToken ct)
    {
        string[] news = [$"{Kind}:{id}"];
        var changed = await _db.Transact(async tx =>
        {
            if (await update(tx) != 1)
                return false;
            await _db.Notifications.Announce(tx, news);
            return true;
        }, ct);
        if (changed)
            _db.Notifications.Raise(news);
        return changed;
    }

    public async Task<IReadOnlyList<Tag>> OfStore(StoreId store, CancellationToken ct = default)
    {
        await using var connection = await _db.Connect(ct);
        return (await connection.QueryAsync<Tag>(
            """
            select id, store, kind, uid, key_version as KeyVersion, counter, state
            from tag
            where store = @store
            order by created_ms, id
            limit @MostListed
            """,
            new { store, MostListed })).AsList();
    }

    /// <summary>Touches of stolen tags since an instant, the latest first; told to the store's tills.</summary>
    public async Task<IReadOnlyList<TagAlarm>> Alarms(StoreId store, DateTimeOffset since, CancellationToken ct = default)
    {
        await using var connection = await _db.Connect(ct);
        return (await connection.QueryAsync<TagAlarm>(
            """
            select id, tag, at_ms as AtMs
            from tag_alarm
            where store = @store and at_ms >= @from
            order by at_ms desc
            limit @MostListed
            """,
            new { store, from = since.ToUnixTimeMilliseconds(), MostListed })).AsList();
    }

    // The id is all that a plain tag has, so every bit of it is random.
    internal static async Task<TagId> Write(DbTransaction tx, StoreId store, string? uid, int keyVersion, DateTimeOffset now)
    {
        var id = new TagId(new Guid(RandomNumberGenerator.GetBytes(16)));
        var at = now.ToUnixTimeMilliseconds();
        if (uid is not null)
            await tx.Connection!.ExecuteAsync("insert into tag_uid (uid, tag) values (@uid, @id)", new { uid, id }, tx);
        await tx.Connection!.ExecuteAsync(
            """
            insert into tag (id, store, kind, uid, key_version, counter, state, created_ms, changed_ms)
            values (@id, @store, @kind, @uid, @keyVersion, -1, @active, @at, @at)
            """,
            new
            {
                id,
                store,
                kind = uid is null ? TagKind.Plain : TagKind.Cryptographic,
                uid,
                keyVersion,
                active = TagState.Active,
                at
            }, tx);
        return id;
    }

    async Task<Tag?> Read(TagId id, CancellationToken ct)
    {
        await using var connection = await _db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<Tag?>(
            """
            select id, store, kind, uid, key_version as KeyVersion, counter, state
            from tag
            where id = @id
            """,
            new { id });
    }

    async Task Alarm(Tag tag, CancellationToken ct)
    {
        var now = _clock.GetUtcNow();
        var raised = await _db.Transact(tx => tx.Connection!.ExecuteAsync(
            """
            insert into tag_alarm (store, id, tag, at_ms)
            select @Store, @id, @Tag, @at
            where not exists (select 1 from tag_alarm where store = @Store and tag = @Tag and at_ms > @recent)
            """,
            new
            {
                tag.Store,
                id = Id.New(now),
                Tag = tag.Id,
                at = now.ToUnixTimeMilliseconds(),
                recent = (now - OneAlarmIn).ToUnixTimeMilliseconds(),
            }, tx), ct);
        if (raised == 1)
            _db.Notifications.Raise(Stores.TopicOf(tag.Store));
    }
}

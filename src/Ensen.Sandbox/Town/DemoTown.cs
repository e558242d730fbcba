using System.Data.Common;
using System.Text.Json;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Codes;
using Ensen.Operations;
using Ensen.Storage;

namespace Ensen.Sandbox.Town;

/// <summary>What making the town came to.</summary>
public enum TownMaking
{
    /// <summary>It was made now, or finished after an earlier start had left it half-made.</summary>
    Made = 1,

    /// <summary>It was there.</summary>
    ThereAlready = 2,

    /// <summary>The database has members or stores of its own: it is nobody's playground, and is left alone.</summary>
    NotNew = 3,
}

/// <summary>
/// A town to begin with: shops along the Osaka Loop Line and members with three months of movements, made through the features that
/// everybody uses, at an earlier time. The same seed on the same day makes the same town.
/// </summary>
public sealed class DemoTown(Database db, Programme programme, CodeKeys keys, TimeProvider clock, ILoggerFactory logs,
    ISecretProtection? protection = null)
{
    const string Name = "demo-town";
    const long PostgresLock = 0x746f776e; // "town"

    /// <summary>Changes whenever the tables or the rules of the town do: a half-made town is finished only as it was begun.</summary>
    const int Edition = 8;

    /// <summary>Makes the town in a new database; finishes it where an earlier start was interrupted.</summary>
    public async Task<TownMaking> Make(CancellationToken ct = default)
    {
        await using var door = await Alone(ct);
        var (mark, again) = await Begin(ct);
        if (mark is null)
            return TownMaking.NotNew;
        if (mark.People is not null)
            return TownMaking.ThereAlready;
        if (mark.Edition != Edition)
            throw new InvalidOperationException(
                "The demo town in this database was left half-made by another version of the program. Start with a new database, or with Ensen:DemoTown=false.");

        var calendar = new Calendar(DateTimeOffset.FromUnixTimeMilliseconds(mark.EndsMs));
        var people = await Live(calendar, again, ct);
        await db.Transact(tx => Setting.Write(tx, Name, Write(mark with { People = people })), ct);
        return TownMaking.Made;
    }

    /// <summary>Some thousand commits that would each wait for the disk; the mark that follows them waits for all.</summary>
    async Task<TownPeople> Live(Calendar calendar, bool again, CancellationToken ct)
    {
        await using var hurry = db.RelaxDurability();
        var records = new RecordsKey((await SandboxRecordsKey.Load(db, ct)).Public);
        await using var features = new TownFeatures(db, programme, keys, new TownClock(), logs, records, protection);
        await features.LoadKeys(ct);
        if (again)
            await Resume(features, ct);
        var past = new Past(features, calendar, again);
        var people = await past.Make(ct);
        if (past.Refused > 0)
            logs.CreateLogger<DemoTown>().LogInformation("{Count} movements of the demo town were refused by the programme's rules",
                past.Refused);
        return people;
    }

    /// <summary>Who lives in the town; null when there is none in this database.</summary>
    public async Task<TownPeople?> People(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Setting.Read(connection, Name) is { } json ? Read(json).People : null;
    }

    /// <summary>One node makes it, the others wait. A file has one process anyway.</summary>
    async Task<WriteLock> Alone(CancellationToken ct)
    {
        var door = new WriteLock(await db.Connect(ct), db.Engine);
        if (db.Engine == Engine.Postgres)
            await door.Connection.ExecuteAsync("select pg_advisory_lock(@PostgresLock)", new { PostgresLock }, commandTimeout: 120);
        return door;
    }

    sealed record WriteLock(DbConnection Connection, Engine Engine) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            // Giving a connection back to its pool alone would keep the lock.
            if (Engine == Engine.Postgres)
                await Connection.ExecuteAsync("select pg_advisory_unlock(@PostgresLock)", new { PostgresLock });
            await Connection.DisposeAsync();
        }
    }

    /// <summary>The town's mark, and whether it was there; written if the database is new. Null when it is not.</summary>
    Task<(TownMark? Mark, bool WasThere)> Begin(CancellationToken ct) => db.Transact<(TownMark?, bool)>(async tx =>
    {
        if (await Setting.Read(tx.Connection!, Name, tx) is { } json)
            return (Read(json), true);
        if (await tx.Connection!.ExecuteScalarAsync<long>("select (select count(*) from member) + (select count(*) from store)", transaction: tx) > 0)
            return (null, false);
        var mark = new TownMark(Edition, clock.GetUtcNow().ToUnixTimeMilliseconds(), null);
        await Setting.Write(tx, Name, Write(mark));
        return (mark, false);
    }, ct);

    /// <summary>
    /// What was on its way to the outside when an earlier making was interrupted comes to its end first, each piece at its own time:
    /// whoever stood before an ATM in the morning still has time to put the notes in, although somebody else was at one in the evening.
    /// </summary>
    async Task Resume(TownFeatures features, CancellationToken ct)
    {
        IReadOnlyList<(Guid Id, long DueMs)> waiting;
        await using (var connection = await db.Connect(ct))
            waiting = (await connection.QueryAsync<(Guid, long)>("select id, due_ms from outbox where state = 1 order by due_ms, id")).AsList();
        foreach (var (id, dueMs) in waiting)
        {
            features.Clock.At(DateTimeOffset.FromUnixTimeMilliseconds(dueMs));
            await features.Outbox.RunNow(id, ct);
        }
    }

    static string Write(TownMark mark) => JsonSerializer.Serialize(mark, TownJson.Default.TownMark);

    static TownMark Read(string json) =>
        JsonSerializer.Deserialize(json, TownJson.Default.TownMark) ?? throw new JsonException("The mark of the demo town is empty.");
}

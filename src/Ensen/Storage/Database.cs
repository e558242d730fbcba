using System.Data.Common;
using Ensen.Basics;

namespace Ensen.Storage;

/// <summary>Which database is behind: the two are equals, every storage test runs on both.</summary>
public enum Engine
{
    Sqlite = 1,
    Postgres = 2,
}

/// <summary>
/// How a database's schema and this program fit: the steps it lacks, those that a newer program made, and whether it has none of ours at
/// all.
/// </summary>
public sealed record SchemaFit(IReadOnlyList<string> Missing, IReadOnlyList<string> Unknown, bool IsEmpty);

/// <summary>
/// An open database. <c>sqlite:PATH</c> is embedded (WAL, synchronous FULL), <c>postgres:CONNECTION</c> is for production.
/// SQL is one text for both wherever both accept it.
/// </summary>
public abstract class Database(Catalogue catalogue) : IAsyncDisposable
{
    const int Tries = 5;
    const string SqliteForm = "sqlite:";
    const string PostgresForm = "postgres:";

    public abstract Engine Engine { get; }

    /// <summary>What is in the program that opened the database; its modules' tables make the schema.</summary>
    public Catalogue Catalogue { get; } = catalogue;

    /// <summary>Wakes whoever waits for news (a till's live screen, the outbox), on this node and on the others.</summary>
    public abstract Notifications Notifications { get; }

    /// <summary>Whether an address has one of the two forms. What a connection string says is looked at when it is opened.</summary>
    public static bool IsAddress(string address) =>
        new[] { SqliteForm, PostgresForm }.Any(form => address.Length > form.Length && address.StartsWith(form, StringComparison.Ordinal));

    /// <summary>Opens by address. Throws <see cref="ArgumentException"/> for an address of neither form.</summary>
    public static Database Open(string address, Catalogue catalogue) => Open(address, catalogue, toRead: false);

    /// <summary>Opens what is there already so that nothing can be changed through it: to judge it.</summary>
    public static Database OpenToRead(string address, Catalogue catalogue) => Open(address, catalogue, toRead: true);

    static Database Open(string address, Catalogue catalogue, bool toRead)
    {
        DapperMapping.Register(catalogue);
        if (address.StartsWith(SqliteForm, StringComparison.Ordinal))
            return new SqliteDatabase(address[SqliteForm.Length..], catalogue, toRead);
        if (address.StartsWith(PostgresForm, StringComparison.Ordinal))
            return new PostgresDatabase(address[PostgresForm.Length..], catalogue, toRead);
        throw new ArgumentException($"A database is sqlite:PATH or postgres:CONNECTION, not '{address.Split(':')[0]}:…'", nameof(address));
    }

    /// <summary>An open connection for reading. Dispose it to give it back.</summary>
    public abstract Task<DbConnection> Connect(CancellationToken ct = default);

    /// <summary>
    /// What time the database has now, where it has a clock that other nodes go by, too; null where this program has it to itself.
    /// </summary>
    internal virtual Task<DateTimeOffset?> TimeOf(DbConnection connection, CancellationToken ct) => Task.FromResult<DateTimeOffset?>(null);

    /// <summary>
    /// Runs the work in one transaction; conflicts that the database resolves by refusing (40001, 40P01) are tried again, at most five
    /// times.
    /// </summary>
    public async Task<T> Transact<T>(Func<DbTransaction, Task<T>> work, CancellationToken ct = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TransactOnce(work, ct);
            }
            catch (DbException e) when (attempt < Tries && IsConflict(e))
            {
                await Task.Delay(RandomSource.Source.Next(5, 25) * attempt, ct);
            }
        }
    }

    public Task Transact(Func<DbTransaction, Task> work, CancellationToken ct = default) =>
        Transact(async tx => { await work(tx); return true; }, ct);

    /// <summary>One try of a transaction. SQLite: behind the one door for writers, begun immediate.</summary>
    public abstract Task<T> TransactOnce<T>(Func<DbTransaction, Task<T>> work, CancellationToken ct = default);

    /// <summary>
    /// Until it is disposed, commits outlive this process but need not outlive a power cut; none is ever torn, and the first commit
    /// afterwards makes all of them durable. Holds for connections opened meanwhile. For work that is simply done again when found undone.
    /// </summary>
    public abstract IAsyncDisposable RelaxDurability();

    /// <summary>Another transaction came first, and the same work may succeed when tried again.</summary>
    public abstract bool IsConflict(DbException e);

    /// <summary>A unique key was there already.</summary>
    public abstract bool IsDuplicate(DbException e);

    /// <summary>Runs <paramref name="work"/> while no other node or process migrates.</summary>
    internal abstract Task Migrating(Func<DbConnection, Task> work, CancellationToken ct);

    /// <summary>Brings the schema up to date; does nothing when it is.</summary>
    public Task Migrate(CancellationToken ct = default) => Migrations.Run(this, ct);

    /// <summary>
    /// How many of this program's migrations the database lacks. It may have more: those of a newer program beside this one.
    /// </summary>
    public Task<int> MissingMigrations(CancellationToken ct = default) => Migrations.Missing(this, ct);

    /// <summary>Whether the schema is this program's. Changes nothing.</summary>
    public Task<SchemaFit> CompareSchema(CancellationToken ct = default) => Migrations.Compare(this, ct);

    /// <summary>Throws when what was read was written at the same time although nobody seemed to have it open.</summary>
    public virtual void MustNotHaveChanged()
    {
    }

    public abstract ValueTask DisposeAsync();
}

using System.Data;
using System.Data.Common;
using Ensen.Basics;
using Ensen.Storage;
using Microsoft.Data.Sqlite;

namespace Ensen.Ledger;

/// <summary>Batches on SQLite: the same steps, with one prepared statement a row (a call costs a microsecond, there is no wire).</summary>
sealed class SqliteStore(SqliteDatabase db, OwnSeals own, short lane = 0) : LedgerStore(db.Catalogue)
{
    readonly Dictionary<string, SqliteStatement> _prepared = [];
    readonly Lane _lane = new(own, lane);
    SqliteConnection? _connection;

    public override async Task<LoadedState> Load(ReadSet reads, CancellationToken ct)
    {
        var connection = await Connect(ct);
        var loaded = new LoadedState();
        // One look for all: what is read belongs together, and SQLite finds its place in the log once.
        await using var look = connection.BeginTransaction(deferred: true);
        var (accounts, limits, restrictions) = (Prepare(SqliteSql.LoadAccounts), Prepare(SqliteSql.LoadSpendingLimits),
            Prepare(SqliteSql.LoadRestrictions));
        var at = reads.At.ToUnixTimeMilliseconds();
        foreach (var owner in reads.Owners)
        {
            var position = loaded.AccountState.Open(owner);
            for (accounts.With(owner); accounts.Read();)
                position.Load(AccountTypes[(short)accounts.Integer(0)], (int)accounts.Integer(1), accounts.Integer(2));
            for (limits.With(owner); limits.Read();)
                position.Load(ReadSpendingLimit(owner, limits));
            for (restrictions.With(owner).With(at); restrictions.Read();)
                position.Load(RestrictionKinds[(short)restrictions.Integer(0)]);
        }
        foreach (var counter in reads.Counters)
        {
            var position = loaded.AccountState.OpenCounter(counter);
            for (limits.With(counter); limits.Read();)
                position.Load(ReadSpendingLimit(counter, limits));
        }
        foreach (var owner in reads.Pools)
        {
            var pool = loaded.AccountState.OpenPool(owner, _lane.Stripe);
            for (var r = Prepare(SqliteSql.LoadPool).With(owner); r.Read();)
                if (AccountTypes[(short)r.Integer(0)] is { IsPool: true } accountType)
                    pool.Load(accountType, (int)r.Integer(1), (short)r.Integer(2), r.Integer(3));
        }
        foreach (var (caller, key) in reads.IdempotencyKeys)
            for (var r = Prepare(SqliteSql.LoadKeys).With(caller).With(key); r.Read();)
                loaded.IdempotencyKeys[(caller, key)] = new IdempotencyRecord(r.Bytes(0), r.Text(1));
        foreach (var use in reads.SingleUses)
            for (var r = Prepare(SqliteSql.LoadSingleUse).With(use.Subject).With(use.Kind.Number).With(use.Number); r.Read();)
                loaded.AccountState.Load(use);
        foreach (var id in reads.Entries)
            for (var r = Prepare(SqliteSql.LoadEntry).With(id); r.Read();)
                loaded.Entries.Add(id);
        (loaded.Lane, loaded.Head) = (_lane.Number, _lane.Head ?? ReadHead());
        return loaded;
    }

    public override async Task Commit(WriteSet writes, Func<DbTransaction, CancellationToken, Task>? alongside, CancellationToken ct)
    {
        using var door = await db.EnterDoor(ct);
        _lane.Doubt();
        var connection = await Connect(ct);
        await using var tx = connection.BeginTransaction(IsolationLevel.Serializable, deferred: false);
        WriteHistory(writes);
        WriteAccountState(writes);
        if (alongside is not null)
            await alongside(tx, ct);
        tx.Commit();
        _lane.Wrote(writes.Seal);
    }

    void WriteHistory(WriteSet writes)
    {
        if (writes.Seal is { } seal)
        {
            Expect(1, Prepare(SqliteSql.InsertSeal).With(seal.Lane).With(seal.Number).With(seal.AtMs).With(seal.Count)
                .With(seal.Root).With(seal.Previous).With(seal.Hash).With(seal.Leaves).Run(), "seal");
            var entry = Prepare(SqliteSql.InsertEntry);
            foreach (var e in writes.Entries)
                Expect(1, entry.With(e.Id).With(e.Kind.Number).With(e.At.ToUnixTimeMilliseconds())
                    .With((short)e.Initiator.Kind).With(e.Initiator.Id).With(e.Store).With(e.Corrects)
                    .With(e.AttachedHash).With(e.OwnerBytes()).With(seal.Lane).With(seal.Number).Run(), "entries");
        }
        var posting = Prepare(SqliteSql.InsertPosting);
        foreach (var p in writes.PostingsSorted())
            Expect(1, posting.With(p.Owner).With(p.EntryId).With(p.Leg).With(p.AccountType.Number).With(p.Term).With(p.Amount)
                .With(p.BalanceAfter).Run(), "postings");
        foreach (var (table, rows) in writes.Details)
        {
            var detail = Prepare(SqliteSql.InsertDetail(table));
            foreach (var row in rows)
            {
                foreach (var column in table.Columns)
                    column.Give(detail, row);
                Expect(1, detail.Run(), table.Name);
            }
        }
    }

    void WriteAccountState(WriteSet writes)
    {
        foreach (var o in writes.IdempotencyKeys)
            Expect(1, Prepare(SqliteSql.InsertKeys).With(o.Caller).With(o.Key).With(o.RequestHash).With(o.Answer).With(o.AtMs)
                .With(o.EntryId).Run(), "idempotency_key");
        foreach (var f in writes.SingleUses)
            Expect(1, Prepare(SqliteSql.InsertSingleUse).With(f.SingleUse.Subject).With(f.SingleUse.Kind.Number).With(f.SingleUse.Number)
                .With(f.EntryId).Run(), "single_use");
        foreach (var (exists, a) in writes.SpendingLimits)
            Expect(1, Prepare(exists ? SqliteSql.UpdateSpendingLimit : SqliteSql.InsertSpendingLimit)
                .With(a.Owner).With(a.Kind.Number).With(a.Day).With(a.DayUsed).With(a.Month).With(a.MonthUsed).With(a.Version).Run(),
                    "limits");
        var (runs, others) = writes.GuardedByRun();
        foreach (var run in runs)
            Write(run);
        foreach (var g in others)
            Update(g);
        foreach (var ((owner, accountType, term), delta) in writes.OpenSorted())
            Expect(1, Prepare(SqliteSql.AddToOpen).With(owner).With(accountType.Number).With(term).With(delta).Run(), "open accounts");
    }

    /// <summary>
    /// Many lots that one payment takes: those that it empties with one look whether they are as they were read, and one change. The last,
    /// of which something is left, and all where that does not fit, each for itself.
    /// </summary>
    void Write(IReadOnlyList<GuardedChange> run)
    {
        var emptied = run.TakeWhile(g => g.After == 0).ToList();
        if (emptied.Count < WriteSet.LeastInRun || !AreAsRead(emptied))
            emptied.Clear();
        else
            Expect(emptied.Count, Between(SqliteSql.EmptyRun, emptied).Run(), "guarded accounts");
        foreach (var g in run.Skip(emptied.Count))
            Update(g);
    }

    bool AreAsRead(List<GuardedChange> run)
    {
        var (seen, alike) = (0, true);
        for (var held = Between(SqliteSql.LoadRun, run); held.Read(); seen++)
            alike &= seen < run.Count && run[seen].Term == held.Integer(0) && run[seen].Before == held.Integer(1);
        return alike && seen == run.Count;
    }

    SqliteStatement Between(string sql, List<GuardedChange> run) =>
        Prepare(sql).With(run[0].Owner).With(run[0].AccountType.Number).With(run[0].Term).With(run[^1].Term);

    void Update(in GuardedChange g) => Expect(1, Prepare(g.Exists ? SqliteSql.UpdateGuarded : SqliteSql.InsertGuarded)
        .With(g.Owner).With(g.AccountType.Number).With(g.Term).With(g.Stripe).With(g.Before).With(g.After).Run(), "guarded accounts");

    SealHead ReadHead()
    {
        var newest = SealHead.None;
        for (var r = Prepare(SqliteSql.LoadHead).With(_lane.Number); r.Read();)
            newest = new SealHead(r.Integer(0), r.Bytes(1), r.Integer(2));
        var found = new Dictionary<(short, long), byte[]>();
        foreach (var (lane, head) in _lane.AskOwed())
            for (var r = Prepare(SqliteSql.LoadSeal).With(lane).With(head.Number); r.Read();)
                found[(lane, head.Number)] = r.Bytes(0);
        return _lane.Learn(newest, found);
    }

    SpendingLimit ReadSpendingLimit(Guid owner, SqliteStatement r) => new(
        owner, LimitKinds[(short)r.Integer(0)], r.IntegerOrNull(1), r.IntegerOrNull(2), r.IntegerOrNull(3),
        (int)r.Integer(4), r.Integer(5), (int)r.Integer(6), r.Integer(7), r.Integer(8))
    {
        Raised = r.IntegerOrNull(12) is { } from
            ? new RaisedCaps(r.IntegerOrNull(9), r.IntegerOrNull(10), r.IntegerOrNull(11), Instant.OfMilliseconds(from)) : null,
    };

    SqliteStatement Prepare(string sql)
    {
        if (!_prepared.TryGetValue(sql, out var statement))
            _prepared.Add(sql, statement = new SqliteStatement(_connection!, sql));
        return statement;
    }

    async Task<SqliteConnection> Connect(CancellationToken ct) => _connection ??= (SqliteConnection)await db.Connect(ct);

    public override async ValueTask DisposeAsync()
    {
        foreach (var statement in _prepared.Values)
            statement.Dispose();
        if (_connection is not null)
            await _connection.DisposeAsync();
    }
}

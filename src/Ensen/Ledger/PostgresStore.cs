using System.Data;
using System.Data.Common;
using Ensen.Basics;
using Ensen.Storage;
using Npgsql;

namespace Ensen.Ledger;

/// <summary>Batches on PostgreSQL: arrays in, one statement a table, one connection a writer.</summary>
sealed class PostgresStore(PostgresDatabase db, OwnSeals own) : LedgerStore(db.Catalogue)
{
    /// <summary>How long the database may take for a batch's writes, and once more for its commit, before the batch is in doubt.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    readonly Lane _lane = new(own);
    NpgsqlConnection? _connection;

    public override async Task<LoadedState> Load(ReadSet reads, CancellationToken ct)
    {
        var connection = await Connection(ct);
        var loaded = new LoadedState();
        foreach (var owner in reads.Owners)
            loaded.AccountState.Open(owner);
        foreach (var counter in reads.Counters)
            loaded.AccountState.OpenCounter(counter);
        foreach (var pool in reads.Pools)
            loaded.AccountState.OpenPool(pool, _lane.Stripe);

        await using var batch = new NpgsqlBatch(connection) { Timeout = (int)Patience.TotalSeconds };
        var owners = reads.Owners.ToArray();
        Array.Sort(owners);
        // Each statement looks for itself. So the owners' turns are read first: whatever is newer than they are, this batch does not
        // commit.
        batch.BatchCommands.Add(Command(PostgresSql.LoadSpendingLimits,
            reads.Counters.Count == 0 ? owners : [.. reads.Owners.Union(reads.Counters).Order()]));
        batch.BatchCommands.Add(Command(PostgresSql.LoadAccounts, owners));
        batch.BatchCommands.Add(Command(PostgresSql.LoadRestrictions, owners, reads.At.ToUnixTimeMilliseconds()));
        if (reads.Pools.Count > 0)
            batch.BatchCommands.Add(Command(PostgresSql.LoadPools, reads.Pools.Order().ToArray()));
        if (reads.IdempotencyKeys.Count > 0)
            batch.BatchCommands.Add(Command(PostgresSql.LoadKeys,
                reads.IdempotencyKeys.Select(o => o.Caller).ToArray(), reads.IdempotencyKeys.Select(o => o.Key).ToArray()));
        if (reads.SingleUses.Count > 0)
            batch.BatchCommands.Add(Command(PostgresSql.LoadSingleUses,
                reads.SingleUses.Select(f => f.Subject).ToArray(), reads.SingleUses.Select(f => f.Kind.Number).ToArray(),
                reads.SingleUses.Select(f => f.Number).ToArray()));
        if (reads.Entries.Count > 0)
            batch.BatchCommands.Add(Command(PostgresSql.LoadEntries, reads.Entries.ToArray()));
        var owed = _lane.Head is null ? _lane.AskOwed() : [];
        if (_lane.Head is null)
            batch.BatchCommands.Add(Command(PostgresSql.LoadHead, _lane.Number));
        if (owed.Count > 0)
            batch.BatchCommands.Add(
                Command(PostgresSql.LoadSeals, owed.Select(o => o.Lane).ToArray(), owed.Select(o => o.Head.Number).ToArray()));

        await using var reader = await batch.ExecuteReaderAsync(ct);
        while (reader.Read())
            loaded.AccountState.Open(reader.GetGuid(0)).Load(new SpendingLimit(
                reader.GetGuid(0), LimitKinds[reader.GetInt16(1)], OrNull(reader, 2), OrNull(reader, 3), OrNull(reader, 4),
                reader.GetInt32(5), reader.GetInt64(6), reader.GetInt32(7), reader.GetInt64(8), reader.GetInt64(9))
            {
                Raised = OrNull(reader, 13) is { } from
                    ? new RaisedCaps(OrNull(reader, 10), OrNull(reader, 11), OrNull(reader, 12), Instant.OfMilliseconds(from)) : null,
            });
        await reader.NextResultAsync(ct);
        while (reader.Read())
            loaded.AccountState.Open(reader.GetGuid(0)).Load(
                AccountTypes[reader.GetInt16(1)], reader.GetInt32(2), reader.GetInt64(3));
        await reader.NextResultAsync(ct);
        while (reader.Read())
            loaded.AccountState.Open(reader.GetGuid(0)).Load(RestrictionKinds[reader.GetInt16(1)]);
        if (reads.Pools.Count > 0)
        {
            await reader.NextResultAsync(ct);
            while (reader.Read())
                if (AccountTypes[reader.GetInt16(1)] is { IsPool: true } accountType)
                    loaded.AccountState.Pool(reader.GetGuid(0)).Load(
                        accountType, reader.GetInt32(2), reader.GetInt16(3), reader.GetInt64(4));
        }
        if (reads.IdempotencyKeys.Count > 0)
        {
            await reader.NextResultAsync(ct);
            while (reader.Read())
                loaded.IdempotencyKeys[(reader.GetGuid(0), reader.GetString(1))] =
                    new IdempotencyRecord((byte[])reader.GetValue(2), reader.IsDBNull(3) ? null : reader.GetString(3));
        }
        if (reads.SingleUses.Count > 0)
        {
            await reader.NextResultAsync(ct);
            while (reader.Read())
                loaded.AccountState.Load(new SingleUse(SingleUseKinds[reader.GetInt16(1)], reader.GetGuid(0), reader.GetInt64(2)));
        }
        if (reads.Entries.Count > 0)
        {
            await reader.NextResultAsync(ct);
            while (reader.Read())
                loaded.Entries.Add(reader.GetGuid(0));
        }
        if (_lane.Head is null)
        {
            await reader.NextResultAsync(ct);
            var newest = reader.Read() ? new SealHead(reader.GetInt64(0), (byte[])reader.GetValue(1), reader.GetInt64(2)) : SealHead.None;
            var found = new Dictionary<(short, long), byte[]>();
            if (owed.Count > 0)
            {
                await reader.NextResultAsync(ct);
                while (reader.Read())
                    found[(reader.GetInt16(0), reader.GetInt64(1))] = (byte[])reader.GetValue(2);
            }
            _lane.Learn(newest, found);
        }
        (loaded.Lane, loaded.Head) = (_lane.Number, _lane.Head!);
        return loaded;
    }

    public override async Task Commit(WriteSet writes, Func<DbTransaction, CancellationToken, Task>? alongside, CancellationToken ct)
    {
        // Never on another connection than the one it was read on: the lane is held by that one.
        if (_connection is not { State: ConnectionState.Open } connection)
            throw new IOException("The connection to the database was lost.");
        _lane.Doubt();
        await using var tx = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, ct);
        await using var batch = new NpgsqlBatch(connection, tx) { Timeout = (int)Patience.TotalSeconds };
        var expected = new List<(int Rows, string What)>();
        foreach (var (rows, what, command) in Statements(writes))
        {
            batch.BatchCommands.Add(command);
            expected.Add((rows, what));
        }
        await batch.ExecuteNonQueryAsync(ct);
        for (var i = 0; i < expected.Count; i++)
            Expect(expected[i].Rows, (int)batch.BatchCommands[i].RecordsAffected, expected[i].What);
        if (alongside is not null)
        {
            // Whoever holds what a draft has to change beside its entry keeps that draft waiting, and not everybody after it.
            await using (var wait = new NpgsqlCommand(PostgresSql.WaitBriefly, connection, tx))
                await wait.ExecuteNonQueryAsync(ct);
            await alongside(tx, ct);
        }
        await Commit(tx, ct);
        _lane.Wrote(writes.Seal);
    }

    static async Task Commit(NpgsqlTransaction tx, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            await tx.CommitAsync(limit.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException("The database did not acknowledge a commit.", e);
        }
    }

    /// <summary>History first (nobody waits for new rows), then what others may be waiting for.</summary>
    IEnumerable<(int, string, NpgsqlBatchCommand)> Statements(WriteSet writes)
    {
        if (writes.Entries is { Count: > 0 } e && writes.Seal is { } seal)
        {
            yield return (e.Count, "entries", Command(PostgresSql.InsertEntries,
                Column(e, x => x.Id), Column(e, x => x.Kind.Number), Column(e, x => x.At.ToUnixTimeMilliseconds()),
                Column(e, x => (short)x.Initiator.Kind), Column(e, x => x.Initiator.Id),
                Column(e, x => x.Store), Column(e, x => x.Corrects), Column(e, x => x.AttachedHash), Column(e, x => x.OwnerBytes()),
                seal.Lane, seal.Number));
            yield return (1, "seal", Command(PostgresSql.InsertSeal,
                seal.Lane, seal.Number, seal.AtMs, seal.Count, seal.Root, seal.Previous, seal.Hash, seal.Leaves));
        }
        if (writes.PostingsSorted() is { Count: > 0 } p)
            yield return (p.Count, "postings", Command(PostgresSql.InsertPostings,
                Column(p, x => x.Owner), Column(p, x => x.EntryId), Column(p, x => x.Leg), Column(p, x => x.AccountType.Number),
                Column(p, x => x.Term),
                Column(p, x => x.Amount), Column(p, x => x.BalanceAfter)));
        foreach (var (table, rows) in writes.Details)
            yield return (rows.Count, table.Name,
                Command(PostgresSql.InsertDetails(table), [.. table.Columns.Select(c => c.Gather(rows))]));
        if (writes.IdempotencyKeys is { Count: > 0 } o)
            yield return (o.Count, "idempotency_key", Command(PostgresSql.InsertKeys,
                Column(o, x => x.Caller), Column(o, x => x.Key), Column(o, x => x.RequestHash), Column(o, x => x.Answer),
                Column(o, x => x.AtMs),
                Column(o, x => x.EntryId)));
        if (writes.SingleUses is { Count: > 0 } f)
            yield return (f.Count, "single_use", Command(PostgresSql.InsertSingleUses,
                Column(f, x => x.SingleUse.Subject), Column(f, x => x.SingleUse.Kind.Number), Column(f, x => x.SingleUse.Number),
                Column(f, x => x.EntryId)));
        var (runs, others) = writes.GuardedByRun();
        foreach (var exists in (bool[])[true, false])
        {
            if (writes.SpendingLimits.Where(x => x.Exists == exists).Select(x => x.After).ToList() is { Count: > 0 } a)
                yield return (a.Count, "limits", Command(exists ? PostgresSql.UpdateSpendingLimits : PostgresSql.InsertSpendingLimits,
                    Column(a, x => x.Owner), Column(a, x => x.Kind.Number), Column(a, x => x.Day), Column(a, x => x.DayUsed),
                    Column(a, x => x.Month), Column(a, x => x.MonthUsed), Column(a, x => x.Version)));
            if (others.Where(x => x.Exists == exists).ToList() is { Count: > 0 } g)
                yield return (g.Count, "guarded accounts", Command(exists ? PostgresSql.UpdateGuarded : PostgresSql.InsertGuarded,
                    Column(g, x => x.Owner), Column(g, x => x.AccountType.Number), Column(g, x => x.Term), Column(g, x => x.Stripe),
                    Column(g, x => x.Before), Column(g, x => x.After)));
        }
        // After the owners' turns, as all that is guarded by them.
        foreach (var run in runs)
            yield return (run.Count, "guarded accounts", Command(PostgresSql.UpdateGuardedRun,
                run[0].Owner, run[0].AccountType.Number, Column(run, x => x.Term), Column(run, x => x.Before), Column(run, x => x.After),
                run[0].Term, run[^1].Term));
        if (writes.OpenSorted() is { Count: > 0 } n)
            yield return (n.Count, "open accounts", Command(PostgresSql.AddToOpen,
                Column(n, x => x.Key.Owner), Column(n, x => x.Key.AccountType.Number), Column(n, x => x.Key.Term), Column(
                    n, _ => _lane.Stripe), Column(n, x => x.Value)));
    }

    static T[] Column<TRow, T>(IReadOnlyList<TRow> rows, Func<TRow, T> read)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = read(rows[i]);
        return values;
    }

    static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }

    static long? OrNull(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    async Task<NpgsqlConnection> Connection(CancellationToken ct)
    {
        if (_connection is { State: ConnectionState.Open })
            return _connection;
        if (_connection is not null)
            await _connection.DisposeAsync();
        _connection = null;
        var fresh = await db.Source.OpenConnectionAsync(ct);
        try
        {
            await using var set = new NpgsqlCommand(PostgresSql.PlanByIndex, fresh);
            await set.ExecuteNonQueryAsync(ct);
            await using var enter = new NpgsqlCommand(PostgresSql.EnterLane, fresh);
            _lane.Enter((short)(await enter.ExecuteScalarAsync(ct))!);
        }
        catch
        {
            // A connection that is in no lane is nobody's: the next try opens another.
            await fresh.DisposeAsync();
            throw;
        }
        return _connection = fresh;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
    }
}

using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;
using Npgsql;

namespace Ensen.Ledger;

/// <summary>
/// A month of history: where it is, how many entries and postings it has (an estimate while it is here), and its bytes with indexes.
/// </summary>
public sealed record MonthOfHistory(HistoryMonth Month, bool IsHere, long Entries, long Postings, long Bytes);

/// <summary>Why history is not kept, or a month not moved, as asked.</summary>
public enum MonthsRefusal
{
    None = 0,

    /// <summary>Only PostgreSQL keeps history by month.</summary>
    OnlyPostgres = 1,

    /// <summary>This database keeps its history in one piece (or, of a month: has none of that name where it was looked for).</summary>
    NotFound = 2,

    /// <summary>Months leave the oldest first and come back the newest first.</summary>
    OutOfOrder = 3,

    /// <summary>Payments of the month may still be refunded.</summary>
    TooYoung = 4,
}

/// <summary>
/// History by month, for those who need it (<c>docs/operating/months.md</c>): on PostgreSQL <c>entry</c> and <c>posting</c> are split so
/// that an old month can be taken away, and brought back, without touching a row. A month that is away lies in the schema <c>detached</c>,
/// to be dumped and dropped; what its postings add to each account stays (<c>carried</c>), and so do its seals.
/// </summary>
public sealed class Months(Database db, Programme programme, TimeProvider clock)
{
    const int Tries = 60;
    const int Ahead = 3;
    const int Lock = 7317;
    const int LongTime = 3_600;

    /// <summary>In the order in which a batch writes them: who alters them waits in the same order.</summary>
    static readonly (string Name, string Id)[] s_tables = [("entry", "id"), ("posting", "entry_id")];

    /// <summary>All months, the oldest first. None when history is in one piece.</summary>
    public async Task<IReadOnlyList<MonthOfHistory>> List(CancellationToken ct = default)
    {
        if (db.Engine != Engine.Postgres)
            return [];
        await using var connection = await db.Connect(ct);
        return await Read(connection);
    }

    static async Task<IReadOnlyList<MonthOfHistory>> Read(DbConnection connection, DbTransaction? tx = null)
    {
        var away = await connection.QueryAsync<(int Month, long Entries, long Postings)>(
            "select month, entries, postings from detached_month order by month", transaction: tx);
        var here = await connection.QueryAsync<(string Name, long Rows, long Postings, long Bytes)>(
            """
            select e.relname, greatest(e.reltuples, 0)::bigint, greatest(p.reltuples, 0)::bigint, pg_total_relation_size(e.oid) + pg_total_relation_size(p.oid)
            from pg_inherits i
            join pg_class e on e.oid = i.inhrelid
            join pg_class p on p.relname = replace(e.relname, 'entry_', 'posting_') and p.relnamespace = e.relnamespace
            where i.inhparent = to_regclass('entry')
              and e.relname ~ '^entry_\d{4}_\d{2}$'
            order by e.relname
            """, transaction: tx);
        return
        [
            .. away.Select(m => new MonthOfHistory(new HistoryMonth(m.Month), false, m.Entries, m.Postings, 0)),
            .. here.Select(m => new MonthOfHistory(
                HistoryMonth.Read(m.Name["entry_".Length..].Replace('_', '-'))!.Value, true, m.Rows, m.Postings, m.Bytes)),
        ];
    }

    /// <summary>
    /// Splits history from here on: all that there is, with the rest of this month, becomes the first month. No row is copied, but each is
    /// looked at once, and payments wait for it. Done once more it does nothing.
    /// </summary>
    public async Task<Answer<IReadOnlyList<MonthOfHistory>, MonthsRefusal>> Begin(CancellationToken ct = default)
    {
        if (db.Engine != Engine.Postgres) return MonthsRefusal.OnlyPostgres;
        var month = HistoryMonth.Of(JapanDay.Of(clock.GetUtcNow()));
        await Alter(async tx =>
        {
            if (await IsByMonth(tx.Connection!))
                return;
            await Hold(tx, "entry, posting", ct);
            foreach (var (table, id) in s_tables)
                await Execute(tx,
                    $"""
                    alter table {table} rename to {Name(table, month)};
                    alter table {Name(table, month)} rename constraint {table}_pkey to {Name(table, month)}_pkey;
                    create table {table} (like {Name(table, month)} including defaults including storage) partition by range ({id});
                    alter table {table} add constraint {table}_pkey primary key ({(table == "entry" ? "id" : "owner, entry_id, leg")});
                    alter table {table} attach partition {Name(table, month)} for values from (minvalue) to ('{month.Next.First}');
                    create table {table}_elsewhere partition of {table} default
                    """);
        }, ct);
        await Prepare(ct);
        return Answered(await List(ct));
    }

    /// <summary>
    /// Sees to it that this month and the next two have their place; called once a day. Returns those that could not be given one.
    /// </summary>
    public async Task<IReadOnlyList<HistoryMonth>> Prepare(CancellationToken ct = default)
    {
        var without = new List<HistoryMonth>();
        if (db.Engine != Engine.Postgres || !await IsByMonth(ct))
            return without;
        var month = HistoryMonth.Of(JapanDay.Of(clock.GetUtcNow()));
        for (var i = 0; i < Ahead; i++, month = month.Next)
            if (!await Open(month, ct))
                without.Add(month);
        return without;
    }

    /// <summary>Takes the oldest month away, when no payment of it can be refunded any more.</summary>
    public async Task<Answer<MonthOfHistory, MonthsRefusal>> Detach(HistoryMonth month, CancellationToken ct = default)
    {
        if (db.Engine != Engine.Postgres) return MonthsRefusal.OnlyPostgres;
        var today = JapanDay.Of(clock.GetUtcNow());
        var refusal = MonthsRefusal.None;
        await Alter(async tx =>
        {
            var here = (await Read(tx.Connection!, tx)).Where(m => m.IsHere).ToList();
            refusal =
                here.All(m => m.Month != month) ? MonthsRefusal.NotFound
                : here[0].Month != month || await LiesElsewhere(tx, Guid.Empty, month.Next.First) ? MonthsRefusal.OutOfOrder
                : today.Date.DayNumber - month.LastDay.Date.DayNumber <= programme.Payments.RefundDays ? MonthsRefusal.TooYoung
                : MonthsRefusal.None;
            if (refusal != MonthsRefusal.None)
                return;
            await Carry(tx, Name("posting", month), +1);
            await tx.Connection!.ExecuteAsync(
                $"""
                insert into detached_month (month, until, entries, postings, detached_ms)
                select @Number, @Until, (select count(*) from {Name("entry", month)}), (select count(*) from {Name("posting", month)}), @now
                """,
                new { month.Number, Until = month.Next.First, now = clock.GetUtcNow().ToUnixTimeMilliseconds() }, tx, LongTime);
            await Hold(tx, "entry, posting", ct);
            await Execute(tx, "create schema if not exists detached");
            foreach (var (table, _) in s_tables)
                await Execute(tx,
                    $"alter table {table} detach partition {Name(table, month)}; alter table {Name(table, month)} set schema detached");
        }, ct);
        return await Outcome(refusal, month, ct);
    }

    /// <summary>Brings the newest month that is away back, from the schema <c>detached</c>.</summary>
    public async Task<Answer<MonthOfHistory, MonthsRefusal>> Attach(HistoryMonth month, CancellationToken ct = default)
    {
        if (db.Engine != Engine.Postgres) return MonthsRefusal.OnlyPostgres;
        var refusal = MonthsRefusal.None;
        await Alter(async tx =>
        {
            var away = (await Read(tx.Connection!, tx)).Where(m => !m.IsHere).ToList();
            refusal =
                away.All(m => m.Month != month) ? MonthsRefusal.NotFound
                : away[^1].Month != month ? MonthsRefusal.OutOfOrder
                : await Exists(tx.Connection!, "detached." + Name("posting", month))
                    && await Exists(tx.Connection!, "detached." + Name("entry", month)) ? MonthsRefusal.None
                : MonthsRefusal.NotFound;
            if (refusal != MonthsRefusal.None)
                return;
            await Carry(tx, "detached." + Name("posting", month), -1);
            await tx.Connection!.ExecuteAsync("delete from carried where amount = 0", transaction: tx);
            await tx.Connection!.ExecuteAsync("delete from detached_month where month = @Number", new { month.Number }, tx);
            await Hold(tx, "entry, posting", ct);
            foreach (var (table, _) in s_tables)
                await Execute(tx,
                    $"""
                    do $$ begin execute format('alter table detached.{Name(table, month)} set schema %I', current_schema()); end $$;
                    alter table {table} attach partition {Name(table, month)} for values from ({(away.Count == 1 ? "minvalue" : $"'{month.First}'")}) to ('{month.Next.First}')
                    """);
        }, ct);
        return await Outcome(refusal, month, ct);
    }

    async Task<Answer<MonthOfHistory, MonthsRefusal>> Outcome(MonthsRefusal refusal, HistoryMonth month, CancellationToken ct) =>
        refusal != MonthsRefusal.None ? refusal
            : (await List(ct)).FirstOrDefault(m => m.Month == month) is { } found ? found
                : MonthsRefusal.NotFound;

    static string Name(string table, HistoryMonth month) => $"{table}_{month.ToString().Replace('-', '_')}";

    static Answer<IReadOnlyList<MonthOfHistory>, MonthsRefusal> Answered(IReadOnlyList<MonthOfHistory> months) =>
        new List<MonthOfHistory>(months);

    /// <summary>False when entries of that month already lie elsewhere, as they do after a clock was moved.</summary>
    async Task<bool> Open(HistoryMonth month, CancellationToken ct)
    {
        var opened = false;
        await Alter(async tx =>
        {
            if (opened = await Exists(tx.Connection!, Name("posting", month)))
                return;
            await Hold(tx, "entry_elsewhere, posting_elsewhere", ct);
            if (await LiesElsewhere(tx, month.First, month.Next.First))
                return;
            foreach (var (table, _) in s_tables)
                await Execute(tx,
                    $"""
                    create table {Name(table, month)} (like {table} including all);
                    alter table {table} attach partition {Name(table, month)} for values from ('{month.First}') to ('{month.Next.First}')
                    """);
            opened = true;
        }, ct);
        return opened;
    }

    static async Task<bool> LiesElsewhere(DbTransaction tx, Guid from, Guid until) => await tx.Connection!.ExecuteScalarAsync<bool>(
        """
        select exists (select 1 from entry_elsewhere where id >= @from and id < @until)
            or exists (select 1 from posting_elsewhere where entry_id >= @from and entry_id < @until)
        """, new { from, until }, tx, LongTime);

    /// <summary>Adds what a month's postings sum to, or takes it off again.</summary>
    static Task Carry(DbTransaction tx, string postings, int sign) => Execute(tx,
        $"""
        insert into carried as c (owner, account_type, term, amount)
        select owner, account_type, term, {sign} * sum(amount)
        from {postings}
        group by owner, account_type, term
        on conflict (owner, account_type, term) do update set amount = c.amount + excluded.amount
        """);

    /// <summary>One transaction on the shape of the tables, one at a time over all nodes.</summary>
    Task Alter(Func<DbTransaction, Task> work, CancellationToken ct) => db.Transact(async tx =>
    {
        await Execute(tx, $"select pg_advisory_xact_lock({Lock})");
        await work(tx);
    }, ct);

    /// <summary>
    /// Takes the tables for this transaction, all at once. It stands in nobody's way for more than a fifth of a second (before PostgreSQL
    /// looks for a deadlock, so that no reader is ended for our sake), lets them pass, and tries again; after half a minute it gives up.
    /// </summary>
    async Task Hold(DbTransaction tx, string tables, CancellationToken ct)
    {
        await Execute(tx, "set local lock_timeout = '200ms'");
        for (var attempt = 1; ; attempt++)
        {
            await Execute(tx, "savepoint free");
            try
            {
                await Execute(tx, $"lock table {tables} in access exclusive mode");
                return;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable && attempt < Tries)
            {
                await Execute(tx, "rollback to savepoint free");
                await Task.Delay(TimeSpan.FromMilliseconds(300), clock, ct);
            }
        }
    }

    static Task Execute(DbTransaction tx, string sql) => tx.Connection!.ExecuteAsync(sql, transaction: tx, commandTimeout: LongTime);

    static Task<bool> Exists(DbConnection connection, string table) =>
        connection.ExecuteScalarAsync<bool>("select to_regclass(@table) is not null", new { table });

    async Task<bool> IsByMonth(CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await IsByMonth(connection);
    }

    static Task<bool> IsByMonth(DbConnection connection) =>
        connection.ExecuteScalarAsync<bool>("select exists (select 1 from pg_partitioned_table where partrelid = to_regclass('posting'))");
}

using Npgsql;
using static NpgsqlTypes.NpgsqlDbType;

namespace Ensen.Bench.Peers;

/// <summary>
/// No balances at all: what a member holds is the sum of the postings, looked up under a lock of the member. Nothing is hot and nothing is
/// updated, but each payment reads more than the one before it.
/// </summary>
sealed class Summed : IPeer
{
    public const string Schema =
        """
        drop schema if exists peer_sum cascade;
        create schema peer_sum;
        create table peer_sum.entry (id uuid primary key, kind smallint not null, at_ms bigint not null, asked_by uuid not null, store_id uuid);
        create table peer_sum.posting (
          owner uuid, entry_id uuid, leg smallint, account_type smallint not null, term integer not null, amount bigint not null,
          primary key (owner, entry_id, leg) include (account_type, amount)
        );
        create table peer_sum.payment (
          entry_id uuid primary key, member_id uuid not null, store_id uuid not null, at_ms bigint not null, amount_yen bigint not null,
          points bigint not null, points_earned bigint not null, way smallint not null
        );
        create index payment_of_member on peer_sum.payment (member_id, at_ms) include (amount_yen);
        """;

    public const string Members =
        """
        insert into peer_sum.posting (owner, entry_id, leg, account_type, term, amount) select m, m, 0, 1, 0, 1000000000 from unnest($1::uuid[]) m
        """;

    const int Term = 20991231;
    const long DayCap = 50_000_000_000;
    const long DayMs = 86_400_000;

    readonly NpgsqlConnection _connection;
    readonly PreparedBatch _look;
    readonly PreparedBatch _write;
    readonly PreparedBatch _giveUp;

    Summed(NpgsqlConnection connection)
    {
        _connection = connection;
        // Each statement sees what was committed before it began: the sums are taken after the lock.
        _look = new PreparedBatch(connection)
            .Add("begin")
            .Add("select pg_advisory_xact_lock(hashtextextended($1::text, 0))", Uuid)
            .Add("select coalesce(sum(amount), 0)::bigint from peer_sum.posting where owner = $1 and account_type in (1, 2)", Uuid)
            .Add("select coalesce(sum(amount_yen), 0)::bigint from peer_sum.payment where member_id = $1 and at_ms >= $2", Uuid, Bigint);
        _write = new PreparedBatch(connection)
            .Add("insert into peer_sum.entry (id, kind, at_ms, asked_by, store_id) values ($1, 2, $2, $3, $4)", Uuid, Bigint, Uuid, Uuid)
            .Add(
                """
                insert into peer_sum.posting (owner, entry_id, leg, account_type, term, amount)
                values ($1, $2, 0, 1, 0, -$3), ($4, $2, 1, 10, 0, $3), ($1, $2, 2, 3, $5, $6), ($7, $2, 3, 30, 0, -$6)
                """, Uuid, Uuid, Bigint, Uuid, Integer, Bigint, Uuid)
            .Add(
                """
                insert into peer_sum.payment (entry_id, member_id, store_id, at_ms, amount_yen, points, points_earned, way)
                values ($1, $2, $3, $4, $5, 0, $6, 1)
                """, Uuid, Uuid, Uuid, Bigint, Bigint, Bigint)
            .Add("commit");
        _giveUp = new PreparedBatch(connection).Add("rollback");
    }

    public static async Task<IPeer> On(NpgsqlConnection connection)
    {
        var peer = new Summed(connection);
        await peer._look.Prepare();
        await peer._write.Prepare();
        return peer;
    }

    public async Task<bool> Pay(PeerPayment p)
    {
        _look.Set(1, p.Member);
        _look.Set(2, p.Member);
        _look.Set(3, p.Member, p.AtMs - p.AtMs % DayMs);
        long money, used;
        await using (var rows = await _look.Read())
        {
            await rows.NextResultAsync();
            await rows.ReadAsync();
            money = rows.GetInt64(0);
            await rows.NextResultAsync();
            await rows.ReadAsync();
            used = rows.GetInt64(0);
        }
        if (money < p.AmountYen || used + p.AmountYen > DayCap)
        {
            await _giveUp.Run();
            return false;
        }
        _write.Set(0, p.Id, p.AtMs, p.Member, p.Store);
        _write.Set(1, p.Member, p.Id, p.AmountYen, p.Store, Term, p.Points, Ensen.Ledger.Chart.Operator);
        _write.Set(2, p.Id, p.Member, p.Store, p.AtMs, p.AmountYen, p.Points);
        await _write.Run();
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _look.DisposeAsync();
        await _write.DisposeAsync();
        await _giveUp.DisposeAsync();
        await _connection.DisposeAsync();
    }
}

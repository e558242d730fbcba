using Npgsql;
using static NpgsqlTypes.NpgsqlDbType;

namespace Ensen.Bench.Peers;

/// <summary>
/// One transaction a payment, as most wallets do it: lock the member's rows, look, write the entry with its postings, update the balances,
/// commit. The tables are those of the ledger.
/// </summary>
sealed class Naive : IPeer
{
    public const string Schema =
        """
        drop schema if exists peer_naive cascade;
        create schema peer_naive;
        create table peer_naive.account (
          owner uuid, account_type smallint, term integer, stripe smallint, balance bigint not null, primary key (owner, account_type, term, stripe)
        ) with (fillfactor = 60);
        create table peer_naive.limit (
          owner uuid, kind smallint, day integer not null, day_used bigint not null, month integer not null, month_used bigint not null, primary key (owner, kind)
        ) with (fillfactor = 60);
        create table peer_naive.entry (id uuid primary key, kind smallint not null, at_ms bigint not null, asked_by uuid not null, store_id uuid);
        create table peer_naive.posting (
          owner uuid, entry_id uuid, leg smallint, account_type smallint not null, term integer not null, amount bigint not null, balance_after bigint,
          primary key (owner, entry_id, leg)
        );
        create table peer_naive.payment (
          entry_id uuid primary key, member_id uuid not null, store_id uuid not null, at_ms bigint not null, amount_yen bigint not null,
          points bigint not null, points_earned bigint not null, way smallint not null
        );
        """;

    public const string Members =
        """
        insert into peer_naive.account (owner, account_type, term, stripe, balance) select m, 1, 0, 0, 1000000000 from unnest($1::uuid[]) m;
        insert into peer_naive.limit (owner, kind, day, day_used, month, month_used) select m, 1, 0, 0, 0, 0 from unnest($1::uuid[]) m;
        """;

    const int Term = 20991231;
    const long DayCap = 50_000_000_000;

    readonly NpgsqlConnection _connection;
    readonly PreparedBatch _look;
    readonly PreparedBatch _write;
    readonly PreparedBatch _giveUp;

    Naive(NpgsqlConnection connection)
    {
        _connection = connection;
        _look = new PreparedBatch(connection)
            .Add("begin")
            .Add("select account_type, balance from peer_naive.account where owner = $1 and stripe = 0 order by account_type, term for update", Uuid)
            .Add("select day_used from peer_naive.limit where owner = $1 and kind = 1 for update", Uuid);
        _write = new PreparedBatch(connection)
            .Add("insert into peer_naive.entry (id, kind, at_ms, asked_by, store_id) values ($1, 2, $2, $3, $4)", Uuid, Bigint, Uuid, Uuid)
            .Add(
                """
                insert into peer_naive.posting (owner, entry_id, leg, account_type, term, amount, balance_after)
                values ($1, $2, 0, 1, 0, -$3, $4), ($5, $2, 1, 10, 0, $3, null), ($1, $2, 2, 3, $6, $7, $8), ($9, $2, 3, 30, 0, -$7, null)
                """, Uuid, Uuid, Bigint, Bigint, Uuid, Integer, Bigint, Bigint, Uuid)
            .Add(
                """
                insert into peer_naive.payment (entry_id, member_id, store_id, at_ms, amount_yen, points, points_earned, way)
                values ($1, $2, $3, $4, $5, 0, $6, 1)
                """, Uuid, Uuid, Uuid, Bigint, Bigint, Bigint)
            .Add("update peer_naive.limit set day_used = day_used + $2, month_used = month_used + $2 where owner = $1 and kind = 1", Uuid,
                Bigint)
            .Add("update peer_naive.account set balance = balance - $2 where owner = $1 and account_type = 1 and term = 0 and stripe = 0",
                Uuid, Bigint)
            .Add(Add(3, "$2", "0"), Uuid, Integer, Bigint)
            .Add(Add(10, "0", "$2"), Uuid, Smallint, Bigint)
            .Add(Add(30, "0", "$2"), Uuid, Smallint, Bigint)
            .Add("commit");
        _giveUp = new PreparedBatch(connection).Add("rollback");
    }

    public static async Task<IPeer> On(NpgsqlConnection connection)
    {
        var peer = new Naive(connection);
        await peer._look.Prepare();
        await peer._write.Prepare();
        return peer;
    }

    public async Task<bool> Pay(PeerPayment p)
    {
        _look.Set(1, p.Member);
        _look.Set(2, p.Member);
        long money = 0, points = 0, used;
        await using (var rows = await _look.Read())
        {
            while (await rows.ReadAsync())
                if (rows.GetInt16(0) == 1)
                    money = rows.GetInt64(1);
                else
                    points += rows.GetInt64(1);
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
        _write.Set(1, p.Member, p.Id, p.AmountYen, money - p.AmountYen, p.Store, Term, p.Points, points + p.Points,
            Ensen.Ledger.Chart.Operator);
        _write.Set(2, p.Id, p.Member, p.Store, p.AtMs, p.AmountYen, p.Points);
        _write.Set(3, p.Member, p.AmountYen);
        _write.Set(4, p.Member, p.AmountYen);
        _write.Set(5, p.Member, Term, p.Points);
        _write.Set(6, p.Store, p.Stripe, p.AmountYen);
        _write.Set(7, Ensen.Ledger.Chart.Operator, p.Stripe, -p.Points);
        await _write.Run();
        return true;
    }

    // The member's rows are locked before the store's, and the store's before the operator's, by everybody: nobody deadlocks.
    static string Add(int accountType, string term, string stripe) => FormattableString.Invariant(
        $"""
        insert into peer_naive.account as a (owner, account_type, term, stripe, balance)
        values ($1, {accountType}, {term}, {stripe}, $3)
        on conflict (owner, account_type, term, stripe) do update set balance = a.balance + excluded.balance
        """);

    public async ValueTask DisposeAsync()
    {
        await _look.DisposeAsync();
        await _write.DisposeAsync();
        await _giveUp.DisposeAsync();
        await _connection.DisposeAsync();
    }
}

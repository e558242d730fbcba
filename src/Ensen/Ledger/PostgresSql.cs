using System.Collections.Concurrent;

namespace Ensen.Ledger;

/// <summary>
/// The writer's statements on PostgreSQL. Every statement leads with the owner or the entry, as Citus wants it; where arrays are joined to
/// a table they are a query of their own: PostgreSQL makes nothing of it, Citus gives each column its type only so
/// (docs/operating/scale.md). Rows that are inserted come from arrays in the select list: in the from list each array would be stored
/// first, value by value.
/// </summary>
static class PostgresSql
{
    /// <summary>
    /// Batches touch hundreds of rows by key, in the order given; a plan that scans the table must not be chosen while it is small.
    /// </summary>
    public const string PlanByIndex =
        "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set enable_bitmapscan = off; set jit = off";

    public const string LoadAccounts =
        """
        select a.owner, a.account_type, a.term, a.balance
        from account a
        where a.owner = any ($1::uuid[])
          and a.stripe = 0
        """;

    /// <summary>All stripes of each pool in one look: what is moved from one to another meanwhile is seen in one of them.</summary>
    public const string LoadPools =
        """
        select a.owner, a.account_type, a.term, a.stripe, a.balance
        from account a
        where a.owner = any ($1::uuid[])
        """;

    public const string LoadSpendingLimits =
        """
        select a.owner, a.kind, a.per_movement, a.per_day, a.per_month, a.day, a.day_used, a.month, a.month_used, a.version,
          a.raised_per_movement, a.raised_per_day, a.raised_per_month, a.raised_from_ms
        from spending_limit a
        where a.owner = any ($1::uuid[])
        """;

    /// <summary>
    /// Restrictions that hold at an instant, in milliseconds. They are read after the version of the owner's turn, which whoever adds one
    /// takes.
    /// </summary>
    public const string LoadRestrictions =
        """
        select r.subject, r.kind
        from restriction r
        where r.subject = any ($1::uuid[])
          and r.lifted_ms is null
          and (r.until_ms is null or r.until_ms > $2)
        """;

    public const string LoadKeys =
        """
        select o.caller, o.key, o.request_hash, o.answer
        from (select x.caller, x.key from unnest($1::uuid[], $2::text[]) as x (caller, key)) k
        join idempotency_key o on o.caller = k.caller and o.key = k.key
        """;

    public const string LoadSingleUses =
        """
        select f.subject, f.kind, f.number
        from (select x.subject, x.kind, x.number from unnest($1::uuid[], $2::smallint[], $3::bigint[]) as x (subject, kind, number)) k
        join single_use f on f.subject = k.subject and f.kind = k.kind and f.number = k.number
        """;

    public const string LoadEntries = "select e.id from entry e where e.id = any ($1::uuid[])";

    /// <summary>What stands beside an entry is waited for so long, and then whoever asked is told to ask again.</summary>
    public const string WaitBriefly = "set local lock_timeout = '2s'";

    public const string InsertEntries =
        """
        insert into entry (id, kind, at_ms, initiator_kind, initiator_id, store_id, corrects, attached_hash, owners, lane, seal)
        select
          unnest($1::uuid[]), unnest($2::smallint[]), unnest($3::bigint[]), unnest($4::smallint[]), unnest($5::uuid[]),
          unnest($6::uuid[]), unnest($7::uuid[]), unnest($8::bytea[]), unnest($9::bytea[]), $10, $11
        """;

    /// <summary>
    /// A lane that no other writer is in, held as long as the connection lives. When all are taken, any: then two writers' seals meet at
    /// the primary key and one of them looks again.
    /// </summary>
    public const string EnterLane =
        """
        select coalesce(
          (select l::smallint from generate_series(0, 63) l where pg_try_advisory_lock(7316, l) limit 1),
          (random() * 63)::smallint)
        """;

    /// <summary>The end of the lane's chain.</summary>
    public const string LoadHead =
        "select s.number, s.hash, s.at_ms from seal s where s.lane = $1 order by s.number desc limit 1";

    /// <summary>
    /// These seals (a lane and a number each), as the database has them now; perhaps others of these lanes and numbers too.
    /// </summary>
    public const string LoadSeals =
        "select s.lane, s.number, s.hash from seal s where s.lane = any ($1) and s.number = any ($2)";

    public const string InsertSeal =
        "insert into seal (lane, number, at_ms, entries, root, previous, hash, leaves) values ($1, $2, $3, $4, $5, $6, $7, $8)";

    public const string InsertPostings =
        """
        insert into posting (owner, entry_id, leg, account_type, term, amount, balance_after)
        select
          unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::smallint[]), unnest($4::smallint[]),
          unnest($5::integer[]), unnest($6::bigint[]), unnest($7::bigint[])
        """;

    public const string InsertKeys =
        """
        insert into idempotency_key (caller, key, request_hash, answer, at_ms, entry_id)
        select unnest($1::uuid[]), unnest($2::text[]), unnest($3::bytea[]), unnest($4::text[]), unnest($5::bigint[]), unnest($6::uuid[])
        """;

    public const string InsertSingleUses =
        """
        insert into single_use (subject, kind, number, entry_id)
        select unnest($1::uuid[]), unnest($2::smallint[]), unnest($3::bigint[]), unnest($4::uuid[])
        """;

    public const string UpdateGuarded =
        """
        update account a
        set balance = u.after
        from (
          select x.owner, x.account_type, x.term, x.stripe, x.before, x.after
          from unnest($1::uuid[], $2::smallint[], $3::integer[], $4::smallint[], $5::bigint[], $6::bigint[])
            as x (owner, account_type, term, stripe, before, after)
        ) u
        where a.owner = u.owner
          and a.account_type = u.account_type
          and a.term = u.term
          and a.stripe = u.stripe
          and a.balance = u.before
          and u.after >= 0
        """;

    /// <summary>
    /// Many accounts of one owner and type, in one walk along the key; the terms are in order, and each row's place among them is found by
    /// halving.
    /// </summary>
    public const string UpdateGuardedRun =
        """
        update account a
        set balance = ($5::bigint[])[width_bucket(a.term, $3::integer[])]
        where a.owner = $1
          and a.account_type = $2
          and a.term between $6 and $7
          and a.stripe = 0
          and a.term = ($3::integer[])[width_bucket(a.term, $3::integer[])]
          and a.balance = ($4::bigint[])[width_bucket(a.term, $3::integer[])]
          and ($5::bigint[])[width_bucket(a.term, $3::integer[])] >= 0
        """;

    public const string InsertGuarded =
        """
        insert into account (owner, account_type, term, stripe, balance)
        select u.owner, u.account_type, u.term, u.stripe, u.after
        from unnest($1::uuid[], $2::smallint[], $3::integer[], $4::smallint[], $5::bigint[], $6::bigint[])
          as u (owner, account_type, term, stripe, before, after)
        where u.after >= 0
        """;

    public const string AddToOpen =
        """
        insert into account as a (owner, account_type, term, stripe, balance)
        select unnest($1::uuid[]), unnest($2::smallint[]), unnest($3::integer[]), unnest($4::smallint[]), unnest($5::bigint[])
        on conflict (owner, account_type, term, stripe) do update set balance = a.balance + excluded.balance
        """;

    public const string UpdateSpendingLimits =
        """
        update spending_limit a
        set day = u.day, day_used = u.day_used, month = u.month, month_used = u.month_used, version = u.version + 1
        from (
          select x.owner, x.kind, x.day, x.day_used, x.month, x.month_used, x.version
          from unnest($1::uuid[], $2::smallint[], $3::integer[], $4::bigint[], $5::integer[], $6::bigint[], $7::bigint[])
            as x (owner, kind, day, day_used, month, month_used, version)
        ) u
        where a.owner = u.owner
          and a.kind = u.kind
          and a.version = u.version
        """;

    public const string InsertSpendingLimits =
        """
        insert into spending_limit (owner, kind, day, day_used, month, month_used, version)
        select u.owner, u.kind, u.day, u.day_used, u.month, u.month_used, u.version + 1
        from unnest($1::uuid[], $2::smallint[], $3::integer[], $4::bigint[], $5::integer[], $6::bigint[], $7::bigint[])
          as u (owner, kind, day, day_used, month, month_used, version)
        """;

    static readonly ConcurrentDictionary<DetailTable, string> Details = new();

    /// <summary>A detail's insert, made from the columns its feature lists in code.</summary>
    public static string InsertDetails(DetailTable table) => Details.GetOrAdd(table, static t =>
    {
        var names = string.Join(", ", t.Columns.Select(c => c.Name));
        var arrays = string.Join(", ", t.Columns.Select((c, i) => FormattableString.Invariant($"unnest(${i + 1}::{c.PostgresType}[])")));
        return $"insert into {t.Name} ({names}) select {arrays}";
    });
}

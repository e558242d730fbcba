using System.Collections.Concurrent;

namespace Ensen.Ledger;

/// <summary>The writer's statements on SQLite, one row each; the conditions are those of <see cref="PostgresSql"/>.</summary>
static class SqliteSql
{
    public const string LoadAccounts = "select account_type, term, balance from account where owner = ?1 and stripe = 0";

    public const string LoadPool = "select account_type, term, stripe, balance from account where owner = ?1";

    public const string LoadSpendingLimits =
        """
        select kind, per_movement, per_day, per_month, day, day_used, month, month_used, version,
          raised_per_movement, raised_per_day, raised_per_month, raised_from_ms
        from spending_limit
        where owner = ?1
        """;

    public const string LoadRestrictions =
        "select kind from restriction where subject = ?1 and lifted_ms is null and (until_ms is null or until_ms > ?2)";

    public const string LoadKeys = "select request_hash, answer from idempotency_key where caller = ?1 and key = ?2";
    public const string LoadSingleUse = "select 1 from single_use where subject = ?1 and kind = ?2 and number = ?3";
    public const string LoadEntry = "select 1 from entry where id = ?1";

    public const string InsertEntry =
        "insert into entry (id, kind, at_ms, initiator_kind, initiator_id, store_id, corrects, attached_hash, owners, lane, seal) "
        + "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";

    public const string LoadHead = "select number, hash, at_ms from seal where lane = ?1 order by number desc limit 1";

    public const string LoadSeal = "select hash from seal where lane = ?1 and number = ?2";

    public const string InsertSeal =
        "insert into seal (lane, number, at_ms, entries, root, previous, hash, leaves) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

    public const string InsertPosting =
        "insert into posting (owner, entry_id, leg, account_type, term, amount, balance_after) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

    public const string InsertKeys =
        "insert into idempotency_key (caller, key, request_hash, answer, at_ms, entry_id) values (?1, ?2, ?3, ?4, ?5, ?6)";
    public const string InsertSingleUse = "insert into single_use (subject, kind, number, entry_id) values (?1, ?2, ?3, ?4)";

    public const string UpdateGuarded =
        """
        update account
        set balance = ?6
        where owner = ?1 and account_type = ?2 and term = ?3 and stripe = ?4 and balance = ?5 and ?6 >= 0
        """;

    /// <summary>What an owner's accounts of one type hold from one term to another, those that hold something.</summary>
    public const string LoadRun =
        """
        select term, balance
        from account
        where owner = ?1 and account_type = ?2 and term between ?3 and ?4 and stripe = 0 and balance <> 0
        order by term
        """;

    public const string EmptyRun =
        """
        update account
        set balance = 0
        where owner = ?1 and account_type = ?2 and term between ?3 and ?4 and stripe = 0 and balance <> 0
        """;

    public const string InsertGuarded =
        "insert into account (owner, account_type, term, stripe, balance) select ?1, ?2, ?3, ?4, ?6 where ?6 >= 0 and ?5 = 0";

    /// <summary>
    /// SQLite would go on with a fraction where 64 bits do not suffice; then no row is changed, as PostgreSQL refuses it.
    /// </summary>
    public const string AddToOpen =
        """
        insert into account (owner, account_type, term, stripe, balance)
        values (?1, ?2, ?3, 0, ?4)
        on conflict (owner, account_type, term, stripe) do update set balance = balance + excluded.balance
        where typeof(balance + excluded.balance) = 'integer'
        """;

    public const string UpdateSpendingLimit =
        """
        update spending_limit
        set day = ?3, day_used = ?4, month = ?5, month_used = ?6, version = ?7 + 1
        where owner = ?1 and kind = ?2 and version = ?7
        """;

    public const string InsertSpendingLimit =
        """
        insert into spending_limit (owner, kind, day, day_used, month, month_used, version)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7 + 1)
        """;

    static readonly ConcurrentDictionary<DetailTable, string> Details = new();

    /// <summary>A detail's insert, made from the columns its feature lists in code.</summary>
    public static string InsertDetail(DetailTable table) => Details.GetOrAdd(table, static t =>
        $"insert into {t.Name} ({string.Join(", ", t.Columns.Select(c => c.Name))}) values ({string.Join(", ", t.Columns.Select((_, i) => FormattableString.Invariant($"?{i + 1}")))})");
}

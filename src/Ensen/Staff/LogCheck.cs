using System.Data.Common;
using Dapper;
using Ensen.Ledger;
using Ensen.Merchants;

namespace Ensen.Staff;

/// <summary>What <c>verify</c> holds the logs to: rows from 1 without a gap, each as it was written and naming the one before.</summary>
static class LogCheck
{
    const int MostNamed = 10;

    /// <summary>The log of operators.</summary>
    /// <param name="kept">Rows as they are kept elsewhere: the log must have the same.</param>
    public static async Task<IReadOnlyList<string>> Broken(DbConnection connection, IReadOnlyList<LogHead> kept)
    {
        var walk = new LogWalk("the log", await End(), kept);
        var rows = connection.QueryUnbufferedAsync<OperatorRow>(
            """
            select number, at_ms, act, operator, person, through, subject, reason, detail, previous, hash
            from operator_log
            order by number
            """, commandTimeout: Check.LongTime);
        await foreach (var row in rows)
        {
            walk.Pass(row.Linked);
            if (walk.Broken.Count >= MostNamed)
                return walk.Broken;
        }
        walk.End(await End());
        return walk.Broken;

        async Task<LogEnd> End() => LogEnd.Of(await connection.QuerySingleOrDefaultAsync<(long, byte[]?)?>(
            "select number, hash from operator_log_head where id = 1"));
    }

    /// <summary>The log of each merchant.</summary>
    public static async Task<IReadOnlyList<string>> BrokenOfMerchants(DbConnection connection)
    {
        var (broken, before) = (new List<string>(), await Ends());
        var walks = before.ToDictionary(end => end.Key, end => Walk(end.Key, end.Value));
        var rows = connection.QueryUnbufferedAsync<ShopRow>(
            """
            select merchant, number, at_ms, act, by_account, through, account, detail, previous, hash
            from shop_log
            order by merchant, number
            """, commandTimeout: Check.LongTime);
        await foreach (var row in rows)
        {
            if (!walks.TryGetValue(row.Merchant, out var walk))
                walks[row.Merchant] = walk = Walk(row.Merchant, LogEnd.None);
            walk.Pass(row.Linked);
            if (walk.Broken.Count >= MostNamed)
                return walk.Broken;
        }
        var after = await Ends();
        foreach (var (merchant, walk) in walks)
        {
            walk.End(after.GetValueOrDefault(merchant, LogEnd.None));
            broken.AddRange(walk.Broken);
        }
        return broken;

        async Task<Dictionary<MerchantId, LogEnd>> Ends() =>
            (await connection.QueryAsync<(MerchantId Merchant, long Last, byte[]? Hash)>(
                "select merchant, last, hash from shop_turn", commandTimeout: Check.LongTime))
            .ToDictionary(turn => turn.Merchant, turn => LogEnd.Of((turn.Last, turn.Hash)));
    }

    static LogWalk Walk(MerchantId merchant, LogEnd end) => new($"the log of {merchant}", end, []);

    sealed record OperatorRow(
        long Number, long AtMs, short Act, OperatorId? Operator, PersonId? Person, short Through, string? Subject, string? Reason,
        string? Detail, byte[] Previous, byte[] Hash)
    {
        public LinkedRow Linked => new(Number, Previous, Hash, new LogEntry(
            Number, AtMs, (OperatorAct)Act, Operator, Person, (ActedThrough)Through, Subject, Reason, Detail).Hash(Previous));
    }

    sealed record ShopRow(
        MerchantId Merchant, long Number, long AtMs, short Act, ShopAccountId? ByAccount, short Through, ShopAccountId Account,
        string? Detail, byte[] Previous, byte[] Hash)
    {
        public LinkedRow Linked => new(Number, Previous, Hash, new ShopLogEntry
        {
            Number = Number,
            AtMs = AtMs,
            Act = (ShopAct)Act,
            By = ByAccount,
            Through = (ActedThrough)Through,
            Account = Account,
            Detail = Detail,
        }.Hash(Merchant, Previous));
    }
}

using System.Data.Common;
using System.Globalization;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Ledger;

/// <summary>An entry with its postings in the order of their legs, and all that stands beside it.</summary>
sealed record WholeEntry(EntryRow Head)
{
    public List<PostingLine> Legs { get; } = [];
    public List<SingleUse> SingleUses { get; } = [];
    public List<IdempotencyRow> Keys { get; } = [];
    public List<(DetailCheck Check, object Row)> Rows { get; } = [];

    public int CountOf(DetailCheck kept)
    {
        var count = 0;
        foreach (var row in Rows)
            if (row.Check == kept)
                count++;
        return count;
    }

    /// <summary>The rows that were sealed with it.</summary>
    public List<EntryDetail> Details()
    {
        var details = new List<EntryDetail>(1);
        foreach (var (kept, row) in Rows)
            if (kept.Sealed(row) is { } detail)
                details.Add(detail);
        return details;
    }

    /// <summary>What an owner's accounts in these books changed by.</summary>
    public long Moved(Guid owner, params ReadOnlySpan<AccountType> books)
    {
        long sum = 0;
        foreach (var leg in Legs)
            if (leg.Owner == owner && Contains(books, leg.AccountType))
                sum = unchecked(sum + leg.Amount);
        return sum;
    }

    static bool Contains(ReadOnlySpan<AccountType> types, short number)
    {
        foreach (var type in types)
            if (type.Number == number)
                return true;
        return false;
    }
}

/// <summary>
/// Goes through history once, in the order of ids: each table is sorted by its entry and all are merged, so that the work grows as the rows
/// do, whatever a planner thinks of them, and nothing but the entry at hand is in memory.
/// </summary>
sealed class HistoryWalk(Snapshot look, Catalogue catalogue)
{
    /// <summary>A posting that names no entry.</summary>
    public Action<Guid> PostingAlone { get; init; } = _ => { };
    public Action<Guid, SingleUse> SingleUseAlone { get; init; } = (_, _) => { };
    public Action<Guid> KeyAlone { get; init; } = _ => { };
    public Action<Guid, DetailCheck> RowAlone { get; init; } = (_, _) => { };

    public async IAsyncEnumerable<WholeEntry> Entries()
    {
        await using var postings = new Side<PostingLine>(Postings(await look.Again()), (id, _) => PostingAlone(id));
        await using var uses = new Side<SingleUse>(SingleUses(await look.Again()), SingleUseAlone);
        await using var keys = new Side<IdempotencyRow>(Keys(await look.Again()), (id, _) => KeyAlone(id));
        var rows = new List<Side<(DetailCheck, object)>>();
        try
        {
            foreach (var one in catalogue.All<DetailCheck>())
                rows.Add(new Side<(DetailCheck, object)>(Rows(one, await look.Again()), (id, row) => RowAlone(id, row.Item1)));
            await foreach (var head in look.Connection.QueryUnbufferedAsync<EntryRow>(
                "select id, kind, at_ms, initiator_kind, initiator_id, store_id, corrects, attached_hash, owners, lane, seal from entry order by id",
                transaction: look.Tx, commandTimeout: Check.LongTime))
            {
                var entry = new WholeEntry(head);
                await postings.Take(head.Id, entry.Legs);
                await uses.Take(head.Id, entry.SingleUses);
                await keys.Take(head.Id, entry.Keys);
                foreach (var side in rows)
                    await side.Take(head.Id, entry.Rows);
                yield return entry;
            }
            await postings.Pass();
            await uses.Pass();
            await keys.Pass();
            foreach (var side in rows)
                await side.Pass();
        }
        finally
        {
            foreach (var side in rows)
                await side.DisposeAsync();
        }
    }

    static async IAsyncEnumerable<(Guid, PostingLine)> Postings(Snapshot look)
    {
        await using var reader = await Read(
            look, "select entry_id, owner, leg, account_type, term, amount, balance_after from posting order by entry_id, leg");
        while (await reader.ReadAsync())
            yield return (IdAt(reader, 0), new PostingLine(
                IdAt(reader, 1), checked((short)NumberAt(reader, 2)), checked((short)NumberAt(reader, 3)),
                checked((int)NumberAt(reader, 4)),
                NumberAt(reader, 5), reader.IsDBNull(6) ? null : NumberAt(reader, 6)));
    }

    async IAsyncEnumerable<(Guid, SingleUse)> SingleUses(Snapshot look)
    {
        await using var reader = await Read(look, "select entry_id, kind, subject, number from single_use order by entry_id");
        while (await reader.ReadAsync())
            yield return (IdAt(reader, 0),
                new SingleUse(KindOf(checked((short)NumberAt(reader, 1))), IdAt(reader, 2), NumberAt(reader, 3)));
    }

    /// <summary>A kind that nobody declares was written by somebody else; its line is to be named, and not to end the walk.</summary>
    SingleUseKind KindOf(short number) =>
        catalogue.Numbers<SingleUseKind>().Find(number)
        ?? new SingleUseKind(number, "", string.Create(CultureInfo.InvariantCulture, $"a single use of kind {number} of {{0}}"), "id");

    static async IAsyncEnumerable<(Guid, IdempotencyRow)> Keys(Snapshot look)
    {
        await using var reader = await Read(look,
            "select entry_id, caller, key, request_hash, answer, at_ms from idempotency_key where entry_id is not null order by entry_id");
        while (await reader.ReadAsync())
            yield return (IdAt(reader, 0), new IdempotencyRow(
                IdAt(reader, 1), reader.GetString(2), (byte[])reader.GetValue(3), reader.IsDBNull(4) ? null : reader.GetString(4),
                NumberAt(reader, 5), null));
    }

    static async IAsyncEnumerable<(Guid, (DetailCheck, object))> Rows(DetailCheck kept, Snapshot look)
    {
        await foreach (var line in kept.Read(look))
            yield return (line.Entry, (kept, line.Row));
    }

    static async Task<DbDataReader> Read(Snapshot look, string sql)
    {
        var command = look.Connection.CreateCommand();
        (command.CommandText, command.Transaction, command.CommandTimeout) = (sql, look.Tx, Check.LongTime);
        return await command.ExecuteReaderAsync();
    }

    static Guid IdAt(DbDataReader reader, int column) => reader.GetValue(column) switch
    {
        Guid id => id,
        byte[] { Length: 16 } bytes => new Guid(bytes, bigEndian: true),
        var other => throw new InvalidCastException($"{reader.GetName(column)} holds {other}, which is no id"),
    };

    /// <summary>SQLite would round what is no whole number, and cut what is too large.</summary>
    static long NumberAt(DbDataReader reader, int column) => reader.GetValue(column) switch
    {
        long number => number,
        int number => number,
        short number => number,
        var other => throw new InvalidCastException($"{reader.GetName(column)} holds {other}, which is no whole number"),
    };

    /// <summary>One of the tables, at the place that the walk has come to.</summary>
    sealed class Side<T>(IAsyncEnumerable<(Guid Entry, T Row)> rows, Action<Guid, T> alone) : IAsyncDisposable
    {
        readonly IAsyncEnumerator<(Guid Entry, T Row)> _rows = rows.GetAsyncEnumerator();
        bool _begun;
        bool _ended;

        /// <summary>The rows of that entry. Those that were passed by name none that exists.</summary>
        public async ValueTask Take(Guid entry, List<T> into)
        {
            if (!_begun)
                await Next();
            _begun = true;
            for (; !_ended && _rows.Current.Entry.CompareTo(entry) is <= 0 and var order; await Next())
                if (order == 0)
                    into.Add(_rows.Current.Row);
                else
                    alone(_rows.Current.Entry, _rows.Current.Row);
        }

        public ValueTask Pass() => Take(Guid.AllBitsSet, []);

        async ValueTask Next() => _ended = !await _rows.MoveNextAsync();

        public ValueTask DisposeAsync() => _rows.DisposeAsync();
    }
}

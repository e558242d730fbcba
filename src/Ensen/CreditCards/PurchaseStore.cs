using System.Data.Common;
using Ensen.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Ensen.CreditCards;

/// <summary>Writes items by the thousand: as arrays on PostgreSQL, by one prepared statement on SQLite.</summary>
static class PurchaseStore
{
    const string Columns = "month, card, item, file, class, at_ms, amount";

    public static async Task Insert(
        DbTransaction tx, PurchaseFileId file, IReadOnlyList<(int Month, PurchaseLine Line)> items, CancellationToken ct)
    {
        switch (tx)
        {
            case NpgsqlTransaction postgres:
                await Insert(postgres, file, items, ct);
                break;
            case SqliteTransaction sqlite:
                Insert(sqlite, file, items);
                break;
            default:
                throw new NotSupportedException($"No purchases in a {tx.GetType().Name}.");
        }
    }

    static async Task Insert(
        NpgsqlTransaction tx, PurchaseFileId file, IReadOnlyList<(int Month, PurchaseLine Line)> items, CancellationToken ct)
    {
        await using var insert = new NpgsqlCommand(
            $"""
            insert into card_purchase ({Columns})
            select x.month, x.card, x.item, $1, x.class, x.at_ms, x.amount
            from unnest($2::integer[], $3::uuid[], $4::uuid[], $5::smallint[], $6::bigint[], $7::bigint[])
              as x (month, card, item, class, at_ms, amount)
            """, tx.Connection, tx);
        void Give(object value) => insert.Parameters.Add(new NpgsqlParameter { Value = value });
        Give(file.Value);
        Give(items.Select(i => i.Month).ToArray());
        Give(items.Select(i => i.Line.Card).ToArray());
        Give(items.Select(i => i.Line.Item).ToArray());
        Give(items.Select(i => (short)i.Line.Class).ToArray());
        Give(items.Select(i => i.Line.AtMs).ToArray());
        Give(items.Select(i => i.Line.Amount).ToArray());
        await insert.ExecuteNonQueryAsync(ct);
    }

    static void Insert(SqliteTransaction tx, PurchaseFileId file, IReadOnlyList<(int Month, PurchaseLine Line)> items)
    {
        using var insert = new SqliteStatement(tx.Connection!, $"insert into card_purchase ({Columns}) values (?, ?, ?, ?, ?, ?, ?)");
        foreach (var (month, line) in items)
            insert.With(month).With(line.Card).With(line.Item).With(file.Value).With((long)line.Class).With(line.AtMs).With(line.Amount)
                .Run();
    }
}

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
        DbTransaction tx, PurchaseFileId file, int month, IReadOnlyList<PurchaseLine> lines, CancellationToken ct)
    {
        switch (tx)
        {
            case NpgsqlTransaction postgres:
                await Insert(postgres, file, month, lines, ct);
                break;
            case SqliteTransaction sqlite:
                Insert(sqlite, file, month, lines);
                break;
            default:
                throw new NotSupportedException($"No purchases in a {tx.GetType().Name}.");
        }
    }

    static async Task Insert(NpgsqlTransaction tx, PurchaseFileId file, int month, IReadOnlyList<PurchaseLine> lines, CancellationToken ct)
    {
        await using var insert = new NpgsqlCommand(
            $"""
            insert into card_purchase ({Columns})
            select $1, x.card, x.item, $2, x.class, x.at_ms, x.amount
            from unnest($3::uuid[], $4::uuid[], $5::smallint[], $6::bigint[], $7::bigint[]) as x (card, item, class, at_ms, amount)
            """, tx.Connection, tx);
        void Give(object value) => insert.Parameters.Add(new NpgsqlParameter { Value = value });
        Give(month);
        Give(file.Value);
        Give(lines.Select(l => l.Card).ToArray());
        Give(lines.Select(l => l.Item).ToArray());
        Give(lines.Select(l => (short)l.Class).ToArray());
        Give(lines.Select(l => l.AtMs).ToArray());
        Give(lines.Select(l => l.Amount).ToArray());
        await insert.ExecuteNonQueryAsync(ct);
    }

    static void Insert(SqliteTransaction tx, PurchaseFileId file, int month, IReadOnlyList<PurchaseLine> lines)
    {
        using var insert = new SqliteStatement(tx.Connection!, $"insert into card_purchase ({Columns}) values (?, ?, ?, ?, ?, ?, ?)");
        foreach (var line in lines)
            insert.With(month).With(line.Card).With(line.Item).With(file.Value).With((long)line.Class).With(line.AtMs).With(line.Amount)
                .Run();
    }
}

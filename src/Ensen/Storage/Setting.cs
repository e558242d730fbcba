using System.Data.Common;
using Dapper;

namespace Ensen.Storage;

/// <summary>Small facts of the installation, by name.</summary>
public static class Setting
{
    public static Task<string?> Read(DbConnection connection, string name, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<string?>("select value from setting where name = @name", new { name }, tx);

    /// <summary>Writes a fact that nobody has written yet; leaves it alone when somebody has.</summary>
    public static Task WriteFirst(DbTransaction tx, string name, string value) =>
        tx.Connection!.ExecuteAsync(
            """
            insert into setting (name, value)
            values (@name, @value)
            on conflict (name) do nothing
            """,
            new { name, value }, tx);

    public static Task Write(DbTransaction tx, string name, string value) =>
        tx.Connection!.ExecuteAsync(
            """
            insert into setting (name, value)
            values (@name, @value)
            on conflict (name) do update set value = excluded.value
            """,
            new { name, value }, tx);
}

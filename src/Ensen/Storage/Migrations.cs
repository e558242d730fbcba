using System.Data.Common;
using System.Text.RegularExpressions;
using Dapper;

namespace Ensen.Storage;

/// <summary>
/// Brings a database to the schema that the modules of this program declare: each step once, in one transaction, under a lock.
/// </summary>
static partial class Migrations
{
    internal static Task Run(Database db, CancellationToken ct) => db.Migrating(async connection =>
    {
        await connection.ExecuteAsync(
            "create table if not exists migration (module text not null, number integer not null, name text not null, primary key (module, number))");
        var done = (await connection.QueryAsync<(string, int)>("select module, number from migration")).ToHashSet();
        foreach (var (module, step) in Steps(db).Where(s => !done.Contains((s.Module, s.Step.Number))))
        {
            await using var tx = await connection.BeginTransactionAsync(ct);
            foreach (var text in TextsOf(step, db.Engine))
                await connection.ExecuteAsync(new CommandDefinition(text, transaction: tx, commandTimeout: 600, cancellationToken: ct));
            await connection.ExecuteAsync("insert into migration (module, number, name) values (@module, @Number, @Name)",
                new { module, step.Number, step.Name }, tx);
            await tx.CommitAsync(ct);
        }
    }, ct);

    internal static async Task<int> Missing(Database db, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var done = await connection.QueryAsync<(string, int)>(
            new CommandDefinition("select module, number from migration", cancellationToken: ct));
        return Steps(db).Select(s => (s.Module, s.Step.Number)).Except(done).Count();
    }

    /// <summary>Reads only: what the schema lacks of this program's steps, and what it has beyond them.</summary>
    internal static async Task<SchemaFit> Compare(Database db, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var there = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            db.Engine == Engine.Postgres
                ? "select count(*) from pg_class where oid = to_regclass('migration')"
                : "select count(*) from sqlite_master where type = 'table' and name = 'migration'",
            cancellationToken: ct)) > 0;
        var done = !there ? [] : (await connection.QueryAsync<(string Module, int Number, string Name)>(
            new CommandDefinition("select module, number, name from migration order by module, number", cancellationToken: ct))).AsList();
        var steps = Steps(db).ToList();
        return new SchemaFit(
            [.. steps.Where(s => !done.Exists(d => (d.Module, d.Number) == (s.Module, s.Step.Number)))
                .Select(s => NameOf(s.Module, s.Step.Number, s.Step.Name))],
            [.. done.Where(d => !steps.Exists(s => (s.Module, s.Step.Number) == (d.Module, d.Number)))
                .Select(d => NameOf(d.Module, d.Number, d.Name))],
            done.Count == 0);
    }

    static string NameOf(string module, int number, string name) => FormattableString.Invariant($"{module}/{number}-{name}");

    static IEnumerable<(string Module, SchemaStep Step)> Steps(Database db) =>
        db.Catalogue.All<Schema>().SelectMany(schema => schema.Steps.Select(step => (schema.Name, step)));

    static IEnumerable<string> TextsOf(SchemaStep step, Engine engine)
    {
        yield return engine == Engine.Sqlite ? SqliteOnly().Replace(step.Sql, "$1") : step.Sql;
        if (engine == Engine.Postgres && step.PostgresSql is { } more)
            yield return more;
    }

    [GeneratedRegex(@"/\*sqlite:(.*?)\*/")]
    private static partial Regex SqliteOnly();
}

using System.Data.Common;
using System.Reflection;
using System.Text.RegularExpressions;
using Dapper;

namespace Ensen.Storage;

/// <summary>
/// Numbered, forward-only changes of the schema. <c>0001-name.sql</c> is one text for both engines; <c>0001-name.postgres.sql</c> or
/// <c>.sqlite.sql</c> follows it on that engine. Each number runs once, in one transaction, under a lock. The numbers are one sequence over all
/// assemblies of a program that have migrations.
/// </summary>
static partial class Migrations
{
    const string Folder = "migrations/";

    internal static Task Run(Database db, CancellationToken ct) => db.Migrating(async connection =>
    {
        await connection.ExecuteAsync("create table if not exists migration (number integer primary key, name text not null)");
        var done = (await connection.QueryAsync<int>("select number from migration")).ToHashSet();
        foreach (var step in Steps(db).Where(s => !done.Contains(s.Number)))
        {
            await using var tx = await connection.BeginTransactionAsync(ct);
            foreach (var text in step.Texts)
                await connection.ExecuteAsync(new CommandDefinition(text, transaction: tx, commandTimeout: 600, cancellationToken: ct));
            await connection.ExecuteAsync("insert into migration (number, name) values (@Number, @Name)", new { step.Number, step.Name }, tx);
            await tx.CommitAsync(ct);
        }
    }, ct);

    internal static async Task<int> Missing(Database db, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var done = await connection.QueryAsync<int>(new CommandDefinition("select number from migration", cancellationToken: ct));
        return Steps(db).Select(s => s.Number).Except(done).Count();
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
        var done = !there ? [] : (await connection.QueryAsync<(int Number, string Name)>(
            new CommandDefinition("select number, name from migration order by number", cancellationToken: ct))).AsList();
        var steps = Steps(db).ToList();
        return new SchemaFit(
            [.. steps.Where(s => !done.Exists(d => d.Number == s.Number)).Select(s => s.Name)],
            [.. done.Where(d => !steps.Exists(s => s.Number == d.Number)).Select(d => d.Name)],
            done.Count == 0);
    }

    sealed record Step(int Number, string Name, IEnumerable<string> Texts);

    static IEnumerable<Step> Steps(Database db)
    {
        var own = db.Engine == Engine.Postgres ? ".postgres" : ".sqlite";
        var other = db.Engine == Engine.Postgres ? ".sqlite" : ".postgres";
        return db.Schema
            .SelectMany(assembly => assembly.GetManifestResourceNames().Select(resource => (Assembly: assembly, Resource: resource)))
            .Where(f => f.Resource.StartsWith(Folder, StringComparison.Ordinal))
            .Select(f => (f.Assembly, f.Resource, Name: f.Resource[Folder.Length..^".sql".Length]))
            .Where(f => !f.Name.EndsWith(other, StringComparison.Ordinal))
            .GroupBy(f => int.Parse(f.Name[..4], System.Globalization.CultureInfo.InvariantCulture))
            .OrderBy(g => g.Key)
            .Select(g => new Step(
                g.Key,
                g.Select(f => f.Name).OrderBy(n => n.Length).First(),
                g.OrderBy(f => f.Name.EndsWith(own, StringComparison.Ordinal)).Select(f => For(db.Engine, Read(f.Assembly, f.Resource)))));
    }

    static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    /// <summary>What stands in <c>/*sqlite: … */</c> is for SQLite alone; PostgreSQL reads it as a comment.</summary>
    static string For(Engine engine, string text) => engine == Engine.Sqlite ? SqliteOnly().Replace(text, "$1") : text;

    [GeneratedRegex(@"/\*sqlite:(.*?)\*/")]
    private static partial Regex SqliteOnly();
}

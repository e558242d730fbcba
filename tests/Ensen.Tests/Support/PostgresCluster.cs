using System.Security.Cryptography;
using Dapper;
using Ensen.Sandbox;
using Ensen.Storage;
using Npgsql;

namespace Ensen.Tests.Support;

/// <summary>
/// The PostgreSQL that <c>./test</c> started. A test's database is a copy of a template that is migrated once per set of migrations.
/// </summary>
static class PostgresCluster
{
    const long TemplateLock = 0x7465737473; // "tests"

    static readonly Lazy<Task<string>> s_template = new(MakeTemplate);

    static string Connection =>
        Environment.GetEnvironmentVariable("ENSEN_TEST_POSTGRES") is { Length: > 0 } connection
            ? connection
            : throw new InvalidOperationException(
                "Tests on PostgreSQL need a server: run ./test, or set ENSEN_TEST_POSTGRES to a connection string of a role that may create databases.");

    /// <summary>A machine that is busy with other things as well may need longer than usual to begin a connection: that is waited for.</summary>
    public static string ConnectionTo(string database) =>
        new NpgsqlConnectionStringBuilder(Connection) { Database = database, Timeout = 60 }.ConnectionString;

    public static async Task CreateDatabase(string name, bool migrated, string? encoding = null) => await Execute(
        $"create database {name} template {(migrated ? await s_template.Value : "template0")}{(encoding is null ? "" : $" encoding '{encoding}' lc_collate 'C' lc_ctype 'C'")}");

    public static Task Drop(string name) => Execute($"drop database {name} with (force)");

    static async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection(Connection);
        await connection.OpenAsync();
        await connection.ExecuteAsync(sql, commandTimeout: 120);
    }

    // Several test programs may come at once: one makes it, the others wait. It gets its name when it is complete.
    static async Task<string> MakeTemplate()
    {
        var name = $"ensen_template_{MigrationsHash()}";
        var unfinished = $"{name}_unfinished";
        await using var connection = new NpgsqlConnection(Connection);
        await connection.OpenAsync();
        await connection.ExecuteAsync("select pg_advisory_lock(@TemplateLock)", new { TemplateLock }, commandTimeout: 120);
        if (await connection.ExecuteScalarAsync<bool>("select exists (select from pg_database where datname = @name)", new { name }))
            return name;

        await connection.ExecuteAsync($"drop database if exists {unfinished} with (force)");
        await connection.ExecuteAsync($"create database {unfinished} template template0");
        await using (var database = Database.Open($"postgres:{ConnectionTo(unfinished)}", SandboxModule.Catalogue))
            await database.Migrate();
        await connection.ExecuteAsync(
            "select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = @unfinished", new { unfinished });
        await connection.ExecuteAsync($"alter database {unfinished} rename to {name}");
        return name;
    }

    static string MigrationsHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var schema in SandboxModule.Catalogue.All<Schema>())
            foreach (var step in schema.Steps)
                hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{schema.Name} {step}"));

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}

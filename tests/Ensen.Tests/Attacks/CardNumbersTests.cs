using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Api.Rights;
using Ensen.Tests.Support;

namespace Ensen.Tests.Attacks;

/// <summary>
/// The number of a payment card is typed wherever a program may send a text: into each field of each operation's example, one after the
/// other. It stands nowhere afterwards: not in the database, not in a mail, not in the log.
/// </summary>
public class CardNumbersTests
{
    static readonly string[] s_typed = ["4111111111111111", "4111 1111 1111 1111", "３７８２８２２４６３１０００５"];

    [Theory, BothEngines]
    public async Task A_card_number_is_kept_nowhere_wherever_it_is_typed(Engine engine)
    {
        await using var cast = await Cast.On(engine);
        var (tried, failures) = (0, new List<string>());
        foreach (var operation in await Operation.All(cast.App))
        {
            if (operation.Told["requestBody"]?["content"]?["application/json"]?["example"] is not JsonObject example)
                continue;
            var thing = operation.Collection is { } of ? await cast.Make(of) : null;
            var kind = operation.Callers.FirstOrDefault(k => Cast.Kinds.Contains(k));
            var token = kind is null ? null : thing?.Owners[kind] ?? cast.Owner(kind);
            foreach (var field in example.Where(f => f.Value is JsonValue v && v.GetValueKind() == JsonValueKind.String).Select(f => f.Key))
                foreach (var number in s_typed)
                {
                    var body = example.DeepClone().AsObject();
                    body[field] = number;
                    var answer = await operation.Ask(cast, token, thing?.Id, null, request => request.Content =
                        new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));
                    tried++;
                    if (answer.Status >= 500)
                        failures.Add($"{operation.Name}: {field} as {number} was answered {answer.Status}");
                }
        }

        tried.ShouldBeGreaterThan(100);
        failures.ShouldBeEmpty();
        (await Found(cast)).ShouldBeEmpty();
        foreach (var number in s_typed)
            cast.App.Output.ShouldNotContain(number);
    }

    static async Task<List<string>> Found(Cast cast)
    {
        await using var db = Database.Open(cast.App.DatabaseAddress, SandboxModule.Catalogue);
        await using var connection = await db.Connect();
        var tables = await connection.QueryAsync<string>(db.Engine == Engine.Postgres
            ? "select tablename from pg_tables where schemaname = current_schema()"
            : "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'");
        var found = new List<string>();
        foreach (var table in tables)
            foreach (IDictionary<string, object?> row in await connection.QueryAsync($"select * from \"{table}\""))
                foreach (var (column, value) in row)
                    if (value switch { string text => text, byte[] bytes => Encoding.UTF8.GetString(bytes), _ => "" } is { Length: > 12 } kept
                        && s_typed.Any(number => kept.Contains(number, StringComparison.Ordinal)))
                        found.Add($"{table}.{column}");
        return [.. found.Distinct()];
    }
}

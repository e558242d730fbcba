using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Ensen.Bench.Http;

/// <summary>Members and stores that the sandbox's API makes, as anybody would who tries the product.</summary>
sealed record SandboxTown(byte[][] MemberTokens, byte[][] Stores, string[] TillTokens)
{
    const int AtOnce = 16;

    public static async Task<SandboxTown> Make(Uri address, int members, int stores, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = address };
        var people = await Make(http, members, "members", i => new JsonObject { ["name"] = $"Member {i}", ["balance"] = 1_000_000 }, ct);
        var shops = await Make(http, stores, "stores", i => new JsonObject { ["name"] = $"Store {i}" }, ct);
        return new SandboxTown(
            [.. people.Select(p => Encoding.ASCII.GetBytes(Text(p, "token")))],
            [.. shops.Select(s => Encoding.ASCII.GetBytes(Text(s, "storeId")))],
            [.. shops.Select(s => Text(s, "tillToken"))]);
    }

    static async Task<JsonNode[]> Make(HttpClient http, int count, string what, Func<int, JsonObject> body, CancellationToken ct)
    {
        var made = new JsonNode[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
            async (i, stop) =>
        {
            for (var tries = 0; made[i] is null; tries++)
            {
                using var answer = await http.PostAsJsonAsync(new Uri($"/api/v1/sandbox/{what}", UriKind.Relative), body(i), stop);
                // A server that has just started on a busy machine may say "later".
                if (answer.StatusCode == HttpStatusCode.TooManyRequests && tries < 30)
                    await Task.Delay(1_000, stop);
                else
                    made[i] = (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>(stop))!;
            }
        });
        return made;
    }

    static string Text(JsonNode node, string field) => node[field]!.GetValue<string>();
}

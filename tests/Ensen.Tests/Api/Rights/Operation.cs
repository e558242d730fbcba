using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ensen.Staff;
using Ensen.Tests.Support;
using Ensen.Tests.Web;
using Ensen.Ui.Session;
using Microsoft.AspNetCore.Authorization;

namespace Ensen.Tests.Api.Rights;

/// <summary>An operation as the OpenAPI document tells it, and whom the contract names for it.</summary>
sealed partial record Operation(string Method, string Path, JsonNode Told)
{
    /// <summary>Whoever has no token is let in.</summary>
    const string Anybody = "anybody";

    /// <summary>A gateway has no token either; what it reports is signed.</summary>
    const string Gateway = "gateway";

    // The contract's callers, by the beginning of the path; the longest that fits counts.
    static readonly (string Path, string[] Callers)[] s_contract =
    [
        ("/wallet", ["member"]), ("/history", ["member"]), ("/charges", ["member"]), ("/codes", ["member"]), ("/tags", ["member"]),
        ("/transfers", ["member"]), ("/links", ["member"]), ("/withdrawals", ["member"]), ("/requests", ["member"]), ("/splits", ["member"]),
        ("/payments", ["member"]), ("/payments/{id}", ["member", "till", "merchant"]),
        ("/payments/{id}/refunds", ["till", "merchant"]), ("/receipts", ["member", "till", "merchant"]), ("/me", ["member"]),
        ("/transit-cards", ["member"]), ("/credit-cards", ["member"]), ("/point-cards", ["member"]), ("/point-card-issuers", ["member"]), ("/rides", ["member"]),
        ("/points", ["member"]), ("/goal", ["member"]), ("/campaigns", ["member"]), ("/rewards", ["member"]), ("/reward-orders", ["member"]),
        ("/till", ["till"]), ("/member-code", ["member"]), ("/point-till", ["point-till"]),
        ("/shop", ["merchant"]), ("/business", ["merchant"]), ("/console", ["operator"]), ("/registrations", [Anybody]), ("/sessions", [Anybody]),
        ("/password-resets", [Anybody]), ("/merchant-applications", [Anybody]), ("/sandbox", [Anybody]), ("/gateways", [Gateway]),
    ];

    /// <summary>The path under <c>/api/v1</c>.</summary>
    public string Short => Path["/api/v1".Length..];

    public string Name => $"{Method} {Short}";

    public bool IsOpen => Callers is [Anybody];

    public bool IsGateways => Callers is [Gateway];

    /// <summary>The kinds of callers that are let in; empty where the contract names none for such a path.</summary>
    public string[] Callers => s_contract
        .Where(c => Short == c.Path || Short.StartsWith(c.Path + "/", StringComparison.Ordinal)).MaxBy(c => c.Path.Length).Callers ?? [];

    /// <summary>The role that the program asks of an operator; null for all others.</summary>
    public OperatorRoles? Role => Addresses.All
        .Single(a => Addresses.PathOf(a).TrimEnd('/') == Path && Addresses.Accepts(a, Method))
        .Metadata.GetOrderedMetadata<IAuthorizeData>() is [.., { Policy: { } policy }] ? Policies.RoleOf(policy) : null;

    /// <summary>What the path's first parameter names: the path before it.</summary>
    public string? Collection => Short.IndexOf('{', StringComparison.Ordinal) is > 0 and var at ? Short[..(at - 1)] : null;

    /// <summary>The path names a thing within that of its first parameter; the one that is asked for is unknown, and so not found.</summary>
    public bool NamesMore => Parameter().Count(Path) > 1 && !Parameters("path").Contains("side");

    public bool TakesStepUp => Parameters("header").Contains("Step-Up");

    public bool TakesKey => Parameters("header").Contains("Idempotency-Key");

    /// <summary>A body is wanted, and the document shows none.</summary>
    public bool LacksExample => Told["requestBody"]?["content"]?["application/json"] is { } json && json["example"] is null;

    public static async Task<IReadOnlyList<Operation>> All(WebApp app) =>
        [.. from path in JsonNode.Parse(await app.Http.GetStringAsync("/openapi/v1.json"))!["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            select new Operation(operation.Key.ToUpperInvariant(), path.Key, operation.Value!)];

    public IEnumerable<string> Parameters(string place) => (Told["parameters"]?.AsArray() ?? [])
        .Where(p => p!["in"]!.GetValue<string>() == place).Select(p => p!["name"]!.GetValue<string>());

    /// <summary>Asks with the document's example, in which ids of this scene stand for the document's.</summary>
    /// <param name="id">For the path's first parameter.</param>
    public async Task<Reply> Ask(Cast cast, string? token, string? id = null, string? stepUp = null, Action<HttpRequestMessage>? with = null)
    {
        var path = Parameter().Replace(id is null ? Path : Parameter().Replace(Path, Uri.EscapeDataString(id), 1),
            p => p.Value == "{side}" ? "front" : "unknown");
        var query = string.Join('&', Parameters("query").Select(name => (name, cast.Query(name))).Where(q => q.Item2 is not null)
            .Select(q => $"{q.name}={Uri.EscapeDataString(q.Item2!)}"));
        using var request = new HttpRequestMessage(new HttpMethod(Method), query.Length > 0 ? $"{path}?{query}" : path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (TakesKey)
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        if (stepUp is not null)
            request.Headers.Add("Step-Up", stepUp);
        if (Told["requestBody"]?["content"]?["application/json"]?["example"] is { } example)
            request.Content = new StringContent(
                ExampleId().Replace(example.ToJsonString(), found => $"\"{cast.Id(found.Groups[1].Value)}\""), Encoding.UTF8, "application/json");
        if (Parameters("path").Contains("side"))
            request.Content = new ByteArrayContent(Identity.IdentityDesk.Jpeg);
        with?.Invoke(request);
        using var answer = await cast.App.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var isStream = answer.Content.Headers.ContentType?.MediaType == "text/event-stream";
        return new Reply(Name, (int)answer.StatusCode, isStream ? "" : await answer.Content.ReadAsStringAsync(),
            answer.Content.Headers.ContentType?.MediaType, answer.Headers);
    }

    /// <summary>"404 not_found": how it was answered, in short.</summary>
    public static string InShort(Reply reply) => reply.MediaType == "application/problem+json"
        ? $"{reply.Status} {JsonElement.Parse(reply.Body).GetProperty("code").GetString()}" : $"{reply.Status}";

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("\"([a-z]{3}_)[0-9a-z]{20,}\"")]
    private static partial Regex ExampleId();
}

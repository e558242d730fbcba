using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Ensen.Tests.Api;

/// <summary>A program that speaks to the app over HTTP with one token (or none), in one language.</summary>
public sealed class Client(HttpClient http, string? token = null, string? language = null)
{
    /// <summary>Instead of a key: send none.</summary>
    public const string NoKey = "\0";

    const string Base = "/api/v1";

    public string? Token => token;

    public Client In(string other) => new(http, token, other);

    public Client At(HttpClient otherNode) => new(otherNode, token, language);

    public Task<Reply> Get(string path) => Send(HttpMethod.Get, path, null, NoKey);

    /// <summary>Posts JSON; with a fresh key unless one is given.</summary>
    public Task<Reply> Post(string path, object? body = null, string? key = null) =>
        Send(HttpMethod.Post, path, body is null ? null : Json(JsonSerializer.Serialize(body)), key);

    /// <summary>Posts a text as it is, called JSON.</summary>
    public Task<Reply> PostText(string path, string json, string? key = null) => Send(HttpMethod.Post, path, Json(json), key);

    public Task<Reply> Post(string path, HttpContent content, string? key = null) => Send(HttpMethod.Post, path, content, key);

    /// <summary>Puts JSON; with the id of a passed challenge, if one is given.</summary>
    public Task<Reply> Put(string path, object body, string? stepUp = null) =>
        Send(HttpMethod.Put, path, Json(JsonSerializer.Serialize(body)), NoKey, stepUp);

    public async Task<Reply> Send(HttpMethod method, string path, HttpContent? content, string? key, string? stepUp = null)
    {
        using var request = new HttpRequestMessage(method, Base + path) { Content = content };
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        if (language is not null)
            request.Headers.TryAddWithoutValidation("Accept-Language", language);
        if (key != NoKey)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key ?? Guid.NewGuid().ToString());
        if (stepUp is not null)
            request.Headers.TryAddWithoutValidation("Step-Up", stepUp);
        using var answer = await http.SendAsync(request);
        return new Reply(
            $"{method} {path}", (int)answer.StatusCode, await answer.Content.ReadAsStringAsync(),
            answer.Content.Headers.ContentType?.MediaType, answer.Headers);
    }

    static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}

/// <summary>What the app answered.</summary>
public sealed record Reply(string Request, int Status, string Body, string? MediaType, HttpResponseHeaders Headers)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string Text(string name) => Json.GetProperty(name).GetString()!;

    public long Number(string name) => Json.GetProperty(name).GetInt64();

    public bool Replayed => Headers.TryGetValues("Idempotent-Replay", out var values) && values.Single() == "true";

    public Reply Ok(int status = 200)
    {
        Status.ShouldBe(status, $"{Request}: {Body}");
        MediaType.ShouldBe("application/json", Request);
        return this;
    }

    public Reply Created() => Ok(201);

    /// <summary>A problem with this code, whose form is as RFC 9457 and the contract want it.</summary>
    public Reply Refused(int status, string code, string because = "")
    {
        $"{Status} {(Body.StartsWith('{') ? (Json.TryGetProperty("code", out var c) ? c.GetString() : "") : Body)}".ShouldBe(
            $"{status} {code}", $"{Request} {because}: {Body}");
        MediaType.ShouldBe("application/problem+json", Request);
        string[] form = ["type text", "title text", "status int", "code text", "detail text"];
        // Which fields are wrong is told of a body that cannot be taken, and of nothing else.
        Json.ShouldHave(code == "invalid_request" && Json.TryGetProperty("errors", out _) ? [.. form, "errors list"] : form);
        Number("status").ShouldBe(status);
        return this;
    }
}

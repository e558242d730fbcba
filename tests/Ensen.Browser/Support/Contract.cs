using System.Net.Http.Json;
using System.Text.Json;

namespace Ensen.Browser.Support;

/// <summary>A program of somebody else that uses the app by its contract.</summary>
static class Contract
{
    public static async Task<JsonElement> Post(this WebApp app, string path, object body, string? token = null)
    {
        using var answer = await app.Send(path, body, token);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        answer.IsSuccessStatusCode.ShouldBeTrue($"{path}: {json}");
        return json;
    }

    public static async Task<HttpResponseMessage> Send(this WebApp app, string path, object body, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1" + path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        return await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static async Task<JsonElement> Get(this WebApp app, string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1" + path);
        request.Headers.Authorization = new("Bearer", token);
        using var answer = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    public static string Text(this JsonElement answer, string field) => answer.GetProperty(field).GetString()!;
}

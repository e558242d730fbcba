using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Ensen.Bench.Measure;

namespace Ensen.Bench.Http;

/// <summary>Members with a password of today's rounds, who sign in again and again, each time on another device.</summary>
sealed class PeopleSigningIn : IDisposable
{
    const int People = 20;

    /// <summary>As many wait at once as the server lets wait, and some more: who is told to come again is seen.</summary>
    const int Connections = 100;

    static readonly Uri s_sessions = new("/api/v1/sessions", UriKind.Relative);

    readonly HttpClient _http;
    readonly List<(string Email, string Password)> _people = [];
    long _later;

    PeopleSigningIn(Uri address) => _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(1) };

    /// <summary>Those whom the server told to come again, since too many waited.</summary>
    public long ToldToComeAgain => Interlocked.Read(ref _later);

    /// <summary>The first answer that was neither.</summary>
    public string? Strange { get; private set; }

    public static async Task<PeopleSigningIn> Make(Uri address, CancellationToken ct)
    {
        var made = new PeopleSigningIn(address);
        for (var i = 0; i < People; i++)
        {
            using var answer = await made._http.PostAsJsonAsync(
                new Uri("/api/v1/sandbox/members", UriKind.Relative), new JsonObject { ["name"] = $"Signer {i}" }, ct);
            var member = (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>(ct))!;
            made._people.Add((member["email"]!.GetValue<string>(), member["password"]!.GetValue<string>()));
            // A password that the sandbox drew is kept with one round until its first sign-in.
            await made.Ask(i, ct);
        }
        return made;
    }

    public Task<Measured> SignIn(int perSecond, TimeSpan forSoLong, CancellationToken ct) =>
        new OpenLoop(Connections, perSecond, (_, random) => Ask(random.Next(People), ct)).For(TimeSpan.FromSeconds(1), forSoLong, ct);

    async Task<bool> Ask(int person, CancellationToken ct)
    {
        var (email, password) = _people[person];
        using var answer = await _http.PostAsJsonAsync(
            s_sessions, new JsonObject { ["email"] = email, ["password"] = password, ["device"] = "A phone" }, ct);
        if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            Interlocked.Increment(ref _later);
        else if (answer.StatusCode != HttpStatusCode.Created)
            Strange ??= await answer.Content.ReadAsStringAsync(ct);
        return answer.StatusCode == HttpStatusCode.Created;
    }

    public void Dispose() => _http.Dispose();
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Ensen.Sandbox.Gateways;
using Ensen.Sandbox.Town;
using Ensen.Ui;

namespace Ensen.Sandbox.Api;

/// <summary><paramref name="Stations"/>: in the order in which they are passed.</summary>
sealed record SandboxGatesAnswer(IReadOnlyList<string> Stations, IReadOnlyList<SandboxFareAnswer> Fares);

/// <summary>A fare: up to so many metres, the shorter way round.</summary>
sealed record SandboxFareAnswer(int Metres, long Yen);

/// <summary>A card is touched at a station's gate.</summary>
sealed record SandboxGateBody(string Card, string Station);

/// <summary>
/// <paramref name="Case"/>: <c>missed_out</c>, <c>told_twice</c>, <c>late</c> (by so many <paramref name="Days"/>) or
/// <c>over_midnight</c>.
/// </summary>
sealed record SandboxGateCaseBody(string Card, string Case, string From = "大阪", string To = "天王寺", int Days = 3);

/// <summary><paramref name="Said"/>: what the feed said of it: accepted, duplicate or refused.</summary>
sealed record SandboxGateRideAnswer(string? From, string? To, long Fare, DateTimeOffset? InAt, DateTimeOffset? OutAt, string? Said);

/// <summary>
/// <paramref name="InsideAt"/>: where the card went in and has not come out. <paramref name="Rides"/>: what was told now.
/// </summary>
sealed record SandboxGateAnswer(string Card, string? InsideAt, IReadOnlyList<SandboxGateRideAnswer> Rides);

/// <summary>Plays the gates of the loop.</summary>
sealed class SandboxGatesApi(SandboxGates gates)
{
    static readonly JsonObject s_touch = new() { ["card"] = "JW000000000000001", ["station"] = "大阪" };

    public static void Map(ISandboxEndpoints api)
    {
        api.Get(
            "/gates",
            new("readGates", "The stations of the loop, and what rides cost."),
            _ => new SandboxGatesAnswer(LoopLine.Stations, [.. LoopLine.Fares.Select(f => new SandboxFareAnswer(f.Metres, f.Yen))]));
        api.Post<SandboxGateBody, SandboxGateAnswer>(
            "/gates/in",
            new("enterGate", "A card goes in at a station, now. Where it was inside already, that ride is told without its gate out.",
                Example: s_touch),
            (context, asked, ct) => Of(context).Answer(asked.Card, gates => gates.Enter(asked.Card, asked.Station, ct), ct));
        api.Post<SandboxGateBody, SandboxGateAnswer>(
            "/gates/out",
            new("leaveGate", "A card comes out at a station, now: the ride is told with its fare. One that was not inside is told "
                + "without its gate in.",
                Example: s_touch.DeepClone()),
            (context, asked, ct) => Of(context).Answer(asked.Card, gates => gates.Leave(asked.Card, asked.Station, ct), ct));
        api.Post<SandboxGateCaseBody, SandboxGateAnswer>(
            "/gates/cases",
            new("playGateCase", "What goes wrong at gates: missed_out, told_twice (what was told last), late (arrives days after), "
                + "over_midnight.",
                Example: new JsonObject { ["card"] = "JW000000000000001", ["case"] = "late", ["days"] = 3 }),
            (context, asked, ct) => Of(context).Answer(asked.Card, async gates => CaseOf(asked.Case) is { } what
                ? await gates.Play(what, asked.Card, asked.From, asked.To, asked.Days, ct) : null, ct));
    }

    static SandboxGatesApi Of(HttpContext context) => context.RequestServices.GetRequiredService<SandboxGatesApi>();

    static GateCase? CaseOf(string word)
    {
        foreach (var one in Enum.GetValues<GateCase>())
            if (JsonNamingPolicy.SnakeCaseLower.ConvertName(one.ToString()) == word)
                return one;
        return null;
    }

    async Task<SandboxAnswer<SandboxGateAnswer>> Answer(
        string card, Func<SandboxGates, Task<IReadOnlyList<GateRide>?>> touch, CancellationToken ct)
    {
        if (await gates.Find(card, ct) is null) return new(null, "not_found");
        if (await touch(gates) is not { } rides) return new(null, "invalid_request");
        return new(new SandboxGateAnswer(card, (await gates.Find(card, ct))?.Station,
            [.. rides.Select(r => new SandboxGateRideAnswer(r.From, r.To, r.Fare, r.InAt, r.OutAt, r.Said))]));
    }
}

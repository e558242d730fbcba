using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Ensen.Gateways;
using Ensen.Sandbox.Gateways;
using Ensen.Transit;
using Ensen.Ui;

namespace Ensen.Sandbox.Api;

/// <summary><paramref name="Mobile"/>: the card is on a telephone.</summary>
sealed record SandboxTransitCardBody(bool Mobile = false);

sealed record SandboxTransitCardAnswer(string Number, string Proof);

/// <summary>A ride as gates tell it: whatever is missing or is nonsense is refused by itself, and listed.</summary>
sealed record SandboxRideBody(
    string? Card = null, string? From = null, string? To = null, [property: JsonConverter(typeof(AnyFare))] long? Fare = null,
    string? InAt = null, string? OutAt = null);

/// <summary>A fare, or whatever stands in its place: that is no fare, and no reason to refuse the other rides.</summary>
sealed class AnyFare : JsonConverter<long?>
{
    const long None = -1;

    public override long? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var fare))
            return fare;
        reader.Skip();
        return None;
    }

    public override void Write(Utf8JsonWriter writer, long? value, JsonSerializerOptions options)
    {
        if (value is { } fare)
            writer.WriteNumberValue(fare);
        else
            writer.WriteNullValue();
    }
}

[MostBytes(8 * 1024 * 1024)]
sealed class SandboxRidesBody : List<SandboxRideBody>;

/// <summary><paramref name="Line"/>: which of the list, from 1.</summary>
sealed record SandboxRideRefused(long Line, string Why);

sealed record SandboxRidesAnswer(string FileId, long Accepted, long Duplicates, IReadOnlyList<SandboxRideRefused> Refused);

/// <summary>Plays the transit company and its gates.</summary>
sealed class SandboxTransitApi(SandboxGateways world, ReadRides read)
{
    public static void Map(ISandboxEndpoints api)
    {
        api.Post<SandboxTransitCardBody, SandboxTransitCardAnswer>(
            "/transit-cards",
            new("makeTransitCard", "A transit card, and what shows that it is one's own.", Makes: true, new JsonObject { ["mobile"] = true }),
            async (context, asked, ct) =>
            {
                var card = await Of(context).Issue(asked, ct);
                return new(new SandboxTransitCardAnswer(card.Number, card.Proof));
            });
        api.Post<SandboxRidesBody, SandboxRidesAnswer>(
            "/rides",
            new("feedRides", "Rides as gates tell them, in any order and as often as one likes; a missed gate has neither station nor instant. "
                + "What is no ride is refused by itself.",
                Example: new JsonArray(new JsonObject
                {
                    ["card"] = "JW000000000000001",
                    ["from"] = "大阪",
                    ["to"] = "京橋",
                    ["fare"] = 170,
                    ["inAt"] = "2026-04-01T12:00:00+09:00",
                    ["outAt"] = "2026-04-01T12:20:00+09:00",
                })),
            async (context, asked, ct) => new(await Of(context).Feed(asked, ct)));
    }

    static SandboxTransitApi Of(HttpContext context) => context.RequestServices.GetRequiredService<SandboxTransitApi>();

    Task<SandboxTransitCard> Issue(SandboxTransitCardBody asked, CancellationToken ct) =>
        world.Transit.Issue(asked.Mobile ? TransitCardForm.Mobile : TransitCardForm.Plastic, ct);

    async Task<SandboxRidesAnswer> Feed(SandboxRidesBody rides, CancellationToken ct)
    {
        var fed = await read.Run("sandbox", rides.Select((ride, i) => RideOf(ride, i + 1)), ct);
        return new SandboxRidesAnswer(fed.Feed.ToString(), fed.Accepted, fed.Duplicates,
            [.. fed.Shown.Select(r => new SandboxRideRefused(r.Line, JsonNamingPolicy.SnakeCaseLower.ConvertName(r.Fault.ToString())))]);
    }

    static FedRide RideOf(SandboxRideBody? ride, long line)
    {
        if (ride is null)
            return new FedRide(line, null, null, null, null, null, null, RideFault.InvalidLine);
        var fault = RideFile.Instant(ride.InAt, out var inAt) & RideFile.Instant(ride.OutAt, out var outAt)
            ? RideFault.None : RideFault.InvalidTime;
        return new FedRide(line, ride.Card, ride.From, ride.To, ride.Fare, inAt, outAt, fault);
    }
}

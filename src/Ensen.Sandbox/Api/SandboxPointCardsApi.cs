using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Ensen.Sandbox.Gateways;
using Ensen.Ui;

namespace Ensen.Sandbox.Api;

/// <summary><paramref name="State"/>: existing, new or lapsed, as the card is registered with its issuer.</summary>
sealed record SandboxPointCardBody(
    string Issuer, string? OwnerKana = null, string? Pin = null, [property: JsonConverter(typeof(WholeAmount))] long Points = 0,
    string State = "existing");

sealed record SandboxPointCardAnswer(string Number, string? Pin);

/// <summary><paramref name="Event"/>: reissued, lapsed, or silent: the issuer does what it is asked next and gives no answer.</summary>
sealed record SandboxPointCardEventBody(string Event);

sealed record SandboxPointCardEventAnswer(string Number, string Event);

/// <summary>Point cards of pretended issuers, for programs.</summary>
sealed class SandboxPointCardsApi(SandboxPointCards cards)
{
    public static void Map(ISandboxEndpoints api)
    {
        api.Post<SandboxPointCardBody, SandboxPointCardAnswer>(
            "/point-cards",
            new("makePointCard", "A point card in somebody's purse.", Makes: true,
                new JsonObject { ["issuer"] = "umeda", ["points"] = 120, ["state"] = "existing" }),
            async (context, asked, ct) =>
                await Of(context).Make(asked.Issuer, asked.OwnerKana, asked.Pin, asked.Points, asked.State, ct) is { } card
                    ? new(new SandboxPointCardAnswer(card.Number, card.Pin)) : new(null, "invalid_request"));
        api.Post<SandboxPointCardEventBody, SandboxPointCardEventAnswer>(
            "/point-cards/{number}/events",
            new("movePointCard", "Something happens to a point card out there: it is reissued, it lapses, its issuer gives no answer once.",
                Example: new JsonObject { ["event"] = "reissued" }),
            async (context, asked, ct) =>
                (string)context.Request.RouteValues["number"]! is var number && await Of(context).Event(number, asked.Event, ct)
                    ? new(new SandboxPointCardEventAnswer(number, asked.Event)) : new(null, "invalid_request"));
    }

    static SandboxPointCards Of(HttpContext context) => context.RequestServices.GetRequiredService<SandboxPointCardsApi>().Cards;

    SandboxPointCards Cards => cards;
}

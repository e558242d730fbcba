using Ensen.Gateways;
using Ensen.Sandbox.Gateways;
using Ensen.Ui;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace Ensen.Sandbox.Pages;

/// <summary>What the page of the gates says after a press.</summary>
enum GateSaid
{
    /// <summary>A card went in.</summary>
    In = 1,

    /// <summary>A ride was told.</summary>
    Told = 2,

    /// <summary>No gate did anything.</summary>
    Nothing = 3,
    CardMade = 4,

    /// <summary>Nobody is so many days late.</summary>
    Days = 5,
}

/// <summary>What the page of the gates sends.</summary>
static class GateForms
{
    const string Page = "/sandbox/gates";

    public static void Map(RouteGroupBuilder sandbox)
    {
        sandbox.MapForm("/sandbox/gates/card", MakeCard);
        sandbox.MapForm("/sandbox/gates/touch", Touch);
        sandbox.MapForm("/sandbox/gates/case", Play);
    }

    static async Task<IResult> MakeCard(SandboxGates gates, [FromForm] string? form, CancellationToken ct)
    {
        var card = await gates.Issue(form == nameof(TransitCardForm.Plastic) ? TransitCardForm.Plastic : TransitCardForm.Mobile, ct);
        return Say(GateSaid.CardMade, card.Number, null);
    }

    static async Task<IResult> Touch(
        SandboxGates gates, [FromForm] string? card, [FromForm] string? station, [FromForm] string? way, CancellationToken ct)
    {
        var isIn = way == "in";
        var rides = await (isIn ? gates.Enter(card, station, ct) : gates.Leave(card, station, ct));
        return Say(rides is null ? GateSaid.Nothing : isIn ? GateSaid.In : GateSaid.Told, card, station);
    }

    static async Task<IResult> Play(
        SandboxGates gates, [FromForm] string? card, [FromForm] string? what, [FromForm] string? from, [FromForm] string? to,
        [FromForm] int? days, CancellationToken ct)
    {
        if (days is < 1 or > SandboxGates.MostDaysLate)
            return Say(GateSaid.Days, card, to);
        var rides = Enum.TryParse<GateCase>(what, out var known) && Enum.IsDefined(known)
            ? await gates.Play(known, card, from, to, days ?? GatesPage.DaysLate, ct) : null;
        return Say(rides is null ? GateSaid.Nothing : GateSaid.Told, card, to);
    }

    static IResult Say(GateSaid said, string? card, string? station) => Results.LocalRedirect(QueryHelpers.AddQueryString(
        Page, new Dictionary<string, string?> { ["card"] = card, ["station"] = station, ["said"] = said.ToString() }) + "#gate");
}

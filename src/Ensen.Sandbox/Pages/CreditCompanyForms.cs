using System.Text;
using Ensen.Basics;
using Ensen.CreditCards;
using Ensen.Sandbox.Api;
using Ensen.Sandbox.Gateways;
using Ensen.Ui;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Sandbox.Pages;

/// <summary>What the page of the company of credit cards sends.</summary>
static class CreditCompanyForms
{
    const string Page = "/sandbox/credit-cards";

    public static void Map(RouteGroupBuilder sandbox)
    {
        sandbox.MapForm("/sandbox/credit-cards/card", Make);
        sandbox.MapForm("/sandbox/credit-cards/buy", Buy);
    }

    static async Task<IResult> Make(SandboxGateways world, [FromForm] string? card, [FromForm] string? what, CancellationToken ct)
    {
        var made = what == "token" && card is not null && await world.CreditCards.Find(card, ct) is { } reference
            ? await world.CreditCards.Issue(reference, ct) : await world.CreditCards.Issue(ct);
        return Results.LocalRedirect($"{Page}?card={Uri.EscapeDataString(made.Reference)}#card");
    }

    /// <summary>A file with one item of its own: now, or on the last day of the month before.</summary>
    static async Task<IResult> Buy(SandboxGateways world, TakePurchaseFile take, TimeProvider clock, [FromForm] string? card,
        [FromForm] long? amount, [FromForm] string? kind, [FromForm] string? month, CancellationToken ct)
    {
        if (card is null || amount is not { } yen || await world.CreditCards.Find(card, ct) is not { } reference)
            return Results.LocalRedirect(Page);
        var now = JapanDay.InTokyo(clock.GetUtcNow());
        var at = month == "last" ? now.AddDays(-now.Day) : now;
        var file = await take.Run("sandbox page", Encoding.UTF8.GetBytes(SandboxCreditCardsApi.Text(reference, $"{at:yyyy-MM}", 1,
            [new SandboxPurchaseBody(yen, $"{at:yyyy-MM-dd'T'HH:mm:sszzz}", kind == "transit", Id.New(clock).ToString("N"))])), ct);
        return Results.LocalRedirect(
            $"{Page}?card={Uri.EscapeDataString(reference)}&said={(file.Refused.Count == 0 ? "taken" : "refused")}#buy");
    }
}

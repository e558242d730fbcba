using Ensen.Basics;
using Ensen.Cards;
using Ensen.CreditCards;
using Ensen.Storage;
using Ensen.Ui;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Members;

/// <summary>The forms of credit cards.</summary>
static class CreditCardForms
{
    const string Page = "/credit-cards";

    public static void Map(IEndpointRouteBuilder member)
    {
        member.MapForm("/credit-cards", Link);
        member.MapForm("/credit-cards/remove", Remove);
    }

    static async Task<IResult> Link(
        HttpContext http, [FromForm] string? token, [FromForm] string? once, LinkCreditCard link, TimeProvider clock, CancellationToken ct)
    {
        if (!FormInput.TryIntent(once, out var key))
            return Results.LocalRedirect(Page);
        var member = http.MemberId();
        var answer = await link.Run(
            new LinkCreditCardRequest(member, token, IdempotencyKey.Of(member, key, "page credit card", token)), ct);
        if (answer.Accepted)
            return Results.LocalRedirect($"{Page}?told=credit-linked");
        // What was typed may be a card's number: it is not sent back.
        var fields = new Dictionary<string, string>
        {
            ["fault"] = Problem.Code(answer.Refusal.ToString()),
            ["once"] = Id.New(clock).ToString(),
        };
        if (answer.Refusal != LinkCardRefusal.InvalidRequest)
            fields["token"] = token ?? "";
        return Results.LocalRedirect(http.RequestServices.GetRequiredService<SentBack>().Address(http, Page, fields));
    }

    static async Task<IResult> Remove(
        HttpContext http, [FromForm] string? card, UnlinkCard<CreditCard, CreditCardId> unlink, CancellationToken ct) =>
        Id.TryParse(card, out CreditCardId id) && (await unlink.Run(http.MemberId(), id, ct)).Accepted
            ? Results.LocalRedirect($"{Page}?told=credit-removed")
            : Results.LocalRedirect(Page);
}

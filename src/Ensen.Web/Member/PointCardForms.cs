using Ensen.Basics;
using Ensen.Cards;
using Ensen.Gateways;
using Ensen.Storage;
using Ensen.Ui;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Members;

/// <summary>
/// The forms of point cards. Registering is one however often it is sent, by the form's id; so is taking a card's points over, by the card.
/// </summary>
static class PointCardForms
{
    const string Page = "/point-cards";

    public static void Map(IEndpointRouteBuilder member)
    {
        member.MapForm("/point-cards", Register);
        member.MapForm("/point-cards/migrate", Migrate);
    }

    /// <summary>The name of a card's issuer; its code where it is set up no more.</summary>
    public static string NameOf(IPointCardIssuers issuers, PointCard card) =>
        issuers.All.FirstOrDefault(i => i.Code == card.Issuer)?.NameIn(Languages.Here) ?? card.Issuer;

    static async Task<IResult> Register(
        HttpContext http, [FromForm] string? issuer, [FromForm] string? number, [FromForm] string? pin, [FromForm] string? membership,
        [FromForm] string? once, RegisterPointCard register, SentBack sentBack, TimeProvider clock)
    {
        if (!FormInput.TryIntent(once, out var key))
            return Results.LocalRedirect(Page);
        var (member, session) = (http.MemberId(), http.Caller().Session);
        // What left the page arrives: a browser that goes away does not stop half-way between the issuer and us.
        var answer = await register.Run(new RegisterPointCardRequest(
            member, issuer ?? "", number ?? "", pin, membership ?? "", session,
            IdempotencyKey.Of(member, key, "page point card", issuer, number, pin, membership)), CancellationToken.None);
        return answer.Value is { } card
            ? Results.LocalRedirect($"{Page}/{card.Id}?told=registered")
            : Results.LocalRedirect(sentBack.Address(
                http, $"{Page}/new", ("refused", answer.Refusal.ToString()), ("once", Id.New(clock).ToString())));
    }

    static async Task<IResult> Migrate(HttpContext http, [FromForm] string? card, MigratePointCard migrate)
    {
        if (!Id.TryParse(card, out PointCardId id))
            return Results.LocalRedirect(Page);
        var answer = await migrate.Run(http.MemberId(), id, CancellationToken.None);
        return Results.LocalRedirect(answer.Accepted || answer.Refusal == MigratePointCardRefusal.NotFound
            ? $"{Page}/{id}" : $"{Page}/{id}?refused={Edge.Problem.Code(answer.Refusal.ToString())}");
    }
}

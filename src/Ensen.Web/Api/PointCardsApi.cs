using Ensen.Basics;
using Ensen.Cards;
using Ensen.Gateways;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Ensen.Web.Texts;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Api;

/// <summary>
/// <paramref name="PinLength"/>: 0 where its cards have no PIN. <paramref name="CheckDigit"/>: the last digit is one (Luhn).
/// </summary>
sealed record PointCardIssuerAnswer(string Issuer, string Name, int NumberLength, int PinLength, bool CheckDigit);

sealed record PointCardIssuersAnswer(IReadOnlyList<PointCardIssuerAnswer> Items);

/// <summary><paramref name="Membership"/>: existing or new, as the card is registered with its issuer already or not yet.</summary>
sealed record PointCardBody(string Issuer, string Number, string Membership, string? Pin = null);

/// <summary>
/// <paramref name="Number"/>: all but the last four digits hidden. <paramref name="State"/>: in_force, migrating or migrated.
/// </summary>
sealed record PointCardAnswer(string CardId, string Issuer, string Number, string State);

sealed record PointCardsAnswer(IReadOnlyList<PointCardAnswer> Items);

/// <summary><paramref name="Status"/>: completed, or pending while the issuer has not said how many points there are.</summary>
sealed record CardMigrationAnswer(string CardId, string Status, long? Points);

/// <summary>Point cards that a member registers.</summary>
static class PointCardsApi
{
    public static IEnumerable<string> Memberships { get; } = [RegisterPointCard.Existing, RegisterPointCard.New];

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/point-card-issuers", (IPointCardIssuers issuers) => Results.Ok(new PointCardIssuersAnswer(
                [.. issuers.All.Select(i => new PointCardIssuerAnswer(
                    i.Code, i.NameIn(Languages.Here), i.NumberLength, i.PinLength, i.HasCheckDigit))])))
            .Named("listPointCardIssuers", "Whose point cards can be registered, and what their numbers look like.")
            .RequireAuthorization(Policies.Member).Produces<PointCardIssuersAnswer>();
        var cards = api.MapGroup("/point-cards").RequireAuthorization(Policies.Member);
        cards.MapGet("", List)
            .Named("listPointCards",
                "The member's point cards as they stand with their issuers now: a reissued number is the new one, one whose membership lapsed is gone.")
            .Produces<PointCardsAnswer>();
        cards.MapPost("", Register)
            .Named("registerPointCard",
                "Registers a point card: one card, one account. Five wrong tries a day at a card and twenty at a device are looked at.")
            .WithMetadata(new ApiSetup.NeedsKey()).Produces<PointCardAnswer>(201).Refuses(400, 409, 410, 422, 429, 503);
        cards.MapDelete("/{id}", Detach)
            .Named("detachPointCard", "A point card stays with the account it was registered to: 409 `not_detachable`, always.")
            .Produces<PointCardAnswer>().Refuses(404, 409);
        cards.MapPost("/{id}/migration", Migrate)
            .Named("migratePointCard",
                "Takes the card's own points into the account, once. Pending while the issuer has not answered; it is asked until it does.")
            .WithMetadata(new ApiSetup.NeedsKey()).Produces<CardMigrationAnswer>(201).Refuses(400, 404, 422, 503);
    }

    static async Task<IResult> List(HttpContext context, OwnPointCards cards, CancellationToken ct) =>
        Results.Ok(new PointCardsAnswer([.. (await cards.Reload(context.MemberId(), ct)).Select(Of)]));

    static async Task<IResult> Register(HttpContext context, Body<PointCardBody> body, RegisterPointCard register,
        IStringLocalizer<MemberWords> words, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var caller = context.Caller();
        if (Keys.Key(context, caller.Owner, "point card", asked.Issuer, asked.Number, asked.Pin, asked.Membership) is not { } key)
            return new Problem("key_required");
        var answer = await register.Run(new RegisterPointCardRequest(
            context.MemberId(), asked.Issuer, asked.Number, asked.Pin, asked.Membership, caller.Session, key), ct);
        Keys.Mark(context, answer);
        if (answer.Value is { } card)
            return Results.Created((string?)null, Of(card));
        var told = words["Card_" + answer.Refusal];
        return new Problem(Problem.Code(answer.Refusal.ToString()), told: told.ResourceNotFound ? null : _ => told.Value);
    }

    static async Task<IResult> Detach(HttpContext context, string id, OwnPointCards cards, CancellationToken ct) =>
        Id.TryParse(id, out PointCardId card) && await cards.Find(context.MemberId(), card, ct) is not null
            ? new Problem("not_detachable") : new Problem("not_found");

    static async Task<IResult> Migrate(HttpContext context, string id, MigratePointCard migrate, CancellationToken ct)
    {
        if (Keys.Key(context, context.MemberId(), "card migration", id) is null)
            return new Problem("key_required");
        if (!Id.TryParse(id, out PointCardId card)) return new Problem("not_found");
        var answer = await migrate.Run(context.MemberId(), card, ct);
        Keys.Mark(context, answer);
        return answer.Value is { } done
            ? Results.Created((string?)null,
                new CardMigrationAnswer(done.CardId.ToString(), done.Points is null ? "pending" : "completed", done.Points?.Value))
            : Problem.Of(answer.Refusal);
    }

    public static PointCardAnswer Of(PointCard card) => new(
        card.Id.ToString(), card.Issuer, card.Masked, Problem.Code(card.State.ToString()));
}

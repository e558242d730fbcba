using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Cards;
using Ensen.Transit;
using Ensen.Ui;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary><paramref name="Proof"/>: what only the card's holder can show.</summary>
sealed record TransitCardBody(string Number, string Proof);

/// <summary><paramref name="State"/>: <c>linked</c>, or <c>lapsed</c> when nobody used it for so long. <paramref name="Number"/> is
/// masked.</summary>
sealed record TransitCardAnswer(string TransitCardId, string Number, string Form, string State, DateTimeOffset LinkedAt);

sealed record TransitCardsAnswer(IReadOnlyList<TransitCardAnswer> Items);

/// <summary>
/// <paramref name="Why"/>: <c>group_points</c> and <c>fare_points</c> brought points, <c>group_before</c> and <c>fare_before</c> came too
/// early in the month, <c>missing_gate</c> and <c>same_station</c> count nowhere. <paramref name="Nth"/>: the so-many-th of its group or
/// its fare. <paramref name="Day"/> is the railway's.
/// </summary>
sealed record RideAnswer(
    string TransitCardId, string Number, string Day, string? From, string? To, long Fare, DateTimeOffset? InAt,
        DateTimeOffset? OutAt, long Points,
    string Why, int Nth);

/// <summary><paramref name="Points"/>: what the rides bring by the rule; <paramref name="Posted"/>: how much of it is posted.</summary>
sealed record RidesAnswer(string Month, long Points, long Posted, IReadOnlyList<RideAnswer> Items);

sealed record TransitChargeBody([property: JsonConverter(typeof(WholeAmount))] long Points);

/// <summary><paramref name="Status"/>: <c>completed</c>, <c>pending</c> or <c>failed</c>; failed, the points are back in their
/// lots.</summary>
sealed record TransitChargeAnswer(string ChargeId, string Status, long Points, string? Reason);

/// <summary><paramref name="Rides"/>: rides may be used for recommendations; false until the member says so.</summary>
sealed record RecommendationsBody(bool Rides);

/// <summary>Transit cards of the member, and what their rides bring.</summary>
static class TransitApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var cards = api.MapGroup("/transit-cards").RequireAuthorization(Policies.Member);
        cards.MapGet("", List).Named("listTransitCards", "The member's transit cards.").Produces<TransitCardsAnswer>();
        cards.MapPost("", Link)
            .Named("linkTransitCard",
                "Links a transit card by its number and what only its holder can show; one card is linked to one account (already_linked). Its rides count "
                + "from the beginning of this month.")
            .RequireRateLimiting(RateLimits.Challenges).WithMetadata(new ApiSetup.NeedsKey())
            .Produces<TransitCardAnswer>(201).Refuses(400, 409, 422, 429, 503);
        cards.MapDelete("/{id}", Unlink).Named("unlinkTransitCard", "Removes a link: later rides bring no points, those before it still do.")
            .Produces<TransitCardAnswer>().Refuses(404);
        cards.MapPost("/{id}/charges", Charge)
            .Named("chargeTransitCard", "Puts points on a transit card, a yen each: charge-only ones first, then basic ones, soonest to lapse first.")
            .MovesValue<TransitChargeAnswer>().NeedsProgram(ChargeTransitCard.Purpose);
        var me = api.MapGroup("/me/recommendations").RequireAuthorization(Policies.Member);
        me.MapGet("", async (HttpContext context, RideConsent consent, CancellationToken ct) =>
                Results.Ok(new RecommendationsBody(await consent.Given(context.MemberId(), ct))))
            .Named("readRecommendations", "What may be used to recommend something to the member.").Produces<RecommendationsBody>();
        me.MapPut("", SetRecommendations)
            .Named("setRecommendations", "Whether rides may be used for recommendations; taken back, they are not from this moment on.")
            .Produces<RecommendationsBody>().Refuses(400);
        api.MapGet("/rides", Rides).RequireAuthorization(Policies.Member)
            .Named("listRides", "The rides of a month (2026-11), by the railway's days, each with the points that it brings and why; without it this month's.")
            .Produces<RidesAnswer>().Refuses(400);
    }

    static async Task<IResult> List(HttpContext context, OwnTransitCards own, CancellationToken ct) =>
        Results.Ok(new TransitCardsAnswer([.. (await own.Of(context.MemberId(), ct)).Select(Of)]));

    static async Task<IResult> Link(HttpContext context, Body<TransitCardBody> body, LinkTransitCard link,
        LinkCard<TransitCard, TransitCardId> links, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var member = context.MemberId();
        if (Keys.Key(context, member, "transit card", asked.Number, asked.Proof) is not { } key) return new Problem("key_required");
        var answer = await link.Run(new LinkTransitCardRequest(member, asked.Number, asked.Proof, key), ct);
        Keys.Mark(context, answer);
        return answer.Refusal switch
        {
            LinkCardRefusal.None => Results.Created((string?)null, Of(answer.Value!)),
            LinkCardRefusal.TooManyRequests => Problem.Of(answer.Refusal, await links.ComeAgain(member, ct)),
            LinkCardRefusal.InvalidRequest => Problem.Invalid(CardKeys.Read(asked.Number) is null ? "number" : "proof"),
            var refusal => Problem.Of(refusal),
        };
    }

    static async Task<IResult> Unlink(HttpContext context, string id, UnlinkCard<TransitCard, TransitCardId> unlink, CancellationToken ct)
    {
        if (!Id.TryParse(id, out TransitCardId card)) return new Problem("not_found");
        var answer = await unlink.Run(context.MemberId(), card, ct);
        return answer.Accepted ? Results.Ok(Of(answer.Value)) : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> Charge(
        HttpContext context, string id, Body<TransitChargeBody> body, ChargeTransitCard charge, Programme programme, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var member = context.MemberId();
        if (Keys.Key(context, member, "transit charge", id, asked.Points) is not { } key) return new Problem("key_required");
        if (!Id.TryParse(id, out TransitCardId card)) return new Problem("not_found");
        var answer = await charge.Run(new ChargeTransitCardRequest(member, card, asked.Points.Points(), key), ct);
        Keys.Mark(context, answer);
        return answer.Accepted
            ? Results.Created((string?)null, new TransitChargeAnswer(answer.Value.ChargeId.ToString(), answer.Value.State switch
            {
                TransitChargeState.Completed => "completed",
                TransitChargeState.Failed => "failed",
                TransitChargeState.Requested => "pending",
            }, answer.Value.Points.Value, answer.Value.Reason))
            : answer.Refusal == ChargeTransitCardRefusal.InvalidAmount ? Problem.NotBetween(1, programme.Transit.MostPerCharge)
            : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> SetRecommendations(
        HttpContext context, Body<RecommendationsBody> body, RideConsent consent, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        await consent.Set(context.MemberId(), asked.Rides, ct);
        return Results.Ok(asked);
    }

    static async Task<IResult> Rides(HttpContext context, string? month, OwnRides own, Programme programme, TimeProvider clock,
        CancellationToken ct)
    {
        if (ReadMonth(month, ServiceDay.Of(clock.GetUtcNow(), programme.Transit)) is not { } asked) return Problem.Invalid("month");
        var of = await own.Of(context.MemberId(), asked, ct);
        return Results.Ok(new RidesAnswer(
            $"{ServiceDay.FirstOf(asked).Date:yyyy-MM}", of.Points.Value, of.Posted.Value, [.. of.Rides.Select(r =>
                Of(r.Card, r.Judged))]));
    }

    /// <summary>yyyymm; null when it is no month.</summary>
    internal static int? ReadMonth(string? month, JapanDay today) => month is null ? today.Month
        : DateOnly.TryParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first)
            ? new JapanDay(first).Month
            : null;

    static TransitCardAnswer Of(TransitCard card) => new(
        card.Id.ToString(), card.Masked, Word(card.Form), card.Lapsed ? "lapsed" : card.RemovedMs is null ? "linked" : "unlinked",
        JapanDay.InTokyo(Instant.OfMilliseconds(card.LinkedMs)));

    static RideAnswer Of(TransitCard card, JudgedRide judged) => new(
        card.Id.ToString(), card.Masked, JapanDay.FromNumber(judged.Ride.Day).ToString(), judged.Ride.FromStation,
            judged.Ride.ToStation, judged.Ride.Fare,
        At(judged.Ride.InMs), At(judged.Ride.OutMs), judged.Points.Value, Word(judged.Why), judged.Nth);

    static DateTimeOffset? At(long? ms) => ms is { } at ? JapanDay.InTokyo(Instant.OfMilliseconds(at)) : null;

    static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}

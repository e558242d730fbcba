using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Centres;
using Ensen.Wallet;
using Ensen.Web.Counters;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Ensen.Web.Observability;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Api;

sealed record MemberCodeAnswer(string Code);

sealed record AwardBody(string Code, [property: JsonConverter(typeof(WholeAmount))] long Amount, string Receipt);

sealed record SpendBody(string Code, [property: JsonConverter(typeof(WholeAmount))] long Points, string Receipt);

/// <summary>
/// <paramref name="Balance"/>: null where a card's number was shown, which tells nothing of its owner. <paramref name="CancelledAt"/>: only
/// where the receipt was cancelled since; then <paramref name="Points"/> is 0, for nothing is given or taken any more, and the balance is
/// that after the cancellation.
/// </summary>
sealed record PointsMovedAnswer(string Receipt, long Points, long? Balance, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? CancelledAt = null);

/// <summary>
/// <paramref name="Points"/>: given back, negative where they were taken back. <paramref name="WithheldYen"/>: what the centre keeps of the
/// customer's money, for points that the purchase had brought and that were spent.
/// </summary>
sealed record PointsCancelledAnswer(string Receipt, long Points, long Balance, long WithheldYen, DateTimeOffset At);

/// <summary><paramref name="Kind"/>: award or spending. <paramref name="Amount"/>: of the purchase, null for a spending.</summary>
sealed record PointReceiptAnswer(
    string Receipt, string Kind, long? Amount, long Points, DateTimeOffset At, PointsCancelledAnswer? Cancellation);

sealed record PointTotalsAnswer(
    string Day, long Awards, long Amount, long AwardedPoints, long Spendings, long SpentPoints, long Cancellations, long TakenBackPoints,
    long GivenBackPoints);

/// <summary>A line that is wrong, counted from 1, and what is wrong with it.</summary>
sealed record PointFileLineAnswer(int Line, string Code);

/// <summary>
/// A file is taken whole, or nothing of it: with a line in <paramref name="Refused"/>, <paramref name="Accepted"/> is 0 and nothing is
/// booked. <paramref name="WithoutPoints"/>: lines that were taken and brought no points, and are in no total: too small for one
/// (<c>no_point</c>), cancelled at the till before (<c>cancelled</c>), or of a member who left in the same moment (<c>invalid_code</c>).
/// </summary>
sealed record PointFileAnswer(
    string FileId, int Accepted, IReadOnlyList<PointFileLineAnswer> Refused, IReadOnlyList<PointFileLineAnswer> WithoutPoints);

/// <summary>What the point till of a shopping centre asks, and the number that a member shows there.</summary>
static class PointTillApi
{
    const int MostFileBytes = 16 * 1024 * 1024;

    const string Cancelled = "it is told with `points` 0, the balance after the cancellation and `cancelledAt`, and books nothing; the same "
        + "Idempotency-Key is answered as it was at first.";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/member-code", async (HttpContext context, MemberCodes codes, CancellationToken ct) =>
                Results.Ok(new MemberCodeAnswer(await codes.Of(context.MemberId(), ct))))
            .Named("readMemberCode", "The member's own number, always the same: it earns points at shopping centres and spends none.")
            .RequireAuthorization(Policies.Member).Produces<MemberCodeAnswer>();

        var till = api.MapGroup("/point-till").RequireAuthorization(Policies.PointTill);
        till.MapPost("/awards", Award)
            .Named("awardPoints",
                "Gives points for a purchase, by the member's number, a one-time code or a point card. The same receipt again is the same award; "
                + $"once it was cancelled, {Cancelled} A purchase above the programme's bound (1,000,000 yen unless it is set otherwise) is "
                + "refused (invalid_amount).")
            .MovesValue<PointsMovedAnswer>();
        till.MapPost("/spendings", Spend)
            .Named("spendPoints", "Takes points, by a one-time code, which is used up. The same receipt again is the same spending; once it was cancelled, "
                + $"{Cancelled} Whoever has too few points is told so (insufficient_points) before any cap is looked at (over_limit).")
            .MovesValue<PointsMovedAnswer>();
        till.MapPost("/receipts/{receipt}/cancellation", Cancel)
            .Named("cancelReceipt", "Takes back what a receipt gave, or gives back what it took, to the lots it came from. It happens once.")
            .MovesValue<PointsCancelledAnswer>();
        till.MapPost("/files", TakeFile)
            .Named("takePointFile",
                "Awards of a till that was offline, as text/csv in UTF-8: a header `code,amount,receipt`, a line for each award by the member's "
                + "number or a point card, and last `total,SUM,COUNT`. It is taken whole or not at all, and the answer names each line that "
                + "is wrong. The same bytes again are the same file, and answered the same; a receipt is in one file.")
            .WithMetadata(new ApiSetup.NeedsKey(), new RequestSizeLimitAttribute(MostFileBytes),
                new AcceptsMetadata(["text/csv", "*/*"], typeof(string)))
            .Produces<PointFileAnswer>(201).Refuses(400, 503);
        till.MapGet("/receipts/{receipt}", Enquire).WithPriority(RequestPriority.Essential)
            .Named("findPointReceipt", "What became of a receipt: the enquiry after a time-out. A purchase too small for a point has none.")
            .Produces<PointReceiptAnswer>().Refuses(404);
        till.MapGet("/totals", Totals)
            .Named("readPointTotals", "The centre's day: awards, spendings and cancellations. Without a day, today.")
            .Produces<PointTotalsAnswer>().Refuses(400);
    }

    static async Task<IResult> TakeFile(HttpContext context, TakePointFile take, CancellationToken ct)
    {
        var caller = context.Caller();
        if (Keys.Key(context, caller.Owner) is null)
            return new Problem("key_required");
        using var bytes = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(bytes, ct);
        }
        catch (BadHttpRequestException)
        {
            context.Response.Headers.Connection = "close";
            return new Problem("invalid_request");
        }
        var file = await take.Run(context.PointTillCentreId(), new PointTillId(caller.Id), bytes.ToArray(), ct);
        return Results.Created((string?)null, new PointFileAnswer(
            file.Id.ToString(), file.Accepted, Lines(file.Refused), Lines(file.WithoutPoints)));

        static IReadOnlyList<PointFileLineAnswer> Lines(IEnumerable<PointFileRefusal> lines) =>
            [.. lines.Select(l => new PointFileLineAnswer(l.Line, Problem.Code(l.Fault.ToString())))];
    }

    static async Task<IResult> Award(
        HttpContext context, Body<AwardBody> body, AwardPoints award, Programme programme, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var caller = context.Caller();
        if (Keys.Key(context, caller.Owner, "point award", asked.Code, asked.Amount, asked.Receipt) is not { } key)
            return new Problem("key_required");
        if (!Movement.IsAmount(asked.Amount)) return asked.Amount > 0 ? OverMost : new Problem("invalid_amount");
        if (!CentreReceipt.IsFine(asked.Receipt)) return Problem.Invalid("receipt");
        if (CentreReceipt.EndsIn(asked.Receipt, asked.Code, programme.Codes.Prefix)) return Problem.CustomerInReceipt;
        var answer = await award.Run(new AwardRequest(
            context.PointTillCentreId(), new PointTillId(caller.Id), asked.Code, asked.Amount.Yen(), asked.Receipt, [key]), ct);
        Keys.Mark(context, answer);
        return answer.Value is { } done
            ? Made(done.Receipt, Moved(done.Receipt, done.Points, done.Balance, done.At, done.Cancelled))
            : answer.Refusal == AwardRefusal.InvalidAmount ? OverMost
            : Problem.Of(answer.Refusal, answer.Refusal == AwardRefusal.TooManyRequests ? ReadShown.ComeAgain : null);
    }

    static async Task<IResult> Spend(
        HttpContext context, Body<SpendBody> body, SpendPoints spend, Programme programme, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var caller = context.Caller();
        if (Keys.Key(context, caller.Owner, "point spending", asked.Code, asked.Points, asked.Receipt) is not { } key)
            return new Problem("key_required");
        if (!Movement.IsAmount(asked.Points)) return new Problem("invalid_amount");
        if (!CentreReceipt.IsFine(asked.Receipt)) return Problem.Invalid("receipt");
        if (CentreReceipt.EndsIn(asked.Receipt, asked.Code, programme.Codes.Prefix)) return Problem.CustomerInReceipt;
        var answer = await spend.Run(new SpendRequest(
            context.PointTillCentreId(), new PointTillId(caller.Id), asked.Code, asked.Points.Points(), asked.Receipt, [key]), ct);
        Keys.Mark(context, answer);
        return answer.Value is { } done
            ? Made(done.Receipt, Moved(done.Receipt, done.Points, done.Balance, done.At, done.Cancelled))
            : Problem.Of(answer.Refusal, answer.Refusal == SpendRefusal.TooManyRequests ? ReadShown.ComeAgain : null);
    }

    static async Task<IResult> Cancel(HttpContext context, string receipt, CancelPoints cancel, CancellationToken ct)
    {
        var caller = context.Caller();
        if (Keys.Key(context, caller.Owner, "point cancellation", receipt) is not { } key)
            return new Problem("key_required");
        var answer = await cancel.Run(new CancelRequest(context.PointTillCentreId(), new PointTillId(caller.Id), receipt, [key]), ct);
        Keys.Mark(context, answer);
        return answer.Value is { } done
            ? Made(done.Receipt, new PointsCancelledAnswer(done.Receipt, done.Points.Value, done.Balance.Value, done.Withheld.Value,
                JapanDay.InTokyo(done.At)))
            : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> Enquire(HttpContext context, string receipt, PointReceipts receipts, CancellationToken ct)
    {
        if (!Order.IsFine(receipt) || await receipts.Find(context.PointTillCentreId(), receipt, ct) is not { } found)
            return new Problem("not_found");
        return Results.Ok(new PointReceiptAnswer(
            found.Receipt, found.Award is null ? "spending" : "award", found.Award?.AmountYen.Value, found.Points.Value, At(found.AtMs),
            found.Cancellation is { } c
                ? new PointsCancelledAnswer(found.Receipt, c.Points.Value, c.BalanceAfter.Value, c.WithheldYen.Value, At(c.AtMs))
                : null));
    }

    static async Task<IResult> Totals(
        HttpContext context, string? day, PointReceipts receipts, TimeProvider clock, CancellationToken ct)
    {
        var of = JapanDay.Of(clock.GetUtcNow());
        if (day is not null && !JapanDay.TryParse(day, out of))
            return Problem.Invalid("day");
        var totals = await receipts.Totals(context.PointTillCentreId(), of, ct);
        return Results.Ok(new PointTotalsAnswer(
            of.ToString(), totals.Awards, totals.AmountYen.Value, totals.Awarded.Value, totals.Spendings, totals.Spent.Value,
            totals.Cancellations, totals.TakenBack.Value, totals.GivenBack.Value));
    }

    static Created<T> Made<T>(string receipt, T value) =>
        TypedResults.Created($"/api/v1/point-till/receipts/{Uri.EscapeDataString(receipt)}", value);

    /// <summary>A register prints what it is told: of a receipt that was cancelled no points, and the balance since.</summary>
    static PointsMovedAnswer Moved(
        string receipt, PointAmount points, PointAmount? balance, DateTimeOffset at, CancellationRow? cancelled) => cancelled is null
        ? new(receipt, points.Value, balance?.Value, JapanDay.InTokyo(at))
        : new(receipt, 0, balance is null ? null : cancelled.BalanceAfter.Value, JapanDay.InTokyo(at), At(cancelled.AtMs));

    /// <summary>More than a purchase can be for which points are given: the bound is named.</summary>
    static Problem OverMost { get; } = new("invalid_amount",
        told: services => services.GetRequiredService<PointTillSays>().Fault(PointTillSays.OverMost));

    static DateTimeOffset At(long ms) => JapanDay.InTokyo(DateTimeOffset.FromUnixTimeMilliseconds(ms));
}

using System.Text.Json;
using Ensen.Basics;
using Ensen.Cards;
using Ensen.CreditCards;
using Ensen.Ui;
using Ensen.Web.Edge;
using Ensen.Web.Observability;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Api;

/// <summary><paramref name="LinkToken"/>: what the card's company made for linking it once; a card's number is refused.</summary>
sealed record CreditCardBody(string LinkToken);

sealed record CreditCardAnswer(string CreditCardId, string Brand, string LastFour, string State, DateTimeOffset LinkedAt);

sealed record CreditCardsAnswer(IReadOnlyList<CreditCardAnswer> Items);

/// <summary>
/// <paramref name="Amount"/> in yen, below 0 where it was given back, 0 where it was withdrawn. <paramref name="Points"/>: by how much the
/// month's points are more with it.
/// </summary>
sealed record PurchaseAnswer(string CreditCardId, DateTimeOffset At, long Amount, bool TransitCharge, long Points);

/// <summary>
/// <paramref name="Points"/>: what the purchases bring by the rule; <paramref name="Posted"/>: what of it was given, less what was taken
/// back; <paramref name="Owed"/>: what could not be taken back, for which the next purchases make up first.
/// </summary>
sealed record PurchasesAnswer(string Month, long Points, long Posted, long Owed, IReadOnlyList<PurchaseAnswer> Items);

/// <summary>A line that is wrong, counted from 1, and what is wrong with it.</summary>
sealed record PurchaseFileLineAnswer(int Line, string Code);

/// <summary>
/// A file is taken whole, or nothing of it: with a line in <paramref name="Refused"/>, <paramref name="Accepted"/> is 0.
/// <paramref name="Fresh"/>: items that no file named before; <paramref name="Corrected"/>: those that now say something else.
/// </summary>
sealed record PurchaseFileAnswer(
    string FileId, string Month, int Edition, long Accepted, long Fresh, long Corrected, IReadOnlyList<PurchaseFileLineAnswer> Refused);

/// <summary><paramref name="Status"/>: <c>being_read</c>, <c>accepted</c>, <c>refused</c> or <c>broken_off</c>.</summary>
sealed record KeptPurchaseFileAnswer(
    string FileId, string Name, DateTimeOffset At, string Status, string Month, int Edition, long Lines, long Amount, long Fresh,
    long Corrected, IReadOnlyList<PurchaseFileLineAnswer> Refused);

sealed record KeptPurchaseFilesAnswer(IReadOnlyList<KeptPurchaseFileAnswer> Items);

/// <summary>Credit cards of the member and what their purchases bring; files of purchases for operators' programs.</summary>
static class CreditCardsApi
{
    public static IEnumerable<string> FileStatuses => Enum.GetNames<PurchaseFileState>().Select(Problem.Code);

    public static void Map(RouteGroupBuilder api)
    {
        var cards = api.MapGroup("/credit-cards").RequireAuthorization(Policies.Member);
        cards.MapGet("", async (HttpContext context, OwnCreditCards own, CancellationToken ct) =>
                Results.Ok(new CreditCardsAnswer([.. (await own.Of(context.MemberId(), ct)).Select(Of)])))
            .Named("listCreditCards", "The member's credit cards.").Produces<CreditCardsAnswer>();
        cards.MapPost("", Link)
            .Named("linkCreditCard",
                "Links a credit card by the token that its company made for this, which works once; one card is linked to one account, and "
                + "a token that somebody else used is taken (already_linked). Its purchases count from the beginning of this month.")
            .RequireRateLimiting(RateLimits.Challenges).WithMetadata(new ApiSetup.NeedsKey())
            .Produces<CreditCardAnswer>(201).Refuses(400, 409, 422, 429, 503);
        cards.MapDelete("/{id}", Unlink)
            .Named("unlinkCreditCard", "Removes a link: later purchases bring no points, those before it still do.")
            .Produces<CreditCardAnswer>().Refuses(404);
        cards.MapGet("/purchases", Purchases)
            .Named("listPurchases",
                "What was bought with the member's credit cards in a month (2026-11), each with the points that it brings; without it this "
                + "month's.")
            .Produces<PurchasesAnswer>().Refuses(400);
        var console = api.MapGroup("/console").RequireAuthorization(Policies.Security);
        console.MapGet("/purchase-files", async (PurchaseFiles files, CancellationToken ct) =>
                Results.Ok(new KeptPurchaseFilesAnswer([.. (await files.Latest(ct)).Select(Of)])))
            .Named("listPurchaseFiles", "The latest files of purchases by credit card with their wrong lines.")
            .WithPriority(RequestPriority.CanWait).Produces<KeptPurchaseFilesAnswer>();
        console.MapPost("/purchase-files", TakeFile)
            .Named("takePurchaseFile",
                "A month's purchases as the company of the credit cards sends them, as text/csv in UTF-8: a header "
                + "`card,item,at,amount,kind`, a line for each item (kind `purchase` or `transit`; an amount below 0 is given back, 0 "
                + "withdrawn), and last `total,MONTH,EDITION,SUM,COUNT`. It is taken whole or not at all, and the answer names each line "
                + "that is wrong. The same bytes again are the same file. Of an item that two files name the one with the higher "
                + "edition is right.")
            .WithMetadata(new ApiSetup.NeedsKey(), new RequestSizeLimitAttribute(TakePurchaseFile.MostBytes),
                new AcceptsMetadata(["text/csv", "*/*"], typeof(string)))
            .WithPriority(RequestPriority.CanWait).Produces<PurchaseFileAnswer>(201).Refuses(400, 503);
    }

    static async Task<IResult> Link(HttpContext context, Body<CreditCardBody> body, LinkCreditCard link,
        LinkCard<CreditCard, CreditCardId> links, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var member = context.MemberId();
        if (Keys.Key(context, member, "credit card", asked.LinkToken) is not { } key) return new Problem("key_required");
        var answer = await link.Run(new LinkCreditCardRequest(member, asked.LinkToken, key), ct);
        Keys.Mark(context, answer);
        return answer.Refusal switch
        {
            LinkCardRefusal.None => Results.Created((string?)null, Of(answer.Value!)),
            LinkCardRefusal.TooManyRequests => Problem.Of(answer.Refusal, await links.ComeAgain(member, ct)),
            var refusal => Problem.Of(refusal),
        };
    }

    static async Task<IResult> Unlink(HttpContext context, string id, UnlinkCard<CreditCard, CreditCardId> unlink, CancellationToken ct)
    {
        if (!Id.TryParse(id, out CreditCardId card)) return new Problem("not_found");
        var answer = await unlink.Run(context.MemberId(), card, ct);
        return answer.Accepted ? Results.Ok(Of(answer.Value)) : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> Purchases(HttpContext context, string? month, OwnCreditCards own, TimeProvider clock, CancellationToken ct)
    {
        if (TransitApi.ReadMonth(month, JapanDay.Of(clock.GetUtcNow())) is not { } asked) return Problem.Invalid("month");
        var of = await own.Month(context.MemberId(), asked, ct);
        return Results.Ok(new PurchasesAnswer(MonthText(asked), of.Points.Value, of.Posted.Value, of.Owed.Value,
            [.. of.Purchases.Select(p => new PurchaseAnswer(p.Card.Id.ToString(),
                JapanDay.InTokyo(Instant.OfMilliseconds(p.Judged.Purchase.AtMs)), p.Judged.Purchase.Amount,
                p.Judged.Purchase.Class == PurchaseClass.TransitCharge, p.Judged.Points.Value))]));
    }

    static async Task<IResult> TakeFile(HttpContext context, string? name, TakePurchaseFile take, CancellationToken ct)
    {
        if (Keys.Key(context, context.OperatorId()) is null)
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
        var file = await take.Run(
            name is { Length: > 0 } ? name : "api", bytes.GetBuffer().AsMemory(0, (int)bytes.Length), context.OperatorId(), ct);
        return file.Value is { } taken
            ? Results.Created((string?)null, new PurchaseFileAnswer(
                taken.Id.ToString(), MonthText(taken.Month), taken.Edition, taken.Accepted, taken.Fresh, taken.Corrected,
                Lines(taken.Refused)))
            : Problem.Of(file.Refusal);
    }

    /// <summary>2026-11; nothing where the file named no month.</summary>
    static string MonthText(int month) => month == 0 ? "" : $"{JapanDay.FromNumber(month * 100 + 1).Date:yyyy-MM}";

    static List<PurchaseFileLineAnswer> Lines(IReadOnlyList<PurchaseRefusal> refused) =>
        [.. refused.Select(r => new PurchaseFileLineAnswer(r.Line, Problem.Code(r.Fault.ToString())))];

    static CreditCardAnswer Of(CreditCard card) => new(
        card.Id.ToString(), card.Brand, card.LastFour, card.RemovedMs is null ? "linked" : "unlinked",
        JapanDay.InTokyo(Instant.OfMilliseconds(card.LinkedMs)));

    static KeptPurchaseFileAnswer Of(KeptPurchaseFile file) => new(
        file.Id.ToString(), file.Name, JapanDay.InTokyo(file.At), Problem.Code(file.State.ToString()), MonthText(file.Month), file.Edition,
        file.Lines, file.Sum.Value, file.Fresh, file.Corrected, Lines(file.Refused));
}

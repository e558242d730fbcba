using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Businesses;
using Ensen.Ui;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Observability;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <param name="From">Who is asked to pay: the number of an account, or a company's id.</param>
/// <param name="DueOn">By when, as 2027-04-30.</param>
sealed record BusinessRequestBody(string From, [property: JsonConverter(typeof(WholeAmount))] long Amount, string Text, string DueOn);

/// <param name="Status">open, paid, withdrawn or declined.</param>
/// <param name="With">The other company.</param>
/// <param name="Asked">True where the caller's company asked, false where it is asked.</param>
/// <param name="Url">What can be sent to whoever is to pay.</param>
sealed record BusinessRequestAnswer(BusinessRequestId RequestId, string Status, long Amount, string With, bool Asked, string Text,
    string DueOn, bool Overdue, DateTimeOffset At, BusinessTransferId? TransferId, string Url);

sealed record BusinessRequestsAnswer(IReadOnlyList<BusinessRequestAnswer> ToPay, IReadOnlyList<BusinessRequestAnswer> Asked);

/// <summary>What companies ask each other to pay.</summary>
static class BusinessRequestsApi
{
    const int Listed = 100;

    public static void Map(RouteGroupBuilder business)
    {
        business.MapPost("/requests", Ask)
            .Named("askBusiness", "Asks another company to pay by a day. Nothing moves until that one pays.")
            .MovesValue<BusinessRequestAnswer>();
        business.MapGet("/requests", List).WithPriority(RequestPriority.CanWait)
            .Named("listBusinessRequests", "What the company is asked to pay, and what it asked others; at most 100 of each.")
            .Produces<BusinessRequestsAnswer>().Refuses(404);
        business.MapGet("/requests/{id}", Read)
            .Named("readBusinessRequest", "A request that the company asked or was asked.").Produces<BusinessRequestAnswer>().Refuses(404);
        business.MapPost("/requests/{id}/payment", Pay)
            .Named("payBusinessRequest", "Pays a request, once, by a transfer: its asker is on the list of payees, and confirmed.")
            .MovesValue<BusinessTransferAnswer>();
        business.MapPost("/requests/{id}/closing", Close)
            .Named("closeBusinessRequest", "Whoever asked wants it no more, or whoever was asked does not pay it.")
            .Produces<BusinessRequestAnswer>().Refuses(404, 409, 410);
    }

    static async Task<IResult> Ask(
        HttpContext context, Body<BusinessRequestBody> body, AskBusiness ask, Programme programme, TimeProvider clock, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (await context.Business(ct) is not { } own) return new Problem("not_found");
        if (Keys.Key(context, own.Person, "business request", asked.From, asked.Amount, asked.Text, asked.DueOn) is not { } key)
            return new Problem("key_required");
        if (!Movement.IsAmount(asked.Amount)) return new Problem("invalid_amount");
        if (!JapanDay.TryParse(asked.DueOn, out var dueOn)) return Problem.Invalid("dueOn");
        var answer = await ask.Run(new AskBusinessRequest(
            own.By, own.Business, asked.From, asked.Amount.Yen(), asked.Text, dueOn, key), ct);
        Keys.Mark(context, answer);
        return answer.Accepted ? Results.Created((string?)null, Told(answer.Value, own, programme, clock))
            : BusinessRefusals.Of(answer.Refusal);
    }

    static async Task<IResult> List(
        HttpContext context, BusinessRequests requests, Programme programme, TimeProvider clock, CancellationToken ct) =>
        await context.Business(ct) is not { } own ? new Problem("not_found")
            : Results.Ok(new BusinessRequestsAnswer(
                [.. (await requests.ToPay(own.Business.Id, Listed, ct)).Select(r => Told(r, own, programme, clock))],
                [.. (await requests.AskedBy(own.Business.Id, Listed, ct)).Select(r => Told(r, own, programme, clock))]));

    static async Task<IResult> Read(
        HttpContext context, string id, BusinessRequests requests, Programme programme, TimeProvider clock, CancellationToken ct) =>
        Id.TryParse(id, out BusinessRequestId request) && await context.Business(ct) is { } own
        && await requests.Find(own.Business.Id, request, ct) is { } found
            ? Results.Ok(Told(found, own, programme, clock)) : new Problem("not_found");

    static async Task<IResult> Pay(
        HttpContext context, string id, BusinessRequests requests, MakeBusinessTransfer make, CancellationToken ct)
    {
        if (await context.Business(ct) is not { } own) return new Problem("not_found");
        if (Keys.Key(context, own.Person, "business request paid", id) is not { } key) return new Problem("key_required");
        if (!Id.TryParse(id, out BusinessRequestId request) || await requests.Find(own.Business.Id, request, ct) is not { } found
            || found.Payer != own.Business.Id)
            return new Problem("not_found");
        return BusinessApi.Told(context, await make.Run(new MakeBusinessTransferRequest(own.By, own.Business,
            [new TransferLine(1, found.Asker, new Yen(found.AmountYen), found.Text)], [key], found), ct));
    }

    static async Task<IResult> Close(HttpContext context, string id, CloseBusinessRequest close, Programme programme, TimeProvider clock,
        CancellationToken ct)
    {
        if (!Id.TryParse(id, out BusinessRequestId request) || await context.Business(ct) is not { } own) return new Problem("not_found");
        var answer = await close.Run(own.By, own.Business.Id, request, ct);
        return answer.Accepted ? Results.Ok(Told(answer.Value, own, programme, clock)) : BusinessRefusals.Of(answer.Refusal);
    }

    static BusinessRequestAnswer Told(BusinessRequest request, OwnBusiness own, Programme programme, TimeProvider clock)
    {
        var asked = request.Asker == own.Business.Id;
        return new BusinessRequestAnswer(request.Id, Problem.Code(request.State.ToString()), request.AmountYen,
            asked ? request.PayerName : request.AskerName, asked, request.Text, JapanDay.FromNumber(request.DueOn).ToString(),
            request.IsOverdue(JapanDay.Of(clock.GetUtcNow())), JapanDay.InTokyo(Instant.OfMilliseconds(request.MadeMs)), request.Transfer,
            $"{programme.Origin}/business/requests/{request.Id}");
    }
}

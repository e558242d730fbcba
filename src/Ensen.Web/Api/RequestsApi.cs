using System.Text.Json.Serialization;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Requests;
using Ensen.Ui;
using Ensen.Web.Edge;
using Ensen.Web.Members;
using Ensen.Web.Observability;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <param name="From">Who is asked: a member's id, their confirmed e-mail address or their telephone.</param>
sealed record RequestBody(string From, [property: JsonConverter(typeof(WholeAmount))] long Amount, string? Note = null);

sealed record ShareBody(string From, [property: JsonConverter(typeof(WholeAmount))] long Amount);

/// <param name="Total">The whole bill: the shares and <paramref name="Own"/>, what the caller pays of it, add up to it.</param>
sealed record SplitBody([property: JsonConverter(typeof(WholeAmount))] long Total, IReadOnlyList<ShareBody> Shares,
    [property: JsonConverter(typeof(WholeAmount))] long Own = 0, string? Note = null);

/// <summary>
/// A request as one of its two parties sees it. <paramref name="Status"/>: <c>open</c>, <c>paid</c>, <c>withdrawn</c> or <c>declined</c>.
/// </summary>
/// <param name="With">The other one's name, masked.</param>
/// <param name="Asked">True where the caller asked, false where the caller is asked.</param>
sealed record RequestAnswer(string RequestId, string Status, long Amount, string With, bool Asked, string? Note, DateTimeOffset At,
    string? SplitId, DateTimeOffset? RemindedAt);

sealed record RequestsAnswer(IReadOnlyList<RequestAnswer> ToPay, IReadOnlyList<RequestAnswer> Asked);

sealed record SplitAnswer(string SplitId, long Total, long Own, long Paid, IReadOnlyList<RequestAnswer> Shares);

/// <summary>Asking for money, and splitting a bill.</summary>
static class RequestsApi
{
    const int Most = 100;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/requests", Ask)
            .Named("requestMoney", "Asks another member for money. Nothing moves until that one pays.")
            .RequireAuthorization(Policies.Member).MovesValue<RequestAnswer>();
        api.MapGet("/requests", List).WithPriority(RequestPriority.CanWait)
            .Named("listRequests", "What the member is asked for, and what they asked others for, at most 100 of each.")
            .RequireAuthorization(Policies.Member).Produces<RequestsAnswer>();
        api.MapGet("/requests/{id}", Read)
            .Named("readRequest", "A request that the member asked or was asked.")
            .RequireAuthorization(Policies.Member).Produces<RequestAnswer>().Refuses(404);
        api.MapPost("/requests/{id}/payment", Pay)
            .Named("payRequest", "Pays a request by a transfer, once.")
            .RequireAuthorization(Policies.Member).MovesValue<TransferAnswer>().NeedsProgram(Spending.Requests);
        api.MapPost("/requests/{id}/withdrawal", (HttpContext context, string id, CloseMoneyRequest close, MemberDirectory directory,
                CancellationToken ct) => Close(context, id, MoneyRequestState.Withdrawn, close, directory, ct))
            .Named("withdrawRequest", "Whoever asked wants it no more.")
            .RequireAuthorization(Policies.Member).MovesValue<RequestAnswer>();
        api.MapPost("/requests/{id}/refusal", (HttpContext context, string id, CloseMoneyRequest close, MemberDirectory directory,
                CancellationToken ct) => Close(context, id, MoneyRequestState.Declined, close, directory, ct))
            .Named("declineRequest", "Whoever was asked does not pay it.")
            .RequireAuthorization(Policies.Member).MovesValue<RequestAnswer>();
        api.MapPost("/requests/{id}/reminder", Remind)
            .Named("remindOfRequest", "Tells whoever was asked once more, once a day at most.")
            .RequireAuthorization(Policies.Member).MovesValue<RequestAnswer>();
        api.MapPost("/splits", Split)
            .Named("splitBill", "Asks several members for their shares of a bill, all of them or nobody.")
            .RequireAuthorization(Policies.Member).MovesValue<SplitAnswer>();
        api.MapGet("/splits/{id}", ReadSplit)
            .Named("readSplit", "Who has paid their share of a bill that the member split.")
            .RequireAuthorization(Policies.Member).Produces<SplitAnswer>().Refuses(404);
    }

    static async Task<IResult> Ask(HttpContext context, Body<RequestBody> body, AskForMoney ask, Receivers receivers,
        MemberDirectory directory, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (Keys.Key(context, context.MemberId(), "request", asked.From, asked.Amount, asked.Note) is not { } key)
            return new Problem("key_required");
        if (await ask.Earlier(context.MemberId(), key, asked.Note, ct, asked.Amount.Yen()) is { } earlier)
            return await Asked(context, earlier, directory, ct);
        var (from, problem) = await Addressee.Find(context, receivers, asked.From, ct);
        if (from is not { } member) return problem!;
        return await Asked(context, await ask.Run(new AskForMoneyRequest(
            context.MemberId(), [new Share(member, asked.Amount.Yen())], null, Yen.Zero, asked.Note, key), ct), directory, ct);
    }

    static async Task<IResult> Asked(
        HttpContext context, Answer<MoneyAsked, AskForMoneyRefusal> answer, MemberDirectory directory, CancellationToken ct)
    {
        Keys.Mark(context, answer);
        return answer.Accepted ? Results.Created((string?)null, await Told(context, answer.Value.Requests[0].AsAsked, directory, ct))
            : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> Split(HttpContext context, Body<SplitBody> body, AskForMoney ask, MoneyRequests requests,
        Receivers receivers, MemberDirectory directory, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (Keys.Key(context, context.MemberId(),
                ["split", asked.Total, asked.Own, asked.Note, .. asked.Shares.SelectMany(s => new object?[] { s.From, s.Amount })])
            is not { } key)
            return new Problem("key_required");
        if (asked.Shares.Count is 0 or > AskForMoney.MostShares) return Problem.Invalid("shares");
        if (await ask.Earlier(context.MemberId(), key, asked.Note, ct, [.. asked.Shares.Select(s => s.Amount.Yen())]) is { } earlier)
            return await Asked(context, earlier, requests, directory, ct);
        var shares = new List<Share>();
        foreach (var share in asked.Shares)
        {
            var (from, problem) = await Addressee.Find(context, receivers, share.From, ct);
            if (from is not { } member) return problem!;
            shares.Add(new Share(member, share.Amount.Yen()));
        }
        return await Asked(context, await ask.Run(new AskForMoneyRequest(
            context.MemberId(), shares, asked.Total.Yen(), asked.Own.Yen(), asked.Note, key), ct), requests, directory, ct);
    }

    static async Task<IResult> Asked(HttpContext context, Answer<MoneyAsked, AskForMoneyRefusal> answer, MoneyRequests requests,
        MemberDirectory directory, CancellationToken ct)
    {
        Keys.Mark(context, answer);
        if (!answer.Accepted) return Problem.Of(answer.Refusal);
        var (split, asks) = (await requests.FindSplit(context.MemberId(), answer.Value.Split!.Value, ct))!.Value;
        return Results.Created((string?)null, await Told(context, (split, [.. asks.Select(a => a.AsAsked)]), directory, ct));
    }

    static async Task<IResult> List(HttpContext context, MoneyRequests requests, MemberDirectory directory, CancellationToken ct) =>
        Results.Ok(new RequestsAnswer(
            await Told(context, await requests.ToPay(context.MemberId(), Most, ct), directory, ct),
            await Told(context, await requests.AskedBy(context.MemberId(), Most, ct), directory, ct)));

    static async Task<IResult> Read(
        HttpContext context, string id, MoneyRequests requests, MemberDirectory directory, CancellationToken ct) =>
        Id.TryParse(id, out MoneyRequestId request) && await requests.Find(context.MemberId(), request, ct) is { } found
            ? Results.Ok(await Told(context, found, directory, ct)) : new Problem("not_found");

    static async Task<IResult> ReadSplit(
        HttpContext context, string id, MoneyRequests requests, MemberDirectory directory, CancellationToken ct) =>
        Id.TryParse(id, out SplitId split) && await requests.FindSplit(context.MemberId(), split, ct) is { } found
            ? Results.Ok(await Told(context, found, directory, ct)) : new Problem("not_found");

    static async Task<IResult> Pay(HttpContext context, string id, PayMoneyRequest pay, MemberDirectory directory, CancellationToken ct)
    {
        if (Keys.Key(context, context.MemberId(), "pay request", id) is not { } key) return new Problem("key_required");
        if (!Id.TryParse(id, out MoneyRequestId request)) return new Problem("not_found");
        var answer = await pay.Run(await context.Payer(directory, ct), request, [key], ct);
        Keys.Mark(context, answer);
        return answer.Accepted
            ? Results.Created((string?)null, new TransferAnswer(
                answer.Value.TransferId.ToString(), "completed", answer.Value.Amount.Value, answer.Value.Balance.Value))
            : answer.Refusal == PayMoneyRequestRefusal.OverLimit ? await Problem.OverLimit(context, ct)
            : RequestRefusals.Of(answer.Refusal);
    }

    static async Task<IResult> Close(HttpContext context, string id, MoneyRequestState how, CloseMoneyRequest close,
        MemberDirectory directory, CancellationToken ct)
    {
        if (Keys.Key(context, context.MemberId(), "close request", id) is null) return new Problem("key_required");
        if (!Id.TryParse(id, out MoneyRequestId request)) return new Problem("not_found");
        var answer = await close.Run(context.MemberId(), request, how, ct);
        Keys.Mark(context, answer);
        return answer.Accepted ? Results.Created((string?)null, await Told(context, answer.Value, directory, ct))
            : RequestRefusals.Of(answer.Refusal);
    }

    static async Task<IResult> Remind(
        HttpContext context, string id, RemindOfMoneyRequest remind, MemberDirectory directory, CancellationToken ct)
    {
        if (Keys.Key(context, context.MemberId(), "remind", id) is null) return new Problem("key_required");
        if (!Id.TryParse(id, out MoneyRequestId request)) return new Problem("not_found");
        var answer = await remind.Run(context.MemberId(), request, ct);
        return answer.Accepted ? Results.Created((string?)null, await Told(context, answer.Value, directory, ct))
            : RequestRefusals.Of(answer.Refusal);
    }

    static async Task<SplitAnswer> Told(HttpContext context, (Split Split, IReadOnlyList<MoneyRequest> Shares) found,
        MemberDirectory directory, CancellationToken ct) => new(
            found.Split.Id.ToString(), found.Split.Total.Value, found.Split.Own.Value,
            found.Shares.Where(s => s.State == MoneyRequestState.Paid).Sum(s => s.AmountYen).Value,
            await Told(context, found.Shares, directory, ct));

    static async Task<IReadOnlyList<RequestAnswer>> Told(
        HttpContext context, IReadOnlyList<MoneyRequest> requests, MemberDirectory directory, CancellationToken ct)
    {
        var told = new List<RequestAnswer>();
        foreach (var request in requests)
            told.Add(await Told(context, request, directory, ct));
        return told;
    }

    static async Task<RequestAnswer> Told(HttpContext context, MoneyRequest request, MemberDirectory directory, CancellationToken ct)
    {
        var asked = request.Asker == context.MemberId();
        var other = await directory.Find(asked ? request.Payer : request.Asker, ct);
        return new RequestAnswer(
            request.Id.ToString(), request.State.ToString().ToLowerInvariant(), request.AmountYen.Value,
            other is { HasLeft: false } ? Receivers.Masked(other.Name) : "", asked, request.Note, JapanDay.InTokyo(request.At),
            asked ? request.Split?.ToString() : null,
            request.RemindedMs is { } ms ? JapanDay.InTokyo(Instant.OfMilliseconds(ms)) : null);
    }
}

using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Businesses;
using Ensen.Ledger;
using Ensen.Staff;
using Ensen.Ui;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Observability;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <param name="Number">Of the account: to it the company pays in from its bank, and by it others name it.</param>
/// <param name="AloneLimit">What its people may pay on a day without a second one.</param>
sealed record BusinessAnswer(BusinessId BusinessId, string Name, string Number, long Balance, long AloneLimit);

/// <param name="Status">waiting or confirmed.</param>
sealed record PayeeAnswer(PayeeId PayeeId, string Status, BusinessId BusinessId, string Name, string Number);

sealed record PayeesAnswer(IReadOnlyList<PayeeAnswer> Items);

/// <param name="To">The number of an account, or a company's id.</param>
sealed record PayeeBody(string To);

/// <param name="To">A confirmed payee: the number of their account, or their id.</param>
sealed record BusinessTransferBody(string To, [property: JsonConverter(typeof(WholeAmount))] long Amount, string Text);

/// <param name="Status">waiting, paid, refused, withdrawn or lapsed.</param>
/// <param name="Balance">The company's afterwards.</param>
sealed record BusinessTransferAnswer(BusinessTransferId TransferId, string Status, long Amount, long Balance);

sealed record BusinessTransferLine(int Line, BusinessId BusinessId, string Name, string Number, long Amount, string Text);

/// <param name="Status">waiting, paid, refused, withdrawn or lapsed.</param>
/// <param name="EntryId">The entry that paid it, for its receipt; null where nothing did.</param>
sealed record BusinessTransferDetails(BusinessTransferId TransferId, string Status, long Amount, DateTimeOffset MadeAt, string? EntryId,
    BusinessRequestId? RequestId, IReadOnlyList<BusinessTransferLine> Lines);

sealed record BusinessTransfersAnswer(IReadOnlyList<BusinessTransferDetails> Items);

/// <param name="With">Who paid or was paid; null where they are several.</param>
sealed record BusinessMovementAnswer(string Id, string Kind, DateTimeOffset At, long Yen, long Balance, string? With, string? Text);

sealed record BusinessHistoryAnswer(IReadOnlyList<BusinessMovementAnswer> Items, string? Next);

/// <summary>A company's own account: whom it pays, and what it paid.</summary>
static class BusinessApi
{
    const int Listed = 50;

    public static void Map(RouteGroupBuilder api)
    {
        var business = api.MapGroup("/business").RequireAuthorization(Policies.Business);
        business.MapGet("", Read).Named("readBusiness", "The company's account and what it holds.").Produces<BusinessAnswer>().Refuses(404);
        business.MapGet("/history", History).WithPriority(RequestPriority.CanWait)
            .Named("readBusinessHistory", "What was on the company's account, the newest first.")
            .Produces<BusinessHistoryAnswer>().Refuses(400, 404);
        business.MapGet("/payees", ListPayees).Named("listPayees", "Whom the company may pay, and who waits to be confirmed.")
            .Produces<PayeesAnswer>().Refuses(404);
        business.MapPost("/payees", Add)
            .Named("addPayee", "Puts a company on the list of payees. It is paid once another person has confirmed it.")
            .Produces<PayeeAnswer>(201).Refuses(400, 404, 409, 422);
        business.MapDelete("/payees/{id}", Remove).Named("removePayee", "Takes a company off the list.").Produces(204).Refuses(404);
        business.MapPost("/payees/{id}/confirmation", Confirm).RequireAuthorization(Policies.BusinessApproval)
            .Named("confirmPayee", "The second person says that this is the company they mean.").Produces<PayeeAnswer>().Refuses(404, 409);
        business.MapPost("/transfers", Make)
            .Named("makeBusinessTransfer",
                "Pays a confirmed payee, free of charge: at once where one person is enough, else it waits for a second one.")
            .MovesValue<BusinessTransferAnswer>();
        business.MapGet("/transfers", List).WithPriority(RequestPriority.CanWait)
            .Named("listBusinessTransfers", "The company's transfers, the newest first; at most fifty.")
            .Produces<BusinessTransfersAnswer>().Refuses(404);
        business.MapGet("/transfers/{id}", Find)
            .Named("readBusinessTransfer", "One transfer with its lines.").Produces<BusinessTransferDetails>().Refuses(404);
        business.MapPost("/transfers/{id}/approval", Approve).RequireAuthorization(Policies.BusinessApproval)
            .Named("approveBusinessTransfer", "The second person pays what another one made; once.").MovesValue<BusinessTransferAnswer>();
        business.MapPost("/transfers/{id}/refusal", Stop)
            .Named("stopBusinessTransfer", "Whoever made it takes it back, or somebody who could approve it refuses it.")
            .Produces<BusinessTransferDetails>().Refuses(404, 409);
        BusinessRequestsApi.Map(business);
        TransferFilesApi.Map(business);
    }

    static async Task<IResult> Read(HttpContext context, BusinessAccounts accounts, Programme programme, CancellationToken ct) =>
        await context.Business(ct) is not { } own ? new Problem("not_found")
            : Results.Ok(new BusinessAnswer(own.Business.Id, own.Business.Name, own.Business.Number,
                (await accounts.Balance(own.Business.Id, ct)).Value, programme.Businesses.AloneADay));

    static async Task<IResult> History(
        HttpContext context, int? limit, string? before, BusinessHistory history, CancellationToken ct)
    {
        if (await context.Business(ct) is not { } own) return new Problem("not_found");
        if (limit is < 1 or > Listed) return Problem.Invalid("limit");
        if (!Id.TryParse(before, out EntryId from) && before is not null) return Problem.Invalid("before");
        var most = limit ?? Listed;
        var found = await history.Of(own.Business.Id, before is null ? null : from, most, ct);
        return Results.Ok(new BusinessHistoryAnswer(
            [.. found.Select(m => new BusinessMovementAnswer(
                m.EntryId.ToString(), m.Kind.Word, m.At, m.Amount.Value, m.Balance.Value, m.Party, m.Text))],
            found.Count == most ? found[^1].EntryId.ToString() : null));
    }

    static async Task<IResult> ListPayees(HttpContext context, Payees payees, CancellationToken ct) =>
        await context.Business(ct) is not { } own ? new Problem("not_found")
            : Results.Ok(new PayeesAnswer([.. (await payees.List(own.Business.Id, ct)).Select(Told)]));

    static async Task<IResult> Add(HttpContext context, Body<PayeeBody> body, AddPayee add, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (await context.Business(ct) is not { } own) return new Problem("not_found");
        var answer = await add.Run(new AddPayeeRequest(own.By, own.Business, asked.To), ct);
        return answer.Accepted ? Results.Created((string?)null, Told(answer.Value)) : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> Remove(HttpContext context, string id, RemovePayee remove, CancellationToken ct) =>
        Id.TryParse(id, out PayeeId payee) && await context.Business(ct) is { } own && await remove.Run(own.By, own.Business.Id, payee, ct)
            ? Results.NoContent() : new Problem("not_found");

    static async Task<IResult> Confirm(HttpContext context, string id, ConfirmPayee confirm, CancellationToken ct)
    {
        if (!Id.TryParse(id, out PayeeId payee) || await context.Business(ct) is not { } own) return new Problem("not_found");
        var answer = await confirm.Run(own.By, own.Business.Id, payee, ct);
        return answer.Accepted ? Results.Ok(Told(answer.Value)) : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> Make(
        HttpContext context, Body<BusinessTransferBody> body, BusinessAccounts accounts, MakeBusinessTransfer make, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (await context.Business(ct) is not { } own) return new Problem("not_found");
        if (Keys.Key(context, own.Person, "business transfer", asked.To, asked.Amount, asked.Text) is not { } key)
            return new Problem("key_required");
        if (!Movement.IsAmount(asked.Amount)) return new Problem("invalid_amount");
        if (await make.Earlier([key], ct) is { } earlier) return Told(context, earlier);
        if (await accounts.Find(asked.To, ct) is not { } to) return new Problem("not_found");
        return Told(context, await make.Run(new MakeBusinessTransferRequest(
            own.By, own.Business, [new TransferLine(1, to.Id, asked.Amount.Yen(), asked.Text)], [key]), ct));
    }

    static async Task<IResult> List(HttpContext context, BusinessTransfers transfers, CancellationToken ct)
    {
        if (await context.Business(ct) is not { } own) return new Problem("not_found");
        var items = new List<BusinessTransferDetails>();
        foreach (var transfer in await transfers.Latest(own.Business.Id, Listed, ct: ct))
            items.Add(await Told(transfers, transfer, ct));
        return Results.Ok(new BusinessTransfersAnswer(items));
    }

    static async Task<IResult> Find(HttpContext context, string id, BusinessTransfers transfers, CancellationToken ct) =>
        Id.TryParse(id, out BusinessTransferId transfer) && await context.Business(ct) is { } own
        && await transfers.Find(own.Business.Id, transfer, ct) is { } found
            ? Results.Ok(await Told(transfers, found, ct)) : new Problem("not_found");

    static async Task<IResult> Approve(HttpContext context, string id, ApproveBusinessTransfer approve, CancellationToken ct)
    {
        if (await context.Business(ct) is not { } own) return new Problem("not_found");
        if (Keys.Key(context, own.Person, "business approval", id) is not { } key) return new Problem("key_required");
        if (!Id.TryParse(id, out BusinessTransferId transfer)) return new Problem("not_found");
        var answer = await approve.Run(new ApproveBusinessTransferRequest(own.By, own.Business.Id, transfer, [key]), ct);
        Keys.Mark(context, answer);
        return answer.Accepted
            ? Results.Created((string?)null, new BusinessTransferAnswer(
                answer.Value.TransferId, "paid", answer.Value.Total.Value, answer.Value.Balance.Value))
            : BusinessRefusals.Of(answer.Refusal);
    }

    static async Task<IResult> Stop(
        HttpContext context, string id, StopBusinessTransfer stop, BusinessTransfers transfers, CancellationToken ct)
    {
        if (!Id.TryParse(id, out BusinessTransferId transfer) || await context.Business(ct) is not { } own) return new Problem("not_found");
        var answer = await stop.Run(own.By, own.Business.Id, transfer, ct);
        return answer.Accepted ? Results.Ok(await Told(transfers, answer.Value, ct)) : Problem.Of(answer.Refusal);
    }

    /// <summary>What became of a transfer that was asked for, alone, for a request or from a file.</summary>
    internal static IResult Told(HttpContext context, Answer<BusinessTransferMade, MakeBusinessTransferRefusal> answer)
    {
        Keys.Mark(context, answer);
        return answer.Accepted
            ? Results.Created((string?)null, new BusinessTransferAnswer(answer.Value.TransferId,
                Problem.Code(answer.Value.State.ToString()), answer.Value.Total.Value, answer.Value.Balance.Value))
            : BusinessRefusals.Of(answer.Refusal);
    }

    static async Task<BusinessTransferDetails> Told(BusinessTransfers transfers, BusinessTransfer transfer, CancellationToken ct) => new(
        transfer.Id, Problem.Code(transfer.State.ToString()), transfer.TotalYen,
        JapanDay.InTokyo(Instant.OfMilliseconds(transfer.MadeMs)), transfer.EntryId?.ToString(), transfer.Request,
        [.. (await transfers.Lines(transfer.Id, ct)).Select(l => new BusinessTransferLine(
            l.Line, l.Payee, l.Name, l.Number, l.AmountYen, l.Text))]);

    static PayeeAnswer Told(BusinessPayee payee) =>
        new(payee.Id, payee.IsConfirmed ? "confirmed" : "waiting", payee.Of, payee.Name, payee.Number);
}

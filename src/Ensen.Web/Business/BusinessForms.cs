using Ensen.Basics;
using Ensen.Businesses;
using Ensen.Storage;
using Ensen.Ui;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Companies;

/// <summary>
/// What people at a company's account send. Each form has the page's own name for what it asks, so that it is done once, however often it
/// is sent.
/// </summary>
static class BusinessForms
{
    public static void MapBusiness(this IEndpointRouteBuilder app)
    {
        var business = app.MapGroup("").RequireAuthorization(Policies.Business).ExcludeFromDescription();
        var approving = app.MapGroup("").RequireAuthorization(Policies.BusinessApproval).ExcludeFromDescription();
        business.MapForm("/business/transfers/new", Make);
        approving.MapForm("/business/transfers/approve", Approve);
        business.MapForm("/business/transfers/stop", Stop);
        business.MapForm("/business/payees", Add);
        approving.MapForm("/business/payees/confirm", Confirm);
        business.MapForm("/business/payees/remove", Remove);
        business.MapForm("/business/requests", Ask);
        business.MapForm("/business/requests/pay", Pay);
        business.MapForm("/business/requests/close", Close);
        BusinessFileForms.Map(business);
    }

    /// <summary>The key of a form, by the page's own name for it.</summary>
    internal static IdempotencyKey Key(OwnBusiness own, string? intent, params ReadOnlySpan<object?> request) =>
        IdempotencyKey.Of(own.Person,
            IdempotencyKey.OfForms + (intent is { Length: > 0 and <= 64 } ? intent : Guid.NewGuid().ToString("N")), request);

    static async Task<IResult> Make(HttpContext http, [FromForm] string? intent, [FromForm] string? to, [FromForm] string? amount,
        [FromForm] string? text, MakeBusinessTransfer make, SentBack sentBack, CancellationToken ct)
    {
        const string page = "/business/transfers/new";
        if (await http.Business(ct) is not { } own) return Results.LocalRedirect("/business");
        if (!Id.TryParse(to, out BusinessId payee)) return Results.LocalRedirect(sentBack.Address(http, page, ("fault", "to")));
        if (!TypedAmount.TryRead(amount, out var yen))
            return Results.LocalRedirect(sentBack.Address(http, page, ("fault", nameof(MakeBusinessTransferRefusal.InvalidAmount))));
        var answer = await make.Run(new MakeBusinessTransferRequest(own.By, own.Business,
            [new TransferLine(1, payee, yen, text?.Trim() ?? "")], [Key(own, intent, "business transfer", to, yen.Value, text)]), ct);
        return Results.LocalRedirect(answer.Accepted ? $"/business/transfers/{answer.Value.TransferId}"
            : sentBack.Address(http, page, ("fault", answer.Refusal.ToString())));
    }

    static async Task<IResult> Approve(
        HttpContext http, [FromForm] string? intent, [FromForm] string? transfer, ApproveBusinessTransfer approve, CancellationToken ct)
    {
        if (await http.Business(ct) is not { } own || !Id.TryParse(transfer, out BusinessTransferId id))
            return Results.LocalRedirect("/business/transfers");
        var answer = await approve.Run(new ApproveBusinessTransferRequest(
            own.By, own.Business.Id, id, [Key(own, intent, "business approval", id)]), ct);
        return Results.LocalRedirect(Told($"/business/transfers/{id}", answer.Accepted ? null : answer.Refusal.ToString()));
    }

    static async Task<IResult> Stop(HttpContext http, [FromForm] string? transfer, StopBusinessTransfer stop, CancellationToken ct)
    {
        if (await http.Business(ct) is not { } own || !Id.TryParse(transfer, out BusinessTransferId id))
            return Results.LocalRedirect("/business/transfers");
        var answer = await stop.Run(own.By, own.Business.Id, id, ct);
        return Results.LocalRedirect(Told($"/business/transfers/{id}", answer.Accepted ? null : answer.Refusal.ToString()));
    }

    static async Task<IResult> Add(HttpContext http, [FromForm] string? to, AddPayee add, SentBack sentBack, CancellationToken ct) =>
        await http.Business(ct) is not { } own ? Results.LocalRedirect("/business")
            : ToPayees(http, sentBack, (await add.Run(new AddPayeeRequest(own.By, own.Business, to?.Trim()), ct)).Refusal);

    static async Task<IResult> Confirm(
        HttpContext http, [FromForm] string? payee, ConfirmPayee confirm, SentBack sentBack, CancellationToken ct) =>
        await http.Business(ct) is not { } own ? Results.LocalRedirect("/business")
            : ToPayees(http, sentBack, (await confirm.Run(own.By, own.Business.Id, PayeeOf(payee), ct)).Refusal);

    static async Task<IResult> Remove(HttpContext http, [FromForm] string? payee, RemovePayee remove, CancellationToken ct)
    {
        if (await http.Business(ct) is { } own)
            await remove.Run(own.By, own.Business.Id, PayeeOf(payee), ct);
        return Results.LocalRedirect("/business/payees");
    }

    static async Task<IResult> Ask(HttpContext http, [FromForm] string? intent, [FromForm] string? from, [FromForm] string? amount,
        [FromForm] string? text, [FromForm] string? due, AskBusiness ask, SentBack sentBack, CancellationToken ct)
    {
        const string page = "/business/requests";
        if (await http.Business(ct) is not { } own) return Results.LocalRedirect("/business");
        if (!TypedAmount.TryRead(amount, out var yen) || !JapanDay.TryParse(due, out var day))
            return Results.LocalRedirect(sentBack.Address(http, page, ("fault", nameof(AskBusinessRefusal.InvalidAmount))));
        var answer = await ask.Run(new AskBusinessRequest(own.By, own.Business, from?.Trim(), yen, text?.Trim() ?? "", day,
            Key(own, intent, "business request", from, yen.Value, text, due)), ct);
        return Results.LocalRedirect(answer.Accepted ? $"{page}/{answer.Value.Id}"
            : sentBack.Address(http, page, ("fault", answer.Refusal.ToString())));
    }

    static async Task<IResult> Pay(HttpContext http, [FromForm] string? intent, [FromForm] string? request, BusinessRequests requests,
        MakeBusinessTransfer make, CancellationToken ct)
    {
        if (await http.Business(ct) is not { } own || !Id.TryParse(request, out BusinessRequestId id)
            || await requests.Find(own.Business.Id, id, ct) is not { } asked || asked.Payer != own.Business.Id)
            return Results.LocalRedirect("/business/requests");
        var answer = await make.Run(new MakeBusinessTransferRequest(own.By, own.Business,
            [new TransferLine(1, asked.Asker, new Yen(asked.AmountYen), asked.Text)],
            [Key(own, intent, "business request paid", id)], asked), ct);
        return Results.LocalRedirect(answer.Accepted ? $"/business/transfers/{answer.Value.TransferId}"
            : Told($"/business/requests/{id}", answer.Refusal.ToString()));
    }

    static async Task<IResult> Close(HttpContext http, [FromForm] string? request, CloseBusinessRequest close, CancellationToken ct)
    {
        if (await http.Business(ct) is not { } own || !Id.TryParse(request, out BusinessRequestId id))
            return Results.LocalRedirect("/business/requests");
        var answer = await close.Run(own.By, own.Business.Id, id, ct);
        return Results.LocalRedirect(Told($"/business/requests/{id}", answer.Accepted ? null : answer.Refusal.ToString()));
    }

    /// <summary>What is no payee's number is nobody's.</summary>
    static PayeeId PayeeOf(string? text) => Id.TryParse(text, out PayeeId id) ? id : default;

    static IResult ToPayees<TRefusal>(HttpContext http, SentBack sentBack, TRefusal refusal)
        where TRefusal : struct, Enum =>
        Results.LocalRedirect(sentBack.Address(http, "/business/payees", refusal.ToString() == "None"
            ? [KeyValuePair.Create("told", "None")]
            : [KeyValuePair.Create("told", refusal.ToString()), KeyValuePair.Create("to", http.Request.Form["to"].ToString())]));

    internal static string Told(string page, string? fault) => fault is null ? page : $"{page}?fault={fault}";
}

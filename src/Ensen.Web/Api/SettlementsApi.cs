using Ensen.Basics;
using Ensen.Settlement;
using Ensen.Staff;
using Ensen.Web.Edge;
using Ensen.Web.Observability;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary>
/// A merchant's business day as it was closed. <paramref name="Carried"/>: what the merchant owed from before, 0 or below;
/// <paramref name="CarriedOn"/>: what it owes afterwards. gross − refunds − fee − feeTax + carried = payOut + carriedOn.
/// </summary>
/// <param name="Status">nothing, due, held, no_account, sent, paid, rejected or returned.</param>
/// <param name="PaidOn">The business day on which it is paid at the earliest.</param>
sealed record SettlementAnswer(SettlementId SettlementId, string Day, long Gross, long Refunds, long Fee, long FeeTax, long Carried,
    long PayOut, long CarriedOn, string Status, string? PaidOn);

/// <summary><paramref name="Next"/>: the <c>before</c> of the following page, null at the end.</summary>
sealed record SettlementsAnswer(IReadOnlyList<SettlementAnswer> Items, long? Next);

/// <summary>What is of one store. <paramref name="Late"/>: of days before, written after those were closed.</summary>
sealed record SettlementLine(
    string StoreId, string Store, long Payments, long Paid, long Refunds, long Refunded, long Corrected, long Late, long Left);

/// <summary>
/// An attempt to pay out: which line of which file of which day, to an account with these last digits, and what became of it: sent, paid,
/// rejected or returned, and why.
/// </summary>
sealed record SettlementPayOut(string Day, int FileNumber, int Line, string LastFour, string Status, string? Reason);

/// <param name="FeeBasisPoints">190 is 1.9 %.</param>
/// <param name="InvoiceNumber">Under which the programme is registered to issue qualified invoices.</param>
sealed record SettlementDetails(SettlementId SettlementId, string Day, long Gross, long Refunds, long FeeBasisPoints, long Fee,
    long FeeTaxPercent, long FeeTax, long Carried, long PayOut, long CarriedOn, string Status, string? PaidOn, string InvoiceNumber,
    IReadOnlyList<SettlementLine> Lines, IReadOnlyList<SettlementPayOut> PayOuts);

/// <summary>What a merchant was settled and paid.</summary>
static class SettlementsApi
{
    const int Listed = 50;

    public static void Map(RouteGroupBuilder api)
    {
        var shop = api.MapGroup("/shop/settlements").RequireAuthorization(Policies.ShopSettlements);
        shop.MapGet("", List).WithPriority(RequestPriority.CanWait)
            .Named("listSettlements", "The merchant's settled days, the newest first.").Produces<SettlementsAnswer>();
        shop.MapGet("/{id}", Find).WithPriority(RequestPriority.CanWait)
            .Named("getSettlement", "One settled day: what is of which store, the fee and its tax with their rates, and each attempt to pay it out.")
            .Produces<SettlementDetails>().Refuses(404);
    }

    static async Task<IResult> List(HttpContext context, long? before, Settlements settlements, BusinessDays days, CancellationToken ct)
    {
        var found = await settlements.List((await context.ShopAccess(ct)).By.Merchant, Listed + 1, before, ct);
        var items = found.Take(Listed).ToList();
        return Results.Ok(new SettlementsAnswer([.. items.Select(s => new SettlementAnswer(
            s.Row.EntryId, JapanDay.FromNumber(s.Row.Day).ToString(), s.Row.Gross.Value, s.Row.Refunds.Value, s.Row.Fee.Value,
            s.Row.FeeTax.Value, s.Row.Carried.Value, s.Row.PayOut.Value, s.Row.CarriedOn.Value, Problem.Code(s.Status.ToString()),
            days.PaidOn(JapanDay.FromNumber(s.Row.Day))?.ToString()))], found.Count > Listed ? items[^1].Row.Number : null));
    }

    static async Task<IResult> Find(HttpContext context, string id, Settlements settlements, BusinessDays days, Programme programme,
        CancellationToken ct)
    {
        if (!Id.TryParse(id, out SettlementId settlement)
            || await settlements.Find((await context.ShopAccess(ct)).By.Merchant, settlement, ct) is not { } found)
            return new Problem("not_found");
        var row = found.Settlement.Row;
        return Results.Ok(new SettlementDetails(row.EntryId, JapanDay.FromNumber(row.Day).ToString(), row.Gross.Value, row.Refunds.Value,
            row.FeeBasisPoints, row.Fee.Value, row.FeeTaxPercent, row.FeeTax.Value, row.Carried.Value, row.PayOut.Value,
            row.CarriedOn.Value, Problem.Code(found.Settlement.Status.ToString()), days.PaidOn(JapanDay.FromNumber(row.Day))?.ToString(),
            programme.Settlement.InvoiceNumber,
            [.. found.Stores.Select(s => new SettlementLine(s.Part.Store.ToString(), s.Name, s.Part.Payments, s.Part.Paid.Value,
                s.Part.Refunds, s.Part.Refunded.Value, s.Part.Corrected.Value, s.Part.Late.Value, s.Part.Left.Value))],
            [.. found.Settlement.PayOuts.Select(p => new SettlementPayOut(JapanDay.FromNumber(p.Day).ToString(), p.FileNumber, p.Line,
                p.LastFour, StatusOf(p.Outcome), p.Reason))]));
    }

    /// <summary>Where one attempt stands.</summary>
    internal static string StatusOf(short? outcome) => outcome is { } known ? Problem.Code(((PayOutOutcome)known).ToString()) : "sent";
}

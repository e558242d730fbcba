using Ensen.Access;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Sales;
using Ensen.Staff;
using Ensen.Wallet;
using Ensen.Ui;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Ensen.Web.Texts;
using Ensen.Web.Till;
using Ensen.Web.Observability;
using Ensen.Web.Own;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Shop;

/// <summary>What the merchant's desk sends, and the day's movements as a file.</summary>
static class ShopForms
{
    const int ReadAtOnce = 500;

    public static void MapShop(this IEndpointRouteBuilder app)
    {
        var shop = app.MapGroup("").RequireAuthorization(Policies.Merchant).ExcludeFromDescription();
        shop.MapForm("/shop/sign-out", SignOut);
        new OwnFactorForms("/shop/account", async (http, ct) => (await http.ShopAccess(ct)).Account?.SignInName ?? "").Map(shop);
        ShopEntry.Map(app.MapGroup("").AllowAnonymous());
        FirstPaymentForms.Map(shop);
        ShopTillForms.Map(app.MapGroup("").RequireAuthorization(Policies.ShopTills));
        shop.MapForm("/shop/account/till-pin", ShopStaffForms.OwnTillPin);
        ShopStaffForms.Map(app.MapGroup("").RequireAuthorization(Policies.ShopStaff));
        shop.MapGet("/shop/csv", Csv).WithPriority(RequestPriority.CanWait).RequireAuthorization(Policies.ShopExport);
        shop.MapGet("/shop/sales/csv", SalesCsv).WithPriority(RequestPriority.CanWait).RequireAuthorization(Policies.ShopExport);
        shop.MapGet("/shop/stream", ShopStream.Events).WithPriority(RequestPriority.Essential);
    }

    static async Task<IResult> SignOut(HttpContext context)
    {
        await context.SignOutOf(SubjectKind.Merchant);
        return Results.LocalRedirect("/shop/sign-in");
    }

    /// <summary>Every payment and refund of a day, of all stores that whoever asks sees, however many there are.</summary>
    static async Task<IResult> Csv(HttpContext context, string? day, StoreDay storeDay, IStringLocalizer<ShopWords> words,
        IStringLocalizer<Words> shared, CancellationToken ct)
    {
        var (asked, fault) = AskedDay.Read(day, storeDay.Today);
        if (fault is not null) return AskedDay.Refused(fault, shared);
        using var csv = new CsvText();
        csv.Row(
            words["Date"], words["Time"], words["Csv_store"], words["Kind"], words["ReceiptNumber"],
            words["Amount"], words["Csv_points"], words["Id"]);
        foreach (var store in (await context.ShopAccess(ct)).Stores)
        {
            IReadOnlyList<StoreMovement> found = [];
            do
            {
                found = await storeDay.Movements(store.Id, asked, found is [.., var last] ? last.EntryId : null, ReadAtOnce, ct);
                foreach (var m in found)
                    csv.Row(
                        asked.ToString(), TillSays.Seconds(m.At), store.Name, words[m.IsRefund ? "Kind_Refund" : "Kind_Payment"],
                        m.ReceiptNumber,
                        m.IsRefund ? -m.AmountYen : m.AmountYen, m.IsRefund ? -m.Points : m.Points, m.Number);
            }
            while (found.Count == ReadAtOnce);
        }
        return csv.File($"ensen-{asked}.csv");
    }

    /// <summary>One of the tables of the sales, for the period and the stores of its page.</summary>
    static async Task<IResult> SalesCsv(HttpContext context, string? from, string? to, string? store, string? by, AddUpSales sales,
        ShopAccounts accounts, TimeProvider clock, IStringLocalizer<ShopWords> words, CancellationToken ct)
    {
        var access = await context.ShopAccess(ct);
        var period = SalesPeriod.Read(from, to, store, access, JapanDay.Of(clock.GetUtcNow()));
        var told = SalesPeriod.ReadBy(by) ?? SalesBy.Day;
        if (period.IsFault)
            return Results.BadRequest();
        if (told == SalesBy.Clerk && !access.May(ShopRight.StaffSales))
            return Results.Forbid();
        var names = new SalesNames(words, access.Stores, await accounts.Of(access.By.Merchant, ct));
        using var csv = new CsvText();
        csv.Row(words["SalesKey_" + told], words["Id"], words["Csv_payments"], words["Csv_refunds"], words["Gross"]);
        foreach (var row in (await sales.Run(period.Stores, period.From, period.To, ct)).By(told))
            csv.Row(names.Of(told, row.Key), row.Key, row.Payments, row.Refunds, row.Yen);
        return csv.File($"ensen-sales-{period.From}-{period.To}-{SalesPeriod.NameOf(told)}.csv");
    }
}

using System.Globalization;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Ui;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Ensen.Web.Observability;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Api;

sealed record LotAnswer(long Points, string ExpiresOn);

sealed record LimitsAnswer(long PerPayment, long PerDay, long PerMonth, long LeftToday, long LeftThisMonth);

sealed record WalletAnswer(long Money, long Prepaid, long Balance, long Points, IReadOnlyList<LotAnswer> Lots, LimitsAnswer Limits);

sealed record HistoryAnswer(string Id, string Kind, DateTimeOffset At, string Title, long Yen, long Points, long? Balance);

/// <summary>What a member holds, and what moved.</summary>
static class WalletApi
{
    const int DefaultPage = 20;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/wallet", Read)
            .Named("readWallet", "What the member holds: money, prepaid, points by the day they lapse, and what may still be paid.")
            .RequireAuthorization(Policies.Member).Produces<WalletAnswer>();
        api.MapGet("/history", List).WithPriority(RequestPriority.CanWait)
            .Named("listHistory",
                "The member's movements and rides, newest first; of one kind (payments, charges, transfers, refunds, points, rewards, rides) and "
                + "of one month (2026-11) where asked. A ride moves nothing by itself: its points come with those of its month.")
            .RequireAuthorization(Policies.Member).Produces<HistoryPage>().Refuses(400);
    }

    static async Task<IResult> Read(HttpContext context, MemberDirectory directory, Balances balances, CancellationToken ct)
    {
        var wallet = await balances.Of(await context.Payer(directory, ct), ct);
        return Results.Ok(new WalletAnswer(
            wallet.Money.Value, wallet.Prepaid.Value, wallet.Balance.Value, wallet.Points.Value,
            [.. wallet.Lots.Select(l => new LotAnswer(l.Points.Value, l.ExpiresOn.ToString()))],
            new LimitsAnswer(wallet.Caps.PerPayment, wallet.Caps.PerDay, wallet.Caps.PerMonth, wallet.Left.Today, wallet.Left.ThisMonth)));
    }

    static async Task<IResult> List(HttpContext context, History history, OneHistory whole, IStringLocalizer<Words> words, string? limit,
        string? before, string? kind, string? month, CancellationToken ct)
    {
        DateOnly first = default;
        HistoryPart? part = null;
        foreach (var known in Enum.GetValues<HistoryPart>().Where(known => Problem.Code(known.ToString()) == kind))
            part = known;
        if (!Paging.TryRead(limit, before, DefaultPage, History.Most, out var page) || kind is not null && part is null
            || month is not null && !(DateOnly.TryParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out first)
                && first.Year is > 2000 and < 9000))
            return new Problem("invalid_request");
        var start = page.Before is { } id ? await history.EntryOf(context.MemberId(), id, ct) : (EntryId?)null;
        var stretch = await whole.Of(new HistoryAsked(context.MemberId(), part, month is null ? null : new JapanDay(first).Start,
            month is null ? null : new JapanDay(first.AddMonths(1)).Start, start, page.Limit), ct);
        return Results.Ok(new HistoryPage([.. stretch.Things.Select(t => Of(t, words))], stretch.Next?.ToString()));
    }

    static HistoryAnswer Of(PastThing thing, IStringLocalizer<Words> words) =>
        thing.Movement is { } i
            ? new HistoryAnswer(Ids.OfEntry(i.Kind, i.ChargeId?.Value ?? i.EntryId), i.Kind.ToString().ToLowerInvariant(),
                JapanDay.InTokyo(i.At), Title(i, words), i.Yen.Value, i.Points.Value, i.Balance?.Value)
            : new HistoryAnswer(Id.Format("rde", thing.Ride!.Judged.Ride.Id), "ride", JapanDay.InTokyo(thing.At),
                OneHistory.WayOf(thing.Ride.Judged.Ride), 0, 0, null);

    static string Title(HistoryItem item, IStringLocalizer<Words> words) =>
        item.Party is "" ? words["FormerMember"]
            : item.Party ?? words[item.ChargedBy is { } source ? "Charged_" + source : "Kind_" + item.Kind];
}

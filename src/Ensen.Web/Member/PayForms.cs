using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Ui;
using Ensen.Web.Session;
using Ensen.Web.Texts;
using Ensen.Web.Observability;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Members;

/// <summary>
/// The forms of the pay pages. One intent is one payment, whatever the network does: script asks for JSON and may ask again,
/// a plain form is redirected to the page that tells the outcome.
/// </summary>
static class PayForms
{
    public static void Map(IEndpointRouteBuilder member)
    {
        member.MapForm("/pay/store", Submit).NeedsDevice(Spending.Payments);
        member.MapForm("/pay/scan", Scan);
        member.MapForm("/pay/code", AskForCode).NeedsDevice(Spending.Codes);
    }

    /// <summary>What is done after a proof, where the browser could not sign: the form is there again, or a code is shown.</summary>
    public static IReadOnlyList<StepUpAct> Acts { get; } =
    [
        new(Spending.Payments, "/pay", (http, typed, _) => Task.FromResult(Results.LocalRedirect(FilledIn(http, typed)))),
        new(Spending.Codes, "/pay", (_, _, _) => Task.FromResult(Results.LocalRedirect("/pay"))),
    ];

    static string FilledIn(HttpContext http, IReadOnlyDictionary<string, string> typed) => QueryHelpers.AddQueryString(
        http.RequestServices.GetRequiredService<SentBack>().Address(http, "/pay/to", typed), "ticket",
        typed.GetValueOrDefault("to", ""));

    /// <summary>A new code is made by the pay page itself: it is led to what lets it, once.</summary>
    static async Task<IResult> AskForCode(HttpContext http, StepUp stepUp, DeviceKeys keys, CancellationToken ct) =>
        Results.LocalRedirect(await keys.BindingOf(http.Caller(), ct) == DeviceBinding.Program ? "/pay"
            : $"/pay?proof={await stepUp.Grant(http.Caller(), Spending.Codes, ct)}");

    static async Task<IResult> Submit(
        HttpContext http, [FromForm] string? to, [FromForm] string? intent, [FromForm] string? amount, [FromForm] string? points,
        [FromForm] string? some,
        PayTickets tickets, ResolvePayee resolve, Pay pay, PayAtStore payAtStore, Intents intents, Balances balances,
        MemberDirectory directory,
        IStringLocalizer<MemberWords> words, Refusals refusals, LowCapsTold lowCaps, CancellationToken ct)
    {
        var page = new Answering(http, words, refusals, lowCaps);
        if (!FormInput.TryIntent(intent, out var key)) return page.Refused("invalid_request");
        if (tickets.Open(to) is not { } ticket) return page.Refused("code_expired");
        if (!TypedAmount.TryRead(amount, out var yen)) return page.Refused("invalid_amount");
        try
        {
            var payer = await http.Payer(directory, ct);
            var once = IdempotencyKey.Of(payer.MemberId, key, "page", ticket.By, ticket.Subject, ticket.Counter, ticket.Text, yen.Value,
                PointsPick.Told(points, some));
            // A repeat is answered before its points are looked at: by then they are spent.
            if (await pay.FindStoredAnswer([once], ct) is { } earlier) return page.Of(earlier, null);
            var wallet = await balances.Of(payer, ct);
            // Points that only some stores take: the choice is about those that this one takes, as its page said.
            if (wallet.Lots.Any(l => l.Lot.Uses > 0) && await ticket.Resolve(resolve, ct) is { Accepted: true } met)
                wallet = wallet.At(met.Value.Store.Id);
            if (PointsPick.Of(points, some, yen, wallet) is not { } pick) return page.Refused("insufficient_points", wallet);
            PointsPick.Remember(http, points);
            return page.Of(await payAtStore.Run(new PayAtStoreRequest(
                payer, stop => ticket.Resolve(resolve, stop), yen, pick.Points, pick.Most, once), ct), wallet);
        }
        catch (LedgerBusyException) when (!http.IsScript())
        {
            // Nothing of it was taken: the page says so, and going back finds the form with its intent. pay.js sends the same again by
            // itself.
            throw;
        }
        catch (Exception e) when (Intents.IsUnknown(e) || e is LedgerBusyException)
        {
            return intents.Unknown(http, IntentKind.Payment, intent!, ticket.Subject);
        }
    }

    static async Task<IResult> Scan(
        HttpContext http, [FromForm] string? text, PayTickets tickets, ResolvePayee resolve, Stores stores, Programme programme,
        CancellationToken ct) =>
        Results.LocalRedirect(await PageOf(http, text, tickets, resolve, stores, programme, ct));

    /// <summary>The page for what a camera read or a person typed: our tag's address, a store's code, or the number of a store.</summary>
    public static async Task<string> PageOf(
        HttpContext http, string? text, PayTickets tickets, ResolvePayee resolve, Stores stores, Programme programme, CancellationToken ct)
    {
        text = text?.Trim() ?? "";
        if (IsOurs(http, programme, text) && TagAddress.TryRead(text, out var touched)) return TagAddress.PathOf(touched);
        if (TagAddress.TryId(text, out var tag)) return $"/t/{tag}";
        if (TypedDigits.Number(text) is { Length: 8 } number && await stores.FindByNumber(number, ct) is { } store)
            return To(tickets, new PayTicket(PayeeSource.Store, store.Id, 0, ""));
        var found = await resolve.ByQr(text, ct);
        return found.Accepted
            ? To(tickets, new PayTicket(PayeeSource.Code, found.Value.Store.Id, 0, text))
            : $"/pay?fault={(found.Refusal == ResolvePayeeRefusal.CodeExpired ? "code_expired" : "invalid_code")}";
    }

    static string To(PayTickets tickets, PayTicket ticket) => $"/pay/to?ticket={tickets.Seal(ticket)}";

    /// <summary>Only an address of this site is ours; one that looks like it is not.</summary>
    static bool IsOurs(HttpContext http, Programme programme, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.GetLeftPart(UriPartial.Authority) == $"{http.Request.Scheme}://{http.Request.Host}"
            || address.GetLeftPart(UriPartial.Authority) == programme.Origin);

    /// <summary>Answers as the asker wants it: JSON for pay.js, a page for a plain form.</summary>
    sealed class Answering(HttpContext http, IStringLocalizer<MemberWords> words, Refusals refusals, LowCapsTold lowCaps)
    {
        public IResult Of(Answer<Paid, PayRefusal> answer, WalletBalance? wallet) => answer.Accepted
            ? http.Answer(FormAnswer.Done($"/pay/done/{answer.Value.PaymentId}"))
            : Refused(Problem.Code(answer.Refusal.ToString()), wallet);

        public IResult Refused(string code, WalletBalance? wallet = null) =>
            http.Answer(FormAnswer.Refused(Why(code, wallet)), $"/pay/not-paid?why={code}");

        string Why(string code, WalletBalance? wallet) =>
            refusals.Of(code) + (wallet is null ? "" : " " + WhatThereIs(code, wallet)).TrimEnd();

        /// <summary>
        /// What there is instead: the cap that binds, and the balance unless the member hides it. The screen is held out to the shop.
        /// </summary>
        string WhatThereIs(string code, WalletBalance wallet) => code switch
        {
            "over_limit" when wallet.LowCaps is { } low => lowCaps.Of(low),
            "over_limit" => words["Over_" + BindingCap.Of(wallet.Left).Name, InWords.Yen(BindingCap.Of(wallet.Left).Yen)],
            "insufficient_balance" when !IsHidden => words["Standing_" + code, InWords.Yen(wallet.Balance)],
            "insufficient_points" when !IsHidden => words["Standing_" + code, InWords.Points(wallet.Points)],
            _ => "",
        };

        bool IsHidden => http.Request.Cookies["ensen-hidden"] == "1";
    }
}

using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Ui;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Till;

/// <summary>
/// Refunding at the till: a PIN first, that of whoever of the staff does it, or the store's own where none of them has one. Then the refund
/// under the form's intent, so that a double tap refunds once.
/// </summary>
static class RefundForms
{
    const string Page = "/till/refund";
    const int LongestIntent = 40;

    /// <summary>What the page is told when it was not the store's refund PIN: no refusal of the refund, which was not asked for.</summary>
    public const string WrongPin = "WrongPin";

    public static void Map(RouteGroupBuilder till) => till.MapForm("/till/refund", Create);

    /// <summary>The key under which a form's intent is one refund.</summary>
    public static string KeyOf(string intent) => IdempotencyKey.OfForms + "refund " + intent;

    /// <summary>The page that tells what was done.</summary>
    public static string Done(Refunded refunded) => $"/till/refund/done?payment={refunded.PaymentId}&refund={refunded.RefundId}";

    static async Task<IResult> Create(
        HttpContext context, Refund refund, RefundOutlook outlook, TillClerks clerks, SentBack sentBack, [FromForm] string? payment,
        [FromForm] string? intent, [FromForm] string? amount, [FromForm] string? clerk, [FromForm] string? pin, [FromForm] string? reason,
        CancellationToken ct)
    {
        if (!Id.TryParse(payment, out PaymentId paymentId) || intent is not { Length: > 0 and <= LongestIntent })
            return Back(nameof(RefundRefusal.NotFound), ("intent", ""));
        var caller = context.Caller();
        if (!TypedAmount.TryRead(amount, out var yen))
            return Back(nameof(RefundRefusal.InvalidAmount));
        var key = IdempotencyKey.Of(caller.Owner, KeyOf(intent), "till refund", payment, yen.Value);
        // What stands against it is said before the PIN: nobody tries PINs for what cannot be done anyway.
        if (await outlook.Of(paymentId, [context.TillStoreId()], yen, await CapOf(clerks, context.TillStoreId(), clerk, ct), key, ct)
            is not RefundRefusal.None and var refusal)
            return Back(refusal.ToString());
        var proof = await clerks.ProveRefund(context.TillStoreId(), new TillId(caller.Id), clerk, pin ?? "", ct);
        if (proof.Check != PinCheck.Right)
            return Back(proof.Check == PinCheck.Wrong ? WrongPin : "TooManyRequests");
        var answer = await refund.Run(new RefundRequest(
            paymentId, [context.TillStoreId()], yen, string.IsNullOrWhiteSpace(reason) ? null : reason.Trim(),
            proof.Clerk is { } by ? Initiator.ShopAccount(by.Id) : caller.Initiator, [key],
            proof.Clerk is { } who ? ChangeRefundCaps.Of(who.Id, who.Role) : null), CancellationToken.None);
        return answer.Accepted
            ? Results.LocalRedirect(Done(answer.Value))
            : Back(answer.Refusal.ToString(), ("intent", ""));

        // A form that did not come to the ledger comes back with its intent, so that Back after the refund finds that refund. A refusal of
        // the ledger is remembered under its intent: the next try has another. The number of a card comes back nowhere, not even sealed.
        IResult Back(string refused, params IEnumerable<(string, string)> more) => Results.LocalRedirect(sentBack.Address(
            context, Page, [("refused", refused), .. more, .. Hidden()]));

        IEnumerable<(string, string)> Hidden() => CardDigits.In(reason ?? "") ? [("reason", "")] : [];
    }

    /// <summary>Within which cap whoever was chosen gives back; null where nobody was, or none of the store's.</summary>
    public static async Task<RefundCap?> CapOf(TillClerks clerks, StoreId store, string? clerk, CancellationToken ct) =>
        Id.TryParse(clerk, out ShopAccountId id) && (await clerks.Of(store, ct)).FirstOrDefault(c => c.Id == id) is { } who
            ? ChangeRefundCaps.Of(who.Id, who.Role) : null;
}

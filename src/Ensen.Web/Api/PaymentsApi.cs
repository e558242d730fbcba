using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Web.Session;
using Ensen.Web.Observability;

namespace Ensen.Web.Api;

sealed record PaymentBody(
    [property: JsonConverter(typeof(WholeAmount))] long Amount, string? StoreId = null, string? Tag = null, string? Qr = null,
    [property: JsonConverter(typeof(WholeAmount))] long Points = 0);

sealed record PaymentAnswer(
    string PaymentId, string Status, long Amount, long Yen, long Points, long PointsEarned, string StoreId, string StoreName,
    DateTimeOffset PaidAt, string ReceiptNumber)
{
    public static PaymentAnswer Of(Paid p) => new(
        Id.Format(Id.Payment, p.PaymentId), "paid", p.Amount, p.Yen, p.Points, p.PointsEarned, Id.Format(Id.Store, p.StoreId), p.StoreName,
        JapanDay.InTokyo(p.PaidAt), p.ReceiptNumber);
}

sealed record RefundLine(string RefundId, long Amount, long Yen, long Points, long PointsTakenBack, DateTimeOffset At, string? Reason)
{
    public static RefundLine Of(RefundRow r) => new(
        Id.Format(Id.Refund, r.EntryId), r.AmountYen, r.Yen, r.Points, r.PointsTakenBack,
        JapanDay.InTokyo(DateTimeOffset.FromUnixTimeMilliseconds(r.AtMs)), r.Reason);
}

/// <summary>A payment with what became of it. Status: paid, partly_refunded or refunded.</summary>
sealed record PaymentDetails(
    string PaymentId, string Status, long Amount, long Yen, long Points, long PointsEarned, string StoreId, string StoreName,
    DateTimeOffset PaidAt, string ReceiptNumber, string? OrderId,
    IReadOnlyList<RefundLine> Refunds)
{
    public static PaymentDetails Of(PaymentRow p, string storeName, PaymentRefunds refunds)
    {
        var refunded = refunds.Total.AmountYen;
        return new PaymentDetails(
            Id.Format(Id.Payment, p.EntryId), refunded == 0 ? "paid" : refunded < p.AmountYen ? "partly_refunded" : "refunded",
            p.AmountYen, p.Yen, p.Points, p.PointsEarned, Id.Format(Id.Store, p.StoreId), storeName,
            JapanDay.InTokyo(DateTimeOffset.FromUnixTimeMilliseconds(p.AtMs)), Wallet.ReceiptNumber.Of(p.EntryId), p.OrderId,
            [.. refunds.Latest.Select(RefundLine.Of)]);
    }
}

/// <summary>Paying, and looking at a payment.</summary>
static class PaymentsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/payments", Create)
            .Named("pay", "Pays a store that is named by its id, its tag (id or touched address) or the text of its QR: exactly one of them.")
            .RequireAuthorization(Policies.Member).MovesValue<PaymentAnswer>();
        api.MapGet("/payments/{id}", Read).WithPriority(RequestPriority.Essential)
            .Named("readPayment", "A payment with its refunds, for its member and its store.")
            .RequireAuthorization(Policies.Anyone).Produces<PaymentDetails>().Refuses(404);
    }

    static async Task<IResult> Create(HttpContext context, Body<PaymentBody> body, ResolvePayee meet, Pay pay, MemberDirectory directory, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var caller = context.MemberId();
        if (Keys.Key(context, caller, "payment", asked.StoreId, asked.Tag, asked.Qr, asked.Amount, asked.Points) is not { } key)
            return new Problem("key_required");
        if (!Movement.IsAmount(asked.Amount) || asked.Points < 0 || asked.Points > asked.Amount) return new Problem("invalid_amount");
        // The ledger knows the key as well and gives a repeat its answer. Only where looking at the store uses something up, or refuses,
        // is it asked beforehand.
        var touches = asked.Tag is not null && TagAddress.TryRead(asked.Tag, out var touched) && touched.PiccData is not null;
        if (touches && await pay.FindStoredAnswer([key], ct) is { } earlier) return Answer(context, earlier);

        var met = await Meet(asked, meet, ct);
        var fits = met.Accepted && (met.Value.Amount is not { } fixedAmount || fixedAmount == asked.Amount);
        if (!fits && !touches && await pay.FindStoredAnswer([key], ct) is { } before) return Answer(context, before);
        if (met.Refusal == ResolvePayeeRefusal.CodeUsed && await AwaitSameRequest(pay, key, ct) is { } twin) return Answer(context, twin);
        if (!met.Accepted) return Problem.Of(met.Refusal);
        if (!fits) return new Problem("invalid_amount");

        return Answer(context, await pay.Run(new PayRequest(
            await WalletApi.Payer(context, directory, ct), new Payee(met.Value.Store.Id, met.Value.Store.Name), asked.Amount.Yen(), asked.Points.Points(),
            met.Value.Way, caller, [key], met.Value.Spends, met.Value.OrderId), ct));
    }

    /// <summary>A touch that was used a moment ago may have been used by this very request, sent twice: its answer is not far.</summary>
    static async Task<Answer<Paid, PayRefusal>?> AwaitSameRequest(Pay pay, IdempotencyKey key, CancellationToken ct)
    {
        for (var looks = 0; looks < 20; looks++)
        {
            if (await pay.FindStoredAnswer([key], ct) is { } answer)
                return answer;
            await Task.Delay(TimeSpan.FromMilliseconds(50), ct);
        }
        return null;
    }

    /// <summary>Exactly one of store, tag and QR says who is paid. A tag is its id, or the whole address that it gives when touched.</summary>
    static async Task<Answer<ResolvedPayee, ResolvePayeeRefusal>> Meet(PaymentBody asked, ResolvePayee meet, CancellationToken ct)
    {
        switch (asked)
        {
            case { StoreId: { } store, Tag: null, Qr: null }:
                return Id.TryParse(Id.Store, store, out var storeId) ? await meet.ByStore(storeId, ct) : ResolvePayeeRefusal.NotFound;
            case { StoreId: null, Tag: { } tag, Qr: null }:
                return TagAddress.TryRead(tag, out var touched) ? await meet.ByTag(touched.TagId, touched.PiccData, touched.Cmac, ct) : ResolvePayeeRefusal.NotFound;
            case { StoreId: null, Tag: null, Qr: { } qr }:
                return await meet.ByQr(qr, ct);
            default:
                return ResolvePayeeRefusal.InvalidRequest;
        }
    }

    static IResult Answer(HttpContext context, Answer<Paid, PayRefusal> answer)
    {
        Keys.Mark(context, answer);
        return answer.Accepted
            ? new Made<PaymentAnswer>($"/api/v1/payments/{Id.Format(Id.Payment, answer.Value.PaymentId)}", PaymentAnswer.Of(answer.Value), ApiJson.Default.PaymentAnswer)
            : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> Read(HttpContext context, string id, OwnPayments payments, Stores stores, CancellationToken ct)
    {
        if (!Id.TryParse(Id.Payment, id, out var paymentId) || await OfCaller(context.Caller(), paymentId, payments, ct) is not { } payment)
            return new Problem("not_found");
        return Results.Ok(PaymentDetails.Of(payment, (await stores.Find(payment.StoreId, ct))?.Name ?? "", await payments.Refunds(payment, ct)));
    }

    static async Task<PaymentRow?> OfCaller(Caller caller, Guid payment, OwnPayments payments, CancellationToken ct) => caller.Kind switch
    {
        SessionKind.Member => await payments.OfMember(caller.Owner, payment, ct),
        SessionKind.Till => await payments.OfStore(caller.Owner, payment, ct),
        SessionKind.Merchant => await payments.OfMerchant(caller.Owner, payment, ct),
        _ => null,
    };
}

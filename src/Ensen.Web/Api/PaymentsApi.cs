using System.Text.Json.Serialization;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Web.Edge;
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
        p.PaymentId.ToString(), "paid", p.Amount.Value, p.Yen.Value, p.Points.Value, p.PointsEarned.Value,
        p.StoreId.ToString(), p.StoreName,
        JapanDay.InTokyo(p.PaidAt), p.ReceiptNumber);
}

sealed record RefundLine(string RefundId, long Amount, long Yen, long Points, long PointsTakenBack, DateTimeOffset At, string? Reason)
{
    public static RefundLine Of(RefundRow r) => new(
        r.EntryId.ToString(), r.AmountYen.Value, r.Yen.Value, r.Points.Value, r.PointsTakenBack.Value,
        JapanDay.InTokyo(DateTimeOffset.FromUnixTimeMilliseconds(r.AtMs)), r.Reason);
}

/// <summary>Points that a campaign gave for a payment, among those that it earned.</summary>
sealed record GiftLine(string CampaignId, string Name, long Points);

/// <summary>
/// A payment with what became of it. Status: paid, partly_refunded or refunded. <paramref name="Gifts"/>: only where campaigns gave any.
/// </summary>
sealed record PaymentDetails(
    string PaymentId, string Status, long Amount, long Yen, long Points, long PointsEarned, string StoreId, string StoreName,
    DateTimeOffset PaidAt, string ReceiptNumber, string? OrderId,
    IReadOnlyList<RefundLine> Refunds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<GiftLine>? Gifts = null)
{
    public static PaymentDetails Of(
        PaymentRow p, string storeName, PaymentRefunds refunds, IReadOnlyList<(CampaignAward Award, CampaignTerms Terms)> gifts)
    {
        var refunded = refunds.Total.AmountYen;
        return new PaymentDetails(
            p.EntryId.ToString(), refunded.Value == 0 ? "paid" : refunded < p.AmountYen ? "partly_refunded" : "refunded",
            p.AmountYen.Value, p.Yen.Value, p.Points.Value, p.PointsEarned.Value, p.StoreId.ToString(), storeName,
            JapanDay.InTokyo(DateTimeOffset.FromUnixTimeMilliseconds(p.AtMs)), Wallet.ReceiptNumber.Of(p.EntryId), p.OrderId,
            [.. refunds.Latest.Select(RefundLine.Of)],
            gifts.Count == 0 ? null
                : [.. gifts.Select(g => new GiftLine(g.Award.CampaignId.ToString(), CampaignWords.NameOf(g.Terms), g.Award.Points.Value))]);
    }
}

/// <summary>Paying, and looking at a payment.</summary>
static class PaymentsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/payments", Create)
            .Named("pay",
                "Pays a store that is named by its id, its tag (id or touched address) or the text of its QR: exactly one of them.")
            .RequireAuthorization(Policies.Member).MovesValue<PaymentAnswer>().NeedsProgram(Spending.Payments);
        api.MapGet("/payments/{id}", Read).WithPriority(RequestPriority.Essential)
            .Named("readPayment", "A payment with its refunds and what campaigns gave for it, for its member and its store.")
            .RequireAuthorization(Policies.Anyone).Produces<PaymentDetails>().Refuses(404);
    }

    static async Task<IResult> Create(
        HttpContext context, Body<PaymentBody> body, ResolvePayee resolve, PayAtStore pay, MemberDirectory directory, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (Keys.Key(context, context.MemberId(), "payment", asked.StoreId, asked.Tag, asked.Qr, asked.Amount, asked.Points) is not { } key)
            return new Problem("key_required");
        if (!Movement.IsAmount(asked.Amount) || asked.Points < 0 || asked.Points > asked.Amount) return new Problem("invalid_amount");
        if (Payee(asked, resolve) is not { } payee) return Problem.Invalid("storeId", "tag", "qr");

        var touches = asked.Tag is not null && TagAddress.TryRead(asked.Tag, out var touched) && touched.PiccData is not null;
        var payer = await context.Payer(directory, ct);
        return await Answer(context, await pay.Run(new PayAtStoreRequest(
            payer, payee, asked.Amount.Yen(), asked.Points.Points(), PointsAreMost: false, key, touches), ct), ct);
    }

    /// <summary>
    /// Exactly one of store, tag and QR says who is paid; null when none does, or more. A tag is its id, or the whole address that it gives
    /// when touched.
    /// </summary>
    static Func<CancellationToken, Task<Answer<ResolvedPayee, ResolvePayeeRefusal>>>? Payee(PaymentBody asked, ResolvePayee resolve) =>
        asked switch
        {
            { StoreId: { } store, Tag: null, Qr: null } =>
                Id.TryParse(store, out StoreId id) ? ct => resolve.ByStore(id, ct) : Nobody,
            { StoreId: null, Tag: { } tag, Qr: null } =>
                TagAddress.TryRead(tag, out var touched) ? ct => resolve.ByTag(touched.TagId, touched.PiccData, touched.Cmac, ct) : Nobody,
            { StoreId: null, Tag: null, Qr: { } qr } => ct => resolve.ByQr(qr, ct),
            _ => null,
        };

    static Task<Answer<ResolvedPayee, ResolvePayeeRefusal>> Nobody(CancellationToken ct) =>
        Task.FromResult<Answer<ResolvedPayee, ResolvePayeeRefusal>>(ResolvePayeeRefusal.NotFound);

    static async Task<IResult> Answer(HttpContext context, Answer<Paid, PayRefusal> answer, CancellationToken ct)
    {
        Keys.Mark(context, answer);
        return answer.Accepted
            ? new Made<PaymentAnswer>($"/api/v1/payments/{answer.Value.PaymentId}", PaymentAnswer.Of(answer.Value),
                ApiJson.Default.PaymentAnswer)
            : answer.Refusal == PayRefusal.OverLimit ? await Problem.OverLimit(context, ct)
            : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> Read(HttpContext context, string id, OwnPayments payments, Stores stores, CancellationToken ct)
    {
        if (!Id.TryParse(id, out PaymentId paymentId) || await OfCaller(context, paymentId, payments, ct) is not { } payment)
            return new Problem("not_found");
        return Results.Ok(PaymentDetails.Of(payment, (await stores.Find(payment.StoreId, ct))?.Name
            ?? "", await payments.Refunds(payment, ct), await payments.GiftsOf(payment.EntryId, ct)));
    }

    static async Task<PaymentRow?> OfCaller(HttpContext context, PaymentId payment, OwnPayments payments, CancellationToken ct) =>
        context.Caller() switch
        {
            { Kind: SubjectKind.Member } caller => await payments.OfMember(new MemberId(caller.Owner), payment, ct),
            { Kind: SubjectKind.Till } caller => await payments.OfStore(new StoreId(caller.Owner), payment, ct),
            { Kind: SubjectKind.Merchant or SubjectKind.ShopAccount } caller =>
                await payments.OfMerchant(new MerchantId(caller.Owner), payment, ct) is { } row
                    && (await context.ShopAccess(ct)).Sees(row.StoreId) ? row : null,
            _ => null,
        };
}

using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Web.Session;
using Ensen.Web.Observability;

namespace Ensen.Web.Edge;

sealed record LivePayment(string PaymentId, long Amount, long Yen, long Points, DateTimeOffset PaidAt, string ReceiptNumber,
    string? OrderId);

sealed record LiveRefund(string RefundId, string PaymentId, long Amount, long Yen, long Points, DateTimeOffset At, string ReceiptNumber);

/// <summary>
/// A store's payments and refunds as they commit, as server-sent events. A ring only says "look": the news itself is read from the
/// database, so a till that was away (or hangs on another node) misses nothing. The event's id lets a browser go on where it was.
/// </summary>
static class StoreStream
{
    const int MostAtOnce = 200;

    public static IResult Events(HttpContext context, Streams streams, TimeProvider clock, IHostApplicationLifetime life) =>
        streams.Answer(context, new StoreTopic(context.TillStoreId()), clock, life);

    sealed record StoreTopic(StoreId Store) : LiveTopic(Topics.OfStore(Store))
    {
        public override async Task<(IReadOnlyList<LiveItem> Items, EntryId? More)> Read(Database db, EntryId after, CancellationToken ct)
        {
            await using var connection = await db.Connect(ct);
            var entries = await Payments.NewsOfStore(connection, Store, after, MostAtOnce);
            return (
                [.. entries.Select(e => (e.EntryId, Item: Item(e))).Where(e => e.Item is not null)
                    .Select(e => new LiveItem(e.EntryId, e.Item!.Value))],
                entries.Count == MostAtOnce ? entries[^1].EntryId : null);
        }
    }

    static SseItem<string>? Item(StoreNews n) => n switch
    {
        { PaymentId: { } payment, AmountYen: { } amount, Points: { } points, AtMs: { } at } => Item("payment", n.EntryId, new LivePayment(
            payment.ToString(), amount.Value, (amount - points.WorthInPayments).Value, points.Value, At(at),
            ReceiptNumber.Of(payment), n.OrderId), EdgeJson.Default.LivePayment),
        { RefundOf: { } refunded, RefundAmount: { } amount, RefundYen: { } yen, RefundPoints: { } points, RefundMs: { } at } =>
            Item("refund", n.EntryId, new LiveRefund(
                new RefundId(n.EntryId).ToString(), refunded.ToString(), amount.Value, yen.Value, points.Value, At(at),
                ReceiptNumber.Of(refunded)), EdgeJson.Default.LiveRefund),
        _ => null,
    };

    static SseItem<string> Item<T>(string type, EntryId id, T value, JsonTypeInfo<T> json) =>
        new(JsonSerializer.Serialize(value, json), type) { EventId = id.ToString() };

    static DateTimeOffset At(long ms) => JapanDay.InTokyo(DateTimeOffset.FromUnixTimeMilliseconds(ms));
}

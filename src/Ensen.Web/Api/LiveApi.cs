using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

sealed record LivePayment(string PaymentId, long Amount, long Yen, long Points, DateTimeOffset PaidAt, string ReceiptNumber, string? OrderId);

sealed record LiveRefund(string RefundId, string PaymentId, long Amount, long Yen, long Points, DateTimeOffset At, string ReceiptNumber);

/// <summary>
/// A store's payments and refunds as they commit, as server-sent events. A ring only says "look": the news itself is read from the database,
/// so a till that was away (or hangs on another node) misses nothing. The event's id lets a browser go on where it was.
/// </summary>
static class LiveApi
{
    /// <summary>Two writers may commit out of the order of their ids by no more than this.</summary>
    static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);
    static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(10);
    const int MostAtOnce = 200;

    public static IResult Events(HttpContext context, Database db, TimeProvider clock, IHostApplicationLifetime life)
    {
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, life.ApplicationStopping);
        context.Response.RegisterForDispose(stop);
        var from = Id.TryParse(Id.Entry, context.Request.Headers["Last-Event-ID"].ToString(), out var last) ? last : Id.First(clock.GetUtcNow());
        return TypedResults.ServerSentEvents(Follow(db, context.TillStoreId(), from, stop.Token));
    }

    static async IAsyncEnumerable<SseItem<string>> Follow(Database db, Guid store, Guid from, [EnumeratorCancellation] CancellationToken ct)
    {
        using var bell = db.Signals.Listen(News.OfStore(store));
        var seen = new HashSet<Guid>();
        var newest = from;
        yield return new SseItem<string>("", "hello");
        while (!ct.IsCancellationRequested)
        {
            var after = Id.First(Id.TimeOf(newest) - Overlap);
            if (after.CompareTo(from) < 0)
                after = from;
            foreach (var (id, item) in await Read(db, store, after, ct))
                if (seen.Add(id))
                {
                    newest = id.CompareTo(newest) > 0 ? id : newest;
                    yield return item;
                }
            seen.RemoveWhere(id => id.CompareTo(after) < 0);
            if (!await Rung(bell, ct))
            {
                if (ct.IsCancellationRequested)
                    yield break;
                yield return new SseItem<string>("", "still-here");
            }
        }
    }

    static async Task<bool> Rung(Signals.Listening bell, CancellationToken ct)
    {
        try
        {
            return await bell.Wait(LookAnyway, ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    static async Task<List<(Guid, SseItem<string>)>> Read(Database db, Guid store, Guid after, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var news = new List<(Guid Id, SseItem<string> Item)>();
        foreach (var p in await Payments.OfStore(connection, store, after, null, MostAtOnce))
            news.Add((p.EntryId, Item("payment", p.EntryId, new LivePayment(
                Id.Format(Id.Payment, p.EntryId), p.AmountYen, p.Yen, p.Points, At(p.AtMs), ReceiptNumber.Of(p.EntryId), p.OrderId), ApiJson.Default.LivePayment)));
        foreach (var r in await Payments.RefundsOfStore(connection, store, after, null, MostAtOnce))
            news.Add((r.EntryId, Item("refund", r.EntryId, new LiveRefund(
                Id.Format(Id.Refund, r.EntryId), Id.Format(Id.Payment, r.PaymentId), r.AmountYen, r.Yen, r.Points, At(r.AtMs), ReceiptNumber.Of(r.PaymentId)),
                ApiJson.Default.LiveRefund)));
        news.Sort((a, b) => a.Id.CompareTo(b.Id));
        return news;
    }

    static SseItem<string> Item<T>(string type, Guid id, T value, JsonTypeInfo<T> json) =>
        new(JsonSerializer.Serialize(value, json), type) { EventId = Id.Format(Id.Entry, id) };

    static DateTimeOffset At(long ms) => BusinessDay.InTokyo(DateTimeOffset.FromUnixTimeMilliseconds(ms));
}

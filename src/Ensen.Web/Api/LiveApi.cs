using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Web.Session;
using Ensen.Web.Watching;

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

    public static IResult Events(HttpContext context, Database db, Sessions sessions, TimeProvider clock, IHostApplicationLifetime life)
    {
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, life.ApplicationStopping);
        context.Response.RegisterForDispose(stop);
        var from = Id.TryParse(Id.Entry, context.Request.Headers["Last-Event-ID"].ToString(), out var last) ? last : Id.First(clock.GetUtcNow());
        return TypedResults.ServerSentEvents(Follow(db, sessions, context.Caller(), from, stop.Token));
    }

    static async IAsyncEnumerable<SseItem<string>> Follow(
        Database db, Sessions sessions, Caller till, Guid from, [EnumeratorCancellation] CancellationToken ct)
    {
        using var bell = db.Signals.Listen(News.OfStore(till.Owner));
        using var listening = WebMeter.Listens();
        var seen = new HashSet<Guid>();
        var newest = from;
        yield return Hello();
        while (true)
        {
            var after = Id.First(Id.TimeOf(newest) - Overlap);
            if (after.CompareTo(from) < 0)
                after = from;
            // A till that was signed out meanwhile hears nothing more.
            if (!await OrElse(sessions.IsOpen(SessionKind.Till, till.Owner, till.Session, ct), false, ct))
                yield break;
            for (Guid? cursor = after; cursor is { } start;)
            {
                (var news, cursor) = await OrElse(Read(db, till.Owner, start, ct), ([], null), ct);
                foreach (var (id, item) in news.Where(n => seen.Add(n.Id)))
                {
                    newest = id.CompareTo(newest) > 0 ? id : newest;
                    yield return item;
                }
            }
            seen.RemoveWhere(id => id.CompareTo(after) < 0);
            if (await OrElse(bell.Wait(LookAnyway, ct), false, ct))
                continue;
            if (ct.IsCancellationRequested)
                yield break;
            yield return new SseItem<string>("", "still-here");
        }
    }

    /// <summary>The first event also says when to come again after the stream has ended (the node stops, the line breaks): not everybody in the same instant.</summary>
    public static SseItem<string> Hello() => new("", "hello") { ReconnectionInterval = TimeSpan.FromMilliseconds(Random.Shared.Next(500, 3_000)) };

    /// <summary>When the till hangs up or the node stops, the stream ends as it should and not with an exception.</summary>
    static async Task<T> OrElse<T>(Task<T> work, T otherwise, CancellationToken stopped)
    {
        try
        {
            return await work;
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            return otherwise;
        }
    }

    /// <summary>The next news after an entry, the oldest first, and where to go on when there is more.</summary>
    static async Task<(List<(Guid Id, SseItem<string> Item)> News, Guid? More)> Read(Database db, Guid store, Guid after, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var news = new List<(Guid Id, SseItem<string> Item)>();
        var entries = await Payments.EntriesOfStore(connection, store, after, MostAtOnce);
        if (entries.Count == 0)
            return (news, null);
        foreach (var p in await Payments.OfStoreBetween(connection, store, after, entries[^1], MostAtOnce))
            news.Add((p.EntryId, Item("payment", p.EntryId, new LivePayment(
                Id.Format(Id.Payment, p.EntryId), p.AmountYen, p.Yen, p.Points, At(p.AtMs), ReceiptNumber.Of(p.EntryId), p.OrderId), ApiJson.Default.LivePayment)));
        foreach (var r in await Payments.RefundsOfStoreBetween(connection, store, after, entries[^1], MostAtOnce))
            news.Add((r.EntryId, Item("refund", r.EntryId, new LiveRefund(
                Id.Format(Id.Refund, r.EntryId), Id.Format(Id.Payment, r.PaymentId), r.AmountYen, r.Yen, r.Points, At(r.AtMs), ReceiptNumber.Of(r.PaymentId)),
                ApiJson.Default.LiveRefund)));
        news.Sort((a, b) => a.Id.CompareTo(b.Id));
        return (news, entries.Count == MostAtOnce ? entries[^1] : null);
    }

    static SseItem<string> Item<T>(string type, Guid id, T value, JsonTypeInfo<T> json) =>
        new(JsonSerializer.Serialize(value, json), type) { EventId = Id.Format(Id.Entry, id) };

    static DateTimeOffset At(long ms) => BusinessDay.InTokyo(DateTimeOffset.FromUnixTimeMilliseconds(ms));
}

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

    /// <summary>By that much they nearly always do; further back it is looked less often.</summary>
    static readonly TimeSpan Usual = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LookBackEvery = TimeSpan.FromSeconds(2);

    /// <summary>A store with many customers at once looks ten times a second, not once for each of them.</summary>
    static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);
    const int MostAtOnce = 200;

    public static IResult Events(HttpContext context, Database db, Sessions sessions, TimeProvider clock, IHostApplicationLifetime life)
    {
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, life.ApplicationStopping);
        context.Response.RegisterForDispose(stop);
        return TypedResults.ServerSentEvents(Follow(db, sessions, context.Caller(), Since.Of(context.Request, clock), clock, stop.Token));
    }

    static async IAsyncEnumerable<SseItem<string>> Follow(
        Database db, Sessions sessions, Caller till, Guid from, TimeProvider clock, [EnumeratorCancellation] CancellationToken ct)
    {
        using var bell = db.Signals.Listen(News.OfStore(till.Owner));
        using var listening = WebMeter.Listens();
        var seen = new HashSet<Guid>();
        var newest = from;
        var (looked, lookedBack) = (0L, 0L);
        yield return Hello();
        while (true)
        {
            if (clock.GetElapsedTime(looked) is var since && since < BetweenLooks && looked != 0)
                await OrElse(Pause(BetweenLooks - since, ct), false, ct);
            looked = clock.GetTimestamp();
            var far = lookedBack == 0 || clock.GetElapsedTime(lookedBack) >= LookBackEvery;
            if (far)
                lookedBack = looked;
            var after = Id.First(Id.TimeOf(newest) - (far ? Overlap : Usual));
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
            if (far)
                seen.RemoveWhere(id => id.CompareTo(after) < 0);
            if (await OrElse(bell.Wait(far ? LookAnyway : LookBackEvery, ct), false, ct))
                continue;
            if (ct.IsCancellationRequested)
                yield break;
            if (far)
                yield return new SseItem<string>("", "still-here");
        }
    }

    /// <summary>The first event also says when to come again after the stream has ended (the node stops, the line breaks): not everybody in the same instant.</summary>
    public static SseItem<string> Hello() => new("", "hello") { ReconnectionInterval = TimeSpan.FromMilliseconds(Random.Shared.Next(500, 3_000)) };

    static async Task<bool> Pause(TimeSpan time, CancellationToken ct)
    {
        await Task.Delay(time, ct);
        return true;
    }

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
        var entries = await Payments.NewsOfStore(connection, store, after, MostAtOnce);
        return (
            [.. entries.Select(e => (e.EntryId, Item(e))).Where(e => e.Item2 is not null).Select(e => (e.EntryId, e.Item2!.Value))],
            entries.Count == MostAtOnce ? entries[^1].EntryId : null);
    }

    static SseItem<string>? Item(StoreNews n) => n switch
    {
        { PaymentId: { } payment } => Item("payment", n.EntryId, new LivePayment(
            Id.Format(Id.Payment, payment), n.AmountYen!.Value, n.AmountYen.Value - n.Points!.Value, n.Points.Value, At(n.AtMs!.Value),
            ReceiptNumber.Of(payment), n.OrderId), ApiJson.Default.LivePayment),
        { RefundOf: { } refunded } => Item("refund", n.EntryId, new LiveRefund(
            Id.Format(Id.Refund, n.EntryId), Id.Format(Id.Payment, refunded), n.RefundAmount!.Value, n.RefundYen!.Value, n.RefundPoints!.Value,
            At(n.RefundMs!.Value), ReceiptNumber.Of(refunded)), ApiJson.Default.LiveRefund),
        _ => null,
    };

    static SseItem<string> Item<T>(string type, Guid id, T value, JsonTypeInfo<T> json) =>
        new(JsonSerializer.Serialize(value, json), type) { EventId = Id.Format(Id.Entry, id) };

    static DateTimeOffset At(long ms) => BusinessDay.InTokyo(DateTimeOffset.FromUnixTimeMilliseconds(ms));
}

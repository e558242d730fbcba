using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Web.Api;
using Ensen.Web.Session;
using Ensen.Web.Watching;

namespace Ensen.Web.Members;

/// <summary>
/// What happens to a member, as it commits: a payment by the shown code opens its done page on the phone that shows it; everything else
/// is a change. A ring only says "look": the news is read from the database, so a phone that slept misses nothing.
/// </summary>
static class MemberStream
{
    /// <summary>Two writers may commit out of the order of their ids by no more than this.</summary>
    static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);
    static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(10);
    const int MostAtOnce = 100;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/stream", Events).Matters(Importance.Essential).RequireAuthorization(Policies.Member).ExcludeFromDescription();

    static IResult Events(HttpContext context, Database db, TimeProvider clock, IHostApplicationLifetime life)
    {
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, life.ApplicationStopping);
        context.Response.RegisterForDispose(stop);
        return TypedResults.ServerSentEvents(Follow(db, context.MemberId(), Since.Of(context.Request, clock), stop.Token));
    }

    static async IAsyncEnumerable<SseItem<string>> Follow(Database db, Guid member, Guid from, [EnumeratorCancellation] CancellationToken ct)
    {
        using var bell = db.Signals.Listen(News.OfMember(member));
        using var listening = WebMeter.Listens();
        var seen = new HashSet<Guid>();
        var newest = from;
        yield return LiveApi.Hello();
        while (!ct.IsCancellationRequested)
        {
            var after = Id.First(Id.TimeOf(newest) - Overlap);
            if (after.CompareTo(from) < 0)
                after = from;
            foreach (var entry in await Read(db, member, after, ct))
                if (seen.Add(entry.Id))
                {
                    newest = entry.Id.CompareTo(newest) > 0 ? entry.Id : newest;
                    yield return Item(entry);
                }
            seen.RemoveWhere(id => id.CompareTo(after) < 0);
            bool rung;
            try
            {
                rung = await bell.Wait(LookAnyway, ct);
            }
            catch (OperationCanceledException)
            {
                yield break;
            }
            // A charge that failed posts nothing, and is news all the same.
            yield return rung ? new SseItem<string>("{}", "change") : new SseItem<string>("", "still-here");
        }
    }

    static async Task<List<(Guid Id, EntryKind Kind)>> Read(Database db, Guid member, Guid after, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return [.. (await Statement.Of(connection, member, null, MostAtOnce))
            .Where(line => line.EntryId.CompareTo(after) > 0)
            .Select(line => (line.EntryId, line.Kind))
            .Distinct()
            .Reverse()];
    }

    static SseItem<string> Item((Guid Id, EntryKind Kind) entry) => entry.Kind == EntryKind.Payment
        ? new SseItem<string>($$"""{"url":"/pay/done/{{Id.Format(Id.Payment, entry.Id)}}"}""", "payment") { EventId = Id.Format(Id.Entry, entry.Id) }
        : new SseItem<string>("{}", "change") { EventId = Id.Format(Id.Entry, entry.Id) };
}

using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Ensen.Web.Observability;

namespace Ensen.Web.Members;

/// <summary>
/// What happens to a member, as it commits: a payment by the shown code opens its done page on the phone that shows it; everything else
/// is a change. A ring only says "look": the news is read from the database, so a phone that slept misses nothing.
/// </summary>
static class MemberStream
{
    const int MostAtOnce = 100;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/stream", Events).WithPriority(RequestPriority.Essential).RequireAuthorization(Policies.Member)
            .ExcludeFromDescription();

    static IResult Events(HttpContext context, Streams streams, TimeProvider clock, IHostApplicationLifetime life) =>
        streams.Answer(context, new MemberTopic(context.MemberId()), clock, life);

    sealed record MemberTopic(MemberId Member) : LiveTopic(Topics.OfMember(Member))
    {
        /// <summary>A charge that failed posts nothing, and is news all the same.</summary>
        public override SseItem<string>? AtRing => new SseItem<string>("{}", "change");

        public override async Task<(IReadOnlyList<LiveItem> Items, EntryId? More)> Read(Database db, EntryId after, CancellationToken ct)
        {
            await using var connection = await db.Connect(ct);
            return ([.. (await Statement.Of(connection, db.Catalogue, Member, null, MostAtOnce))
                .Where(line => line.EntryId.Value > after)
                .Select(line => (line.EntryId, line.Kind))
                .Distinct()
                .Reverse()
                .Select(entry => new LiveItem(entry.EntryId, Item(entry)))], null);
        }
    }

    static SseItem<string> Item((EntryId Id, EntryKind Kind) entry) => entry.Kind == EntryKind.Payment
        ? new SseItem<string>($$"""{"url":"/pay/done/{{new PaymentId(entry.Id)}}"}""", "payment")
        { EventId = entry.Id.ToString() }
        : new SseItem<string>("{}", "change") { EventId = entry.Id.ToString() };
}

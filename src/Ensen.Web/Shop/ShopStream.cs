using System.Net.ServerSentEvents;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Shop;

/// <summary>
/// Says that something happened at one of the stores that whoever listens sees, and not what: the page looks for itself, by the rights
/// that hold then. Stores that come or go are heard from the next stream on.
/// </summary>
static class ShopStream
{
    public static async Task<IResult> Events(
        HttpContext context, Streams streams, TimeProvider clock, IHostApplicationLifetime life, CancellationToken ct)
    {
        var access = await context.ShopAccess(ct);
        return streams.Answer(context, new StoresTopic(context.Caller().Subject.Id, [.. access.Stores.Select(s => s.Id)]), clock, life);
    }

    sealed record StoresTopic(Guid Who, IReadOnlyList<StoreId> Stores) : LiveTopic($"stores:{Who:N}:{string.Join(',', Stores)}")
    {
        public override IReadOnlyCollection<string> Bells { get; } = [.. Stores.Select(Merchants.Stores.TopicOf)];

        public override SseItem<string>? AtRing => new SseItem<string>("{}", "change");

        public override Task<(IReadOnlyList<LiveItem> Items, EntryId? More)> Read(Database db, EntryId after, CancellationToken ct) =>
            Task.FromResult<(IReadOnlyList<LiveItem>, EntryId?)>(([], null));
    }
}

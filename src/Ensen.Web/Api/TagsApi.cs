using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Ensen.Web.Observability;

namespace Ensen.Web.Api;

sealed record TagAnswer(string StoreId, string StoreName, string Area);

/// <summary>Where a tag stands.</summary>
static class TagsApi
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/tags/{tagId}", Read).WithPriority(RequestPriority.Essential)
            .Named("readTag", "Which store a tag stands in.")
            .RequireAuthorization(Policies.Member).RequireRateLimiting(RateLimits.Tags)
            .Produces<TagAnswer>().Refuses(404, 410, 429);

    static async Task<IResult> Read(string tagId, Tags tags, Stores stores, CancellationToken ct)
    {
        if (!Id.TryParse(tagId, out TagId id)) return new Problem("not_found");
        var tag = await tags.Resolve(id, ct);
        if (!tag.Accepted) return Problem.Of(tag.Refusal);
        return await stores.Find(tag.Value.Store, ct) is { } store
            ? Results.Ok(new TagAnswer(store.Id.ToString(), store.Name, store.Area))
            : new Problem("not_found");
    }
}

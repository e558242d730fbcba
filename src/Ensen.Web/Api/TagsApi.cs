using System.Diagnostics.CodeAnalysis;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

sealed record TagAnswer(string StoreId, string StoreName, string Area);

/// <summary>A tag as it was touched: its id, and what a cryptographic one adds to prove the touch.</summary>
sealed record TouchedTag(Guid TagId, string? PiccData, string? Cmac);

/// <summary>Reads what a tag gives: <c>tag_…</c>, or the address <c>https://…/t/tag_…?picc=…&amp;cmac=…</c>.</summary>
static class TagAddress
{
    public static bool TryRead(string text, [NotNullWhen(true)] out TouchedTag? touched)
    {
        touched = null;
        if (Id.TryParse(Id.Tag, text, out var plain))
        {
            touched = new TouchedTag(plain, null, null);
            return true;
        }
        if (text.Length > 1_000 || !Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Segments is not [_, "t/", var last]
            || !Id.TryParse(Id.Tag, last.TrimEnd('/'), out var id))
            return false;
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(address.Query);
        touched = new TouchedTag(id, query.TryGetValue("picc", out var picc) ? picc[0] : null, query.TryGetValue("cmac", out var cmac) ? cmac[0] : null);
        return true;
    }
}

/// <summary>Where a tag stands.</summary>
static class TagsApi
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/tags/{tagId}", Read).RequireAuthorization(Policies.Member).RequireRateLimiting(Limits.Tags)
            .Produces<TagAnswer>().ProducesProblem(404).ProducesProblem(410).ProducesProblem(429);

    static async Task<IResult> Read(string tagId, Tags tags, Stores stores, CancellationToken ct)
    {
        if (!Id.TryParse(Id.Tag, tagId, out var id)) return new Problem("not_found");
        var tag = await tags.Resolve(id, ct);
        if (!tag.Accepted) return Problem.Of(tag.Refusal);
        return await stores.Find(tag.Value.Store, ct) is { } store
            ? Results.Ok(new TagAnswer(Id.Format(Id.Store, store.Id), store.Name, store.Area))
            : new Problem("not_found");
    }
}

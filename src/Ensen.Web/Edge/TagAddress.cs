using System.Diagnostics.CodeAnalysis;
using Ensen.Basics;
using Ensen.Merchants;
using Microsoft.Extensions.Primitives;

namespace Ensen.Web.Edge;

/// <summary>A tag as it was touched: its id, and what a cryptographic one adds to prove the touch.</summary>
sealed record TouchedTag(TagId TagId, string? PiccData, string? Cmac);

/// <summary>Reads what a tag gives: <c>tag_…</c>, or the address <c>https://…/t/tag_…?picc=…&amp;cmac=…</c>.</summary>
static class TagAddress
{
    public static bool TryRead(string text, [NotNullWhen(true)] out TouchedTag? touched)
    {
        touched = null;
        if (TryId(text, out var plain))
        {
            touched = new TouchedTag(plain, null, null);
            return true;
        }
        if (text.Length > 1_000 || !Uri.TryCreate(text, UriKind.Absolute, out var address)
            || address.Segments is not [_, "t/" or "T/", var last]
            || !TryId(last.TrimEnd('/'), out var id))
            return false;
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(address.Query);
        touched = new TouchedTag(id, Only(query, "picc"), Only(query, "cmac"));
        return true;
    }

    /// <summary>A tag's id as it is typed or read: some readers and keyboards make everything capital.</summary>
    public static bool TryId(string? text, out TagId tag) =>
        Id.TryParse(TypedDigits.Plain(text ?? "").Trim().ToLowerInvariant(), out tag);

    /// <summary>Where the page of a touched tag is.</summary>
    public static string PathOf(TouchedTag touched) =>
        $"/t/{touched.TagId}" + (touched is { PiccData: { } picc, Cmac: { } cmac }
        ? $"?picc={Uri.EscapeDataString(picc)}&cmac={Uri.EscapeDataString(cmac)}"
        : "");

    // What stands twice proves nothing: two readers could take it differently.
    static string? Only(Dictionary<string, StringValues> query, string name) =>
        query.TryGetValue(name, out var values) && values is [var one] ? one : null;
}

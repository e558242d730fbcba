using System.Globalization;
using Ensen.Ledger;
using Ensen.Web.Edge;

namespace Ensen.Web.Api;

/// <summary>Which page of a list was asked for.</summary>
readonly record struct PageAsked(int Limit, EntryId? Before);

/// <summary>Reads <c>?limit=&amp;before=</c>.</summary>
static class Paging
{
    public static bool TryRead(string? limit, string? before, int usual, int most, out PageAsked page)
    {
        page = default;
        var count = usual;
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count < 1
            || count > most))
            return false;
        EntryId? from = null;
        if (before is not null)
        {
            if (!Ids.TryParseEntry(before, out var id))
                return false;
            from = id;
        }
        page = new PageAsked(count, from);
        return true;
    }
}

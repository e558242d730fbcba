using System.Globalization;
using Ensen.Basics;
using Ensen.Ledger;

namespace Ensen.Web.Api;

/// <summary>Which page of a list was asked for.</summary>
readonly record struct PageAsked(int Limit, Guid? Before);

/// <summary>Reads <c>?limit=&amp;before=</c>.</summary>
static class Paging
{
    public static bool TryRead(string? limit, string? before, int usual, int most, out PageAsked page)
    {
        page = default;
        var count = usual;
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count < 1 || count > most))
            return false;
        Guid? from = null;
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

/// <summary>How an entry is called outside: by what it is.</summary>
static class Ids
{
    static readonly string[] Prefixes = [Id.Payment, Id.Refund, Id.Charge, Id.Transfer, Id.Entry];

    public static string OfEntry(EntryKind kind, Guid id) => Wallet.Receipt.KnownAs(kind, id);

    public static bool TryParseEntry(string text, out Guid id)
    {
        foreach (var prefix in Prefixes)
            if (Id.TryParse(prefix, text, out id))
                return true;
        id = default;
        return false;
    }
}

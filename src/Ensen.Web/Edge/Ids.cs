using Ensen.Basics;
using Ensen.Ledger;

namespace Ensen.Web.Edge;

/// <summary>How an entry is called outside: by what it is.</summary>
static class Ids
{
    static readonly string[] Prefixes =
        [.. BuiltIn.Catalogue.All<EntryKind>().Select(kind => kind.Prefix).Append(EntryId.Prefix).Distinct()];

    public static string OfEntry(EntryKind kind, Guid id) => Wallet.Receipt.KnownAs(kind, id);

    /// <summary>The id by which people know an entry: its own with the prefix of its kind, or that of the charge that it books.</summary>
    public static bool TryParseEntry(string text, out EntryId id)
    {
        var found = default(Guid);
        var parsed = Prefixes.Any(prefix => Id.TryParse(prefix, text, out found));
        id = new EntryId(found);
        return parsed;
    }
}

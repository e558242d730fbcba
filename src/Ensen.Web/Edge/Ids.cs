using Ensen.Basics;
using Ensen.Ledger;

namespace Ensen.Web.Edge;

/// <summary>How an entry is called outside: by what it is.</summary>
static class Ids
{
    static readonly string[] Prefixes = [.. BuiltIn.Catalogue.All<EntryKind>().Select(kind => kind.Prefix).Append(Id.Entry).Distinct()];

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

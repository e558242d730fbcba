using System.Globalization;

namespace Ensen.Web;

/// <summary>How many there are of something, as a person writes it: 1 entry, 2,000 entries.</summary>
static class Plural
{
    public static string Of(long count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");

    public static string Entries(long count) => Of(count, "entry", "entries");

    public static string Postings(long count) => Of(count, "posting", "postings");
}

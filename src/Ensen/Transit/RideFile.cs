using System.Globalization;
using System.Runtime.CompilerServices;

namespace Ensen.Transit;

/// <summary>
/// A file of rides as gates deliver it: a line a ride, <c>card,from,to,fare,inAt,outAt</c>, instants as RFC 3339, a missed gate's fields
/// empty; no quotes. A first line of names is passed over. A line that is no ride is told, never dropped.
/// </summary>
static class RideFile
{
    const string Heading = "card,";
    const int Fields = 6;

    public static async IAsyncEnumerable<FedRide> Read(TextReader file, [EnumeratorCancellation] CancellationToken ct = default)
    {
        for (long line = 1; await file.ReadLineAsync(ct) is { } text; line++)
            if (text.Length > 0 && !(line == 1 && text.StartsWith(Heading, StringComparison.OrdinalIgnoreCase)))
                yield return Of(line, text);
    }

    internal static FedRide Of(long line, string text)
    {
        Span<Range> parts = stackalloc Range[Fields + 1];
        var said = text.AsSpan();
        if (said.Split(parts, ',') != Fields)
            return new FedRide(line, null, null, null, null, null, null, RideFault.InvalidLine, text);
        var card = said[parts[0]].ToString();
        var (from, to) = (said[parts[1]].ToString(), said[parts[2]].ToString());
        var fare = long.TryParse(said[parts[3]], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var yen) ? yen
            : (long?)null;
        return !Instant(said[parts[4]], out var inAt) || !Instant(said[parts[5]], out var outAt)
            ? new FedRide(line, card, from, to, fare, null, null, RideFault.InvalidTime, text)
            : new FedRide(line, card, from, to, fare, inAt, outAt, Text: text);
    }

    /// <summary>An instant with its offset; nothing is no fault.</summary>
    internal static bool Instant(ReadOnlySpan<char> text, out DateTimeOffset? at)
    {
        at = null;
        if (text.IsWhiteSpace())
            return true;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[^1] != 'Z' && text[^6] is not ('+' or '-')
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var read))
            return false;
        at = read;
        return true;
    }
}

using System.Globalization;

namespace Ensen.Formats;

/// <summary>What the bank did with one line of a file: 0 paid, anything else not.</summary>
public sealed record ZenginResult(int Line, string Bank, string Branch, int Kind, string Number, long Amount, int Code);

/// <summary>
/// The bank's answer to a file: the same records of 120 bytes, with a digit of result in the last field of each data record (column 114),
/// and in the trailer how many and how much were paid and were not, as the answers to direct debits have it. Read strictly: an answer of
/// which anything is not as it should be says nothing.
/// </summary>
public static class ZenginAnswer
{
    /// <summary>The results of an answer, or the first thing that is wrong with it.</summary>
    public static (IReadOnlyList<ZenginResult> Results, string? Fault) Read(ReadOnlySpan<byte> file)
    {
        List<ZenginResult> results = [];
        if (Records(file, out var records) is { } broken)
            return (results, broken);
        if (records.Count < 4 || records[0][0] != '1' || records[^2][0] != '8' || records[^1][0] != '9')
            return ([], "header, data, trailer and end are not all there in their order");
        if (records[0][1..3] != ZenginFile.Kind)
            return ([], "it is no answer to a file of transfers");
        foreach (var (at, record) in records[1..^2].Index())
        {
            if (record[0] != '2' || Number(record, 43, 1) is not { } kind || Number(record, 81, 10) is not { } amount
                || Number(record, 92, 10) is not { } line || Number(record, 114, 1) is not { } code)
                return ([], Of(at + 1, "is no data record with a result"));
            if (line != at + 1)
                return ([], Of(at + 1, "is another line than its place says"));
            results.Add(new ZenginResult((int)line, record[1..5], record[20..23], (int)kind, record[43..50], amount, (int)code));
        }
        var (paid, rest) = (results.Where(r => r.Code == 0).ToList(), results.Where(r => r.Code != 0).ToList());
        var trailer = records[^2];
        long?[] told = [Number(trailer, 2, 6), Number(trailer, 8, 12), Number(trailer, 20, 6), Number(trailer, 26, 12),
            Number(trailer, 38, 6), Number(trailer, 44, 12)];
        long?[] counted = [results.Count, results.Sum(r => r.Amount), paid.Count, paid.Sum(r => r.Amount), rest.Count,
            rest.Sum(r => r.Amount)];
        return told.SequenceEqual(counted) ? (results, null) : ([], "the sums of its trailer are not those of its lines");
    }

    /// <summary>The answer that a bank writes to a file; <paramref name="codes"/>: the result of each of its lines.</summary>
    public static string Write(string file, IReadOnlyList<int> codes)
    {
        var records = file.Split(ZenginFile.Break, StringSplitOptions.RemoveEmptyEntries);
        if (records.Length != codes.Count + 3)
            throw new ArgumentException($"A file of {records.Length - 3} lines is not answered by {codes.Count} results.", nameof(codes));
        var (paid, rest) = ((Lines: 0L, Yen: 0L), (Lines: 0L, Yen: 0L));
        for (var i = 0; i < codes.Count; i++)
        {
            var record = records[i + 1];
            var amount = Number(record, 81, 10) ?? throw new ArgumentException("A line of the file has no amount.", nameof(file));
            if (codes[i] == 0)
                paid = (paid.Lines + 1, paid.Yen + amount);
            else
                rest = (rest.Lines + 1, rest.Yen + amount);
            records[i + 1] = FormattableString.Invariant($"{record[..113]}{codes[i]:0}{record[114..]}");
        }
        records[^2] = FormattableString.Invariant(
            $"{records[^2][..19]}{paid.Lines:000000}{paid.Yen:000000000000}{rest.Lines:000000}{rest.Yen:000000000000}")
            .PadRight(ZenginFile.RecordBytes);
        return string.Concat(records.Select(r => r + ZenginFile.Break));
    }

    static string? Records(ReadOnlySpan<byte> file, out List<string> records)
    {
        records = [];
        const int whole = ZenginFile.RecordBytes + 2;
        if (file.Length == 0 || file.Length % whole != 0)
            return "it does not consist of whole records";
        Span<char> letters = stackalloc char[ZenginFile.RecordBytes];
        for (var at = 0; at < file.Length; at += whole)
        {
            for (var i = 0; i < letters.Length; i++)
            {
                if (ZenginKana.LetterOf(file[at + i]) is not { } letter)
                    return Of(records.Count, "holds a byte that no such file has");
                letters[i] = letter;
            }
            if (file[at + whole - 2] != '\r' || file[at + whole - 1] != '\n')
                return Of(records.Count, "does not end where it should");
            records.Add(new string(letters));
        }
        return null;
    }

    /// <param name="column">As the layout counts, from 1.</param>
    static long? Number(string record, int column, int width)
    {
        var digits = record.AsSpan(column - 1, width);
        return !digits.ContainsAnyExceptInRange('0', '9') ? long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture) : null;
    }

    static string Of(int record, string what) => FormattableString.Invariant($"record {record} {what}");
}

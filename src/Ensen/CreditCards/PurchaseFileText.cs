using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Ensen.Basics;

namespace Ensen.CreditCards;

/// <summary>What is wrong with a line of a file of purchases; in small letters with underscores it is the answer's code.</summary>
public enum PurchaseFault
{
    None = 0,
    Empty = 1,

    /// <summary>Bytes that are no UTF-8: another encoding.</summary>
    NotUtf8 = 2,
    WrongHeader = 3,
    WrongFields = 4,

    /// <summary>No name of a card; a card's number is none.</summary>
    InvalidCard = 5,
    InvalidItem = 6,

    /// <summary>No instant with its offset, after the file's month, or long before it.</summary>
    InvalidTime = 7,
    InvalidAmount = 8,
    InvalidKind = 9,

    /// <summary>The item of that card stands in an earlier line.</summary>
    DuplicateItem = 10,

    /// <summary>The last line counts or adds up to something else than stands above it, or names no month or edition.</summary>
    WrongTotal = 11,

    /// <summary>The line with the total is missing: part of the file did not arrive.</summary>
    Truncated = 12,
    TooManyLines = 13,

    /// <summary>The month has not begun.</summary>
    InFuture = 14,

    /// <summary>
    /// Another file of the same edition says something else of the item, or one of another month says that it is another purchase: of
    /// another instant or kind, or given back.
    /// </summary>
    OtherItem = 15,
}

/// <summary>A line that is wrong, counted from 1 as an editor does.</summary>
public sealed record PurchaseRefusal(int Line, PurchaseFault Fault);

/// <summary>An item as a file names it.</summary>
readonly record struct PurchaseLine(int Line, Guid Card, Guid Item, PurchaseClass Class, long AtMs, long Amount);

/// <summary>
/// The text of a file of purchases, UTF-8 with or without a mark, lines ended by LF or CRLF: a header <c>card,item,at,amount,kind</c>, a
/// line for each item (kind <c>purchase</c> or <c>transit</c>; an amount below 0 is given back, 0 withdrawn), and last
/// <c>total,2026-06,EDITION,SUM,COUNT</c>, which shows that all of it arrived. Nothing of a line is kept but what is read from it.
/// </summary>
sealed class PurchaseFileText
{
    public const int MostLines = 2_000_000;
    const int MostTold = 1_000;
    const int MostEdition = 9_999;
    const int Fields = 5;
    const long MostYen = 999_999_999;

    /// <summary>What was bought is told with its month, or up to so many months later.</summary>
    public const int MonthsBack = 13;


    readonly List<PurchaseLine> _lines = [];
    readonly List<PurchaseRefusal> _refused = [];

    PurchaseFileText()
    {
    }

    public IReadOnlyList<PurchaseLine> Lines => _lines;
    public IReadOnlyList<PurchaseRefusal> Refused => _refused;

    /// <summary>yyyymm; 0 where the file does not say.</summary>
    public int Month { get; private set; }
    public int Edition { get; private set; }
    public long Sum { get; private set; }

    public static PurchaseFileText Read(ReadOnlySpan<byte> bytes, JapanDay today)
    {
        var file = new PurchaseFileText();
        file.Body(bytes is [0xEF, 0xBB, 0xBF, .. var unmarked] ? unmarked : bytes, today);
        return file;
    }

    void Body(ReadOnlySpan<byte> bytes, JapanDay today)
    {
        bytes = bytes.TrimEnd("\r\n"u8);
        if (bytes.IsEmpty || Ascii.IsValid(bytes) && bytes.Trim(" \r\n"u8).IsEmpty)
        {
            Refuse(1, PurchaseFault.Empty);
            return;
        }
        var (number, hasTotal) = (0, false);
        var rest = bytes;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = (end < 0 ? rest : rest[..end]).TrimEnd((byte)'\r');
            rest = end < 0 ? default : rest[(end + 1)..];
            number++;
            if (!Utf8.IsValid(line))
                Refuse(number, PurchaseFault.NotUtf8);
            else if (number == 1)
            {
                if (!line.SequenceEqual("card,item,at,amount,kind"u8))
                    Refuse(1, PurchaseFault.WrongHeader);
            }
            else if (number > MostLines + 2)
                Refuse(number, PurchaseFault.TooManyLines);
            else if (rest.IsEmpty && line.StartsWith("total,"u8))
            {
                hasTotal = true;
                Total(number, line, today);
            }
            else if (Item(number, line, out var read) is not PurchaseFault.None and var fault)
                Refuse(number, fault);
            else
                _lines.Add(read);
            if (_refused.Count >= MostTold
                || _refused is [{ Fault: PurchaseFault.NotUtf8 or PurchaseFault.WrongHeader or PurchaseFault.TooManyLines }, ..])
                return;
        }
        if (!hasTotal)
            Refuse(number, PurchaseFault.Truncated);
        else if (_lines.Count == 0 && _refused.Count == 0)
            Refuse(number, PurchaseFault.Empty);
        if (_refused.Count > 0)
            return;
        InMonth();
        Once();
    }

    /// <summary>Puts the lines into the order in which they are kept, and finds an item that stands there twice.</summary>
    void Once()
    {
        _lines.Sort(static (a, b) => a.Card.CompareTo(b.Card) is var card and not 0 ? card
            : a.Item.CompareTo(b.Item) is var item and not 0 ? item : a.Line.CompareTo(b.Line));
        for (var i = 1; i < _lines.Count; i++)
            if (_lines[i].Card == _lines[i - 1].Card && _lines[i].Item == _lines[i - 1].Item)
                Refuse(_lines[i].Line, PurchaseFault.DuplicateItem);
    }

    /// <summary>What was bought is told with its month, or some months later: never before.</summary>
    void InMonth()
    {
        var first = new DateOnly(Month / 100, Month % 100, 1);
        var until = new JapanDay(first.AddMonths(1)).Start.ToUnixTimeMilliseconds();
        var from = new JapanDay(first.AddMonths(-MonthsBack)).Start.ToUnixTimeMilliseconds();
        foreach (var line in _lines)
            if (line.AtMs >= until || line.AtMs < from)
                Refuse(line.Line, PurchaseFault.InvalidTime);
    }

    void Total(int number, ReadOnlySpan<byte> line, JapanDay today)
    {
        if (_refused.Count > 0)
            return;
        Span<Range> parts = stackalloc Range[Fields + 1];
        if (Split(line, parts) != Fields || Whole(line[parts[2]]) is not (> 0 and <= MostEdition and var edition)
            || !DateOnly.TryParseExact(Encoding.UTF8.GetString(line[parts[1]]), "yyyy-MM", CultureInfo.InvariantCulture,
                DateTimeStyles.None, out var month)
            || month.Year is < 2000 or > 9_000)
        {
            Refuse(number, PurchaseFault.WrongTotal);
            return;
        }
        foreach (var item in _lines)
            Sum = checked(Sum + item.Amount);
        (Month, Edition) = (new JapanDay(month).Month, (int)edition);
        if (Whole(line[parts[3]]) != Sum || Whole(line[parts[4]]) != _lines.Count)
            Refuse(number, PurchaseFault.WrongTotal);
        else if (Month > today.Month)
            Refuse(number, PurchaseFault.InFuture);
    }

    static PurchaseFault Item(int number, ReadOnlySpan<byte> line, out PurchaseLine read)
    {
        read = default;
        Span<Range> parts = stackalloc Range[Fields + 1];
        if (Split(line, parts) != Fields) return PurchaseFault.WrongFields;
        var card = line[parts[0]];
        var item = line[parts[1]];
        if (!CardReference.IsOne(card)) return PurchaseFault.InvalidCard;
        if (!IsName(item)) return PurchaseFault.InvalidItem;
        if (InstantOf(line[parts[2]]) is not { } at) return PurchaseFault.InvalidTime;
        if (Whole(line[parts[3]]) is not (>= -MostYen and <= MostYen and var amount)) return PurchaseFault.InvalidAmount;
        PurchaseClass? kind = line[parts[4]].SequenceEqual("purchase"u8) ? PurchaseClass.Purchase
            : line[parts[4]].SequenceEqual("transit"u8) ? PurchaseClass.TransitCharge : null;
        if (kind is not { } bought) return PurchaseFault.InvalidKind;
        read = new PurchaseLine(number, CardReference.Of(card), ItemOf(item), bought, at, amount);
        return PurchaseFault.None;
    }

    internal static Guid ItemOf(ReadOnlySpan<byte> item)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(item, hash);
        return new Guid(hash[..16], bigEndian: true);
    }

    static bool IsName(ReadOnlySpan<byte> item) =>
        item.Length is > 0 and <= CardReference.Longest && !item.ContainsAnyExceptInRange((byte)'!', (byte)'~');

    static int Split(ReadOnlySpan<byte> line, Span<Range> parts)
    {
        var (count, from) = (0, 0);
        for (var at = 0; at <= line.Length; at++)
            if (at == line.Length || line[at] == ',')
            {
                if (count == parts.Length)
                    return count;
                parts[count++] = from..at;
                from = at + 1;
            }
        return count;
    }

    /// <summary>An instant as RFC 3339 writes it, to the millisecond.</summary>
    static long? InstantOf(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 20 or > 35 || text[4] != '-' || text[7] != '-' || text[10] != 'T'
            || text[^1] != 'Z' && text[^6] is not ((byte)'+' or (byte)'-'))
            return null;
        Span<char> chars = stackalloc char[text.Length];
        return Ascii.ToUtf16(text, chars, out _) == OperationStatus.Done
            && DateTimeOffset.TryParse(chars, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? at.ToUnixTimeMilliseconds() : null;
    }

    /// <summary>Digits, perhaps after a minus, and nothing else: a program wrote them.</summary>
    static long? Whole(ReadOnlySpan<byte> text) =>
        text.Length is > 0 and <= 18 && text[0] != '+' && Utf8Parser.TryParse(text, out long value, out var used)
        && used == text.Length ? value : null;

    void Refuse(int line, PurchaseFault fault) => _refused.Add(new PurchaseRefusal(line, fault));
}

using System.Globalization;
using System.Text;

namespace Ensen.Formats;

/// <summary>Who asks for the transfers of a file: their code at the bank, their name, and the account that is drawn on.</summary>
public sealed record ZenginSender(string Code, string Name, string Bank, string Branch, string Account);

/// <summary>One transfer. Bank: 4 digits, branch: 3, kind: 1 ordinary, 2 current, 4 savings; number: 7 digits.</summary>
/// <param name="Holder">In letters of the table, at most 30.</param>
/// <param name="Line">The place in the file, from 1: the customer's code by which the bank's answer names it.</param>
public sealed record ZenginTransfer(int Line, string Bank, string Branch, int Kind, string Number, string Holder, long Amount);

/// <summary>
/// A file of transfers (総合振込) as the Japanese Bankers Association publishes its layout: records of 120 bytes in JIS (half-width kana of
/// Shift_JIS), each with a carriage return and a line feed behind it: header 1, a data record 2 for each transfer, trailer 8, end 9. Names
/// of banks and branches may be left out beside their codes, and are.
/// </summary>
public static class ZenginFile
{
    public const int RecordBytes = 120;
    public const int MostTransfers = 999_999;
    public const int MostHolder = 30;
    public const int MostSenderName = 40;
    public const long MostAmount = 9_999_999_999;
    public const long MostTotal = 999_999_999_999;

    internal const string Kind = "21";
    internal const string Break = "\r\n";

    /// <summary>Whether a file has room for such a transfer; one that it has not must not keep the others from being made.</summary>
    public static bool Takes(ZenginTransfer t)
    {
        static bool Digits(string text, int width) => text.Length == width && text.All(char.IsAsciiDigit);
        return t.Amount is > 0 and <= MostAmount && t.Kind is >= 0 and <= 9 && Digits(t.Bank, 4) && Digits(t.Branch, 3)
            && Digits(t.Number, 7) && t.Holder.Length <= MostHolder && ZenginKana.IsWritten(t.Holder);
    }

    /// <summary>The file as text; every letter of it is one byte.</summary>
    /// <param name="month">The month and day on which the bank is to transfer.</param>
    public static string Write(ZenginSender sender, int month, int day, IReadOnlyList<ZenginTransfer> transfers)
    {
        if (transfers.Count is 0 or > MostTransfers)
            throw new ArgumentException($"A file has 1 to {MostTransfers} transfers, not {transfers.Count}.", nameof(transfers));
        var file = new StringBuilder((RecordBytes + Break.Length) * (transfers.Count + 3));
        Add(file, new ZenginRecord('1').Digits(Kind, 2).Digits("0", 1).Digits(sender.Code, 10).Letters(sender.Name, MostSenderName)
            .Number(month * 100 + day, 4).Digits(sender.Bank, 4).Letters("", 15).Digits(sender.Branch, 3).Letters("", 15).Digits("1", 1)
            .Digits(sender.Account, 7));
        var total = 0L;
        foreach (var (at, t) in transfers.Index())
        {
            if (t.Line != at + 1 || t.Amount is <= 0 or > MostAmount)
                throw new ArgumentException($"Line {t.Line} of {t.Amount} yen has no place {at + 1} in a file.", nameof(transfers));
            total = checked(total + t.Amount);
            Add(file, new ZenginRecord('2').Digits(t.Bank, 4).Letters("", 15).Digits(t.Branch, 3).Letters("", 15).Letters("", 4)
                .Number(t.Kind, 1).Digits(t.Number, 7).Letters(t.Holder, MostHolder).Number(t.Amount, 10).Digits("0", 1)
                .Number(t.Line, 10).Letters("", 10).Digits("7", 1));
        }
        if (total > MostTotal)
            throw new ArgumentException($"A file has at most {MostTotal} yen, not {total}.", nameof(transfers));
        Add(file, new ZenginRecord('8').Number(transfers.Count, 6).Number(total, 12));
        Add(file, new ZenginRecord('9'));
        return file.ToString();
    }

    /// <summary>The text of a file as the bytes that are sent.</summary>
    public static byte[] Bytes(string text)
    {
        var bytes = new byte[text.Length];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = text[i] is '\r' or '\n' ? (byte)text[i] : ZenginKana.ByteOf(text[i]);
        return bytes;
    }

    static void Add(StringBuilder file, ZenginRecord record) => file.Append(record.Whole()).Append(Break);
}

/// <summary>A record in the making: each field has its width, and what does not fit is a mistake of the program.</summary>
sealed class ZenginRecord(char kind)
{
    readonly StringBuilder _text = new StringBuilder(ZenginFile.RecordBytes).Append(kind);

    public ZenginRecord Digits(string digits, int width)
    {
        if (digits.Length != width || !digits.All(char.IsAsciiDigit))
            throw new ArgumentException($"A field of {width} digits was given {digits.Length} characters.", nameof(digits));
        _text.Append(digits);
        return this;
    }

    public ZenginRecord Number(long number, int width) =>
        Digits(number.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0'), width);

    public ZenginRecord Letters(string letters, int width)
    {
        if (letters.Length > width || !ZenginKana.IsWritten(letters))
            throw new ArgumentException($"A field of {width} letters was given what has no place there.", nameof(letters));
        _text.Append(letters.PadRight(width));
        return this;
    }

    public string Whole() => _text.Length <= ZenginFile.RecordBytes ? _text.ToString().PadRight(ZenginFile.RecordBytes)
        : throw new InvalidOperationException($"A record has {_text.Length} bytes.");
}

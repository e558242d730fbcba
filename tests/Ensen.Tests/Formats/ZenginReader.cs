using System.Globalization;
using System.Text;

namespace Ensen.Tests.Formats;

/// <summary>
/// Reads a file of transfers as the Japanese Bankers Association's layout describes it, field by field, and shares nothing with the program
/// that wrote it: kinds of records, widths, and the single bytes of JIS X 0201 that a field may hold.
/// </summary>
sealed record ZenginReader(string Sender, string SenderName, string Date, IReadOnlyList<ZenginReader.Transfer> Transfers)
{
    public sealed record Transfer(string Bank, string Branch, string Kind, string Number, string Holder, long Amount, string Customer);

    // Name, width, and whether it is digits (N) or letters (C), in the order of the layout.
    static readonly (string Name, int Width, char Sort)[] s_header =
    [
        ("データ区分", 1, 'N'), ("種別コード", 2, 'N'), ("コード区分", 1, 'N'), ("振込依頼人コード", 10, 'N'), ("振込依頼人名", 40, 'C'), ("取組日", 4, 'N'),
        ("仕向銀行番号", 4, 'N'), ("仕向銀行名", 15, 'C'), ("仕向支店番号", 3, 'N'), ("仕向支店名", 15, 'C'), ("預金種目", 1, 'N'), ("口座番号", 7, 'N'),
        ("ダミー", 17, 'C'),
    ];

    static readonly (string Name, int Width, char Sort)[] s_data =
    [
        ("データ区分", 1, 'N'), ("被仕向銀行番号", 4, 'N'), ("被仕向銀行名", 15, 'C'), ("被仕向支店番号", 3, 'N'), ("被仕向支店名", 15, 'C'),
        ("手形交換所番号", 4, 'C'), ("預金種目", 1, 'N'), ("口座番号", 7, 'N'), ("受取人名", 30, 'C'), ("振込金額", 10, 'N'), ("新規コード", 1, 'N'),
        ("顧客コード1", 10, 'C'), ("顧客コード2", 10, 'C'), ("振込指定区分", 1, 'N'), ("識別表示", 1, 'C'), ("ダミー", 7, 'C'),
    ];

    static readonly (string Name, int Width, char Sort)[] s_trailer =
        [("データ区分", 1, 'N'), ("合計件数", 6, 'N'), ("合計金額", 12, 'N'), ("ダミー", 101, 'C')];

    static readonly (string Name, int Width, char Sort)[] s_end = [("データ区分", 1, 'N'), ("ダミー", 119, 'C')];

    public static ZenginReader Read(byte[] file)
    {
        (file.Length % 122).ShouldBe(0, "120 bytes and a line's end");
        var records = file.Chunk(122).ToList();
        records.ShouldAllBe(r => r[120] == 0x0D && r[121] == 0x0A);
        var header = Fields(records[0], s_header);
        header["データ区分"].ShouldBe("1");
        header["種別コード"].ShouldBe("21");
        header["コード区分"].ShouldBe("0");
        var transfers = records[1..^2].Select(record =>
        {
            var data = Fields(record, s_data);
            data["データ区分"].ShouldBe("2");
            return new Transfer(data["被仕向銀行番号"], data["被仕向支店番号"], data["預金種目"], data["口座番号"], data["受取人名"],
                long.Parse(data["振込金額"], CultureInfo.InvariantCulture), data["顧客コード1"]);
        }).ToList();
        var trailer = Fields(records[^2], s_trailer);
        trailer["データ区分"].ShouldBe("8");
        int.Parse(trailer["合計件数"], CultureInfo.InvariantCulture).ShouldBe(transfers.Count);
        long.Parse(trailer["合計金額"], CultureInfo.InvariantCulture).ShouldBe(transfers.Sum(t => t.Amount));
        Fields(records[^1], s_end)["データ区分"].ShouldBe("9");
        return new ZenginReader(header["振込依頼人コード"], header["振込依頼人名"], header["取組日"], transfers);
    }

    static Dictionary<string, string> Fields(byte[] record, (string Name, int Width, char Sort)[] layout)
    {
        layout.Sum(f => f.Width).ShouldBe(120);
        var (fields, at) = (new Dictionary<string, string>(), 0);
        foreach (var (name, width, sort) in layout)
        {
            var bytes = record[at..(at + width)];
            bytes.ShouldAllBe(b => sort == 'N' ? b >= 0x30 && b <= 0x39 : IsLetter(b), name);
            fields[name] = Text(bytes).TrimEnd();
            at += width;
        }
        return fields;
    }

    /// <summary>Digits, capitals, space ( ) - . / \ and ｢ ｣, kana without ｦ, small ones and the long vowel, and the two marks.</summary>
    static bool IsLetter(byte b) => b is >= 0x30 and <= 0x39 or >= 0x41 and <= 0x5A or 0x20 or 0x28 or 0x29 or 0x2D or 0x2E or 0x2F or 0x5C
        or 0xA2 or 0xA3 or >= 0xB1 and <= 0xDF;

    static string Text(byte[] bytes)
    {
        var text = new StringBuilder();
        foreach (var b in bytes)
            text.Append(b < 0x80 ? (char)b : (char)(0xFF61 + b - 0xA1));
        return text.ToString();
    }
}

using Ensen.Formats;

namespace Ensen.Tests.Formats;

/// <summary>Files for banks: what is written reads as the layout says, what cannot be written is refused, answers are read strictly.</summary>
public class ZenginTests
{
    static readonly ZenginSender s_sender = new("0123456789", "ｴﾝｾﾝ", "0005", "001", "7654321");

    static readonly ZenginTransfer[] s_transfers =
    [
        new(1, "0001", "002", 1, "0012345", "ｶ)ﾊﾟﾝｺｳﾎﾞｳ", 12_345),
        new(2, "9900", "418", 2, "7654321", "ﾀｺﾔｷ ﾅﾆﾜ", 9_999_999_999),
        new(3, "0310", "101", 4, "0000001", "ABC-1", 1),
    ];

    [Fact]
    public void A_reader_made_from_the_layout_reads_what_is_written()
    {
        var read = ZenginReader.Read(ZenginFile.Bytes(ZenginFile.Write(s_sender, 6, 2, s_transfers)));

        (read.Sender, read.SenderName, read.Date).ShouldBe(("0123456789", "ｴﾝｾﾝ", "0602"));
        read.Transfers.ShouldBe([
            new("0001", "002", "1", "0012345", "ｶ)ﾊﾟﾝｺｳﾎﾞｳ", 12_345, "0000000001"),
            new("9900", "418", "2", "7654321", "ﾀｺﾔｷ ﾅﾆﾜ", 9_999_999_999, "0000000002"),
            new("0310", "101", "4", "0000001", "ABC-1", 1, "0000000003"),
        ]);
    }

    [Fact]
    public void What_has_no_place_in_a_file_is_not_cut_or_bent_to_it()
    {
        foreach (var wrong in (ZenginTransfer[])[
            s_transfers[0] with { Holder = new('ｱ', 31) }, s_transfers[0] with { Holder = "ぱん" }, s_transfers[0] with { Amount = 0 },
            s_transfers[0] with { Amount = 10_000_000_000 }, s_transfers[0] with { Bank = "1" }, s_transfers[0] with { Number = "12345678" },
            s_transfers[0] with { Line = 2 }, s_transfers[0] with { Kind = 10 }])
            Should.Throw<ArgumentException>(() => ZenginFile.Write(s_sender, 6, 2, [wrong]));
        Should.Throw<ArgumentException>(() => ZenginFile.Write(s_sender, 6, 2, []));
    }

    [Theory]
    [InlineData("パンコウボウ ツルハシ", "ﾊﾟﾝｺｳﾎﾞｳ ﾂﾙﾊｼ")]
    [InlineData("ぱんこうぼう", "ﾊﾟﾝｺｳﾎﾞｳ")]
    [InlineData("ﾊﾟﾝ ｺｰﾋｰ", "ﾊﾟﾝ ｺ-ﾋ-")]
    [InlineData("シャショッカ", "ｼﾔｼﾖﾂｶ")]
    [InlineData("ｼｬｼｮｯｶ", "ｼﾔｼﾖﾂｶ")]
    [InlineData("カ゛ク", "ｶﾞｸ")]
    [InlineData("Bread  Co", "BREAD CO")]
    [InlineData("カブシキガイシャ パン", "ｶ)ﾊﾟﾝ")]
    [InlineData("パン株式会社", "ﾊﾟﾝ(ｶ")]
    [InlineData("（カ）", "(ｶ)")]
    [InlineData("イ・ロ", "ｲ.ﾛ")]
    [InlineData("ヴィ", "ｳﾞｲ")]
    public void A_name_becomes_what_banks_write(string name, string written)
    {
        ZenginKana.TryWrite(name, out var half, out _).ShouldBeTrue(name);
        half.ShouldBe(written);
        ZenginKana.IsWritten(half).ShouldBeTrue();
    }

    [Theory]
    [InlineData("ヲノ", "ヲ")]
    [InlineData("ヰド", "ヰ")]
    [InlineData("山田", "山")]
    [InlineData("パン&カフェ", "&")]
    [InlineData("パン,カフェ", ",")]
    [InlineData("パン😀", "😀")]
    [InlineData("カ\u0000", "\u0000")]
    [InlineData("", null)]
    [InlineData("   ", null)]
    public void What_has_no_such_form_is_named(string name, string? stranger)
    {
        ZenginKana.TryWrite(name, out _, out var found).ShouldBeFalse(name);
        found.ShouldBe(stranger);
    }

    [Fact]
    public void An_answer_says_of_each_line_what_became_of_it()
    {
        var answer = ZenginFile.Bytes(ZenginAnswer.Write(ZenginFile.Write(s_sender, 6, 2, s_transfers), [0, 1, 9]));

        var (results, fault) = ZenginAnswer.Read(answer);

        fault.ShouldBeNull();
        results.ShouldBe([
            new(1, "0001", "002", 1, "0012345", 12_345, 0), new(2, "9900", "418", 2, "7654321", 9_999_999_999, 1),
            new(3, "0310", "101", 4, "0000001", 1, 9),
        ]);
    }

    [Fact]
    public void An_answer_of_which_anything_is_wrong_says_nothing()
    {
        var right = ZenginFile.Bytes(ZenginAnswer.Write(ZenginFile.Write(s_sender, 6, 2, s_transfers), [0, 1, 0]));
        ZenginAnswer.Read(right).Fault.ShouldBeNull();

        ZenginAnswer.Read([]).Fault.ShouldNotBeNull();
        ZenginAnswer.Read(right.AsSpan(..^122)).Fault.ShouldNotBeNull("no end");
        ZenginAnswer.Read(right.AsSpan(..^1)).Fault.ShouldNotBeNull("truncated");
        ZenginAnswer.Read(Of(right, ..122, 244..)).Fault.ShouldNotBeNull("a line is missing");
        ZenginAnswer.Read(Of(right, ..122, 244..366, 122..244, 366..)).Fault.ShouldNotBeNull("another order");
        ZenginAnswer.Read(System.Text.Encoding.UTF8.GetBytes("ｶﾞ".PadRight(122))).Fault.ShouldNotBeNull("UTF-8");
        foreach (var (at, to) in new[]
        {
            (122 + 85, '9'), (122 + 113, '1'), (122 + 113, ' '), (0, '2'), (1, '9'), (4 * 122 + 5, '9'), (4 * 122 + 40, '5'), (120, ' '),
        })
        {
            var wrong = right.ToArray();
            wrong[at] = (byte)to;
            ZenginAnswer.Read(wrong).Fault.ShouldNotBeNull($"byte {at}");
        }
    }

    static byte[] Of(byte[] whole, params Range[] parts) => [.. parts.SelectMany(part => whole[part])];
}

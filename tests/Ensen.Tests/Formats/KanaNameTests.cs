using Ensen.Formats;

namespace Ensen.Tests.Formats;

/// <summary>Spellings of one name, and names that are not one: what links a bank account to whom a member is verified as.</summary>
public class KanaNameTests
{
    [Theory]
    [InlineData("アオイ ミサキ", "アオイ ミサキ")]
    [InlineData("ｱｵｲ ﾐｻｷ", "アオイ ミサキ")]
    [InlineData(" あおい　みさき ", "アオイ ミサキ")]
    [InlineData("ﾊｼﾓﾄ ﾀﾞｲｽｹ", "ハシモト ダイスケ")]
    [InlineData("ｵｵﾉ-ｹﾝ", "オオノーケン")]
    [InlineData("タナカ・アン", "タナカ アン")]
    [InlineData("okafor daniel", "OKAFOR DANIEL")]
    [InlineData("ハ\u3099ンノ", "バンノ")]
    [InlineData("ハ゛ンノ ハ゜ウロ", "バンノ パウロ")]
    public void A_name_is_kept_in_one_spelling(string typed, string kept)
    {
        KanaName.TryParse(typed, out var name).ShouldBeTrue();
        name.ShouldBe(kept);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("青井 美咲")]
    [InlineData("ｶ)ｱｵｲｼﾖｳﾃﾝ")]
    [InlineData("アオイ（ユ")]
    [InlineData("アオイ1")]
    [InlineData("ーアオイ")]
    [InlineData("アオイ\u202Eミサキ")]
    [InlineData("アオイ<b>")]
    public void What_is_no_name_of_a_person_in_kana_is_refused(string? typed) => KanaName.TryParse(typed, out _).ShouldBeFalse();

    [Fact]
    public void A_name_has_an_end()
    {
        KanaName.TryParse(new string('ア', KanaName.Most), out _).ShouldBeTrue();
        KanaName.TryParse(new string('ア', KanaName.Most + 1), out _).ShouldBeFalse();
    }

    [Theory]
    // width, script, spaces
    [InlineData("アオイ ミサキ", "ｱｵｲ ﾐｻｷ")]
    [InlineData("アオイ ミサキ", "あおいみさき")]
    [InlineData("アオイ・ミサキ", "アオイ ミサキ")]
    // banks write no small letters
    [InlineData("キンジョウ ユイ", "ｷﾝｼﾞﾖｳ ﾕｲ")]
    [InlineData("ハットリ シュン", "ハツトリ シユン")]
    [InlineData("ヮダ", "ワダ")]
    // long vowels
    [InlineData("オカフォー ダニエル", "オカフオオ ダニエル")]
    [InlineData("オーノ ユーコ", "オオノ ユウコ")]
    [InlineData("コージ", "コウジ")]
    [InlineData("ケーコ", "ケイコ")]
    [InlineData("ｵｰﾉ", "オ-ノ")]
    // one sound, two letters
    [InlineData("ヴァン ヴィ", "バン ビ")]
    [InlineData("ヅカ ヂン", "ズカ ジン")]
    [InlineData("ヱツコ カヲル", "エツコ カオル")]
    public void Spellings_of_one_name_are_the_same(string one, string other)
    {
        KanaName.AreSame(one, other).ShouldBeTrue();
        KanaName.AreSame(other, one).ShouldBeTrue();
    }

    [Theory]
    [InlineData("アオイ ミサキ", "アオイ ミサト")]
    [InlineData("アオイ ミサキ", "ミサキ アオイ")]
    [InlineData("オノ", "オオノ")]
    [InlineData("オノ", "オーノ")]
    [InlineData("イノウエ", "イノエ")]
    [InlineData("カトウ", "ガトウ")]
    [InlineData("ハラ", "バラ")]
    [InlineData("コージ", "コイジ")]
    [InlineData("アオイ ミサキ", "カ)アオイミサキ")]
    [InlineData("", "")]
    public void Other_names_are_not(string one, string other)
    {
        KanaName.AreSame(one, other).ShouldBeFalse();
        KanaName.AreSame(other, one).ShouldBeFalse();
    }
}

using System.Globalization;
using System.Text;
using Ensen.Ui;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Localization;

namespace Ensen.Tests.Ui;

/// <summary>Files for spreadsheets: what people wrote stays a text there, what we counted stays a number.</summary>
public class CsvTextTests
{
    [Theory]
    [InlineData("麺や 大正", "麺や 大正")]
    [InlineData("=SUM(A1)", "\"'=SUM(A1)\"")]
    [InlineData("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"")]
    [InlineData("+81 90", "\"'+81 90\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@cmd", "\"'@cmd\"")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("＝1+1", "'＝1+1")]
    [InlineData("＋81 90", "'＋81 90")]
    [InlineData("－1", "'－1")]
    [InlineData("−1", "'−1")]
    [InlineData("＠SUM(1,1)", "\"'＠SUM(1,1)\"")]
    [InlineData("\n=1", "\"'\n=1\"")]
    [InlineData("一＝1", "一＝1")]
    [InlineData("a, b", "\"a, b\"")]
    [InlineData("\"大正\"", "\"\"\"大正\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("", "")]
    public void A_text_is_quoted_where_needed_and_never_a_formula(string text, string written) =>
        Written("a", text, "z").ShouldBe($"\ufeffa,{written},z\r\n");

    [Fact]
    public void A_word_of_a_language_is_a_text_too() => Written(new LocalizedString("Kind_refund", "-返金")).ShouldBe("\ufeff\"'-返金\"\r\n");

    [Theory]
    [InlineData("ja-JP")]
    [InlineData("en-US")]
    [InlineData("sv-SE")]
    public void A_number_is_one_that_can_be_added_whatever_the_language(string language)
    {
        var here = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo(language);
        try
        {
            Written(1_234_567L, -2_000L, 0L, (long?)null, (long?)-5).ShouldBe("\ufeff1234567,-2000,0,,-5\r\n");
        }
        finally
        {
            CultureInfo.CurrentCulture = here;
        }
    }

    static string Written(params object?[] fields)
    {
        using var csv = new CsvText();
        csv.Row(fields);
        var file = csv.File("x.csv").ShouldBeOfType<FileContentHttpResult>();
        file.ContentType.ShouldBe("text/csv; charset=utf-8");
        return Encoding.UTF8.GetString(file.FileContents.Span);
    }
}

using Ensen.Tests.Support;
using Ensen.Ui;
using Microsoft.Extensions.FileProviders;

namespace Ensen.Tests.Ui;

/// <summary>Styles are written in many files and are one to a browser.</summary>
public class StyleSheetsTests
{
    static readonly string s_root = Path.Combine(Repository.WebFolder, "wwwroot");

    [Fact]
    public void The_sheet_of_the_pages_is_all_areas_in_their_order_and_asks_for_no_other_file()
    {
        using var files = new PhysicalFileProvider(s_root);
        var sheet = Text(new StyleSheets(files).GetFileInfo("/css/ensen.css"));

        sheet.ShouldNotContain("@import");
        sheet.ShouldNotContain("/*");
        string[] asWritten = [":root {", "body {", ".page {", ".card {", ".do {", ".bar {", ".sum {", ".done {", ".poster {", ".toasts {"];
        asWritten.Select(rule => sheet.IndexOf(rule, StringComparison.Ordinal)).ShouldBeInOrder();
        sheet.Count(c => c == '{').ShouldBe(Directory.EnumerateFiles(Path.Combine(s_root, "css"))
            .Sum(path => File.ReadAllText(path).Count(c => c == '{')));
    }

    [Fact]
    public void One_area_alone_and_other_files_are_as_they_were_written()
    {
        using var files = new PhysicalFileProvider(s_root);
        var sheets = new StyleSheets(files);
        foreach (var path in (string[])["/css/theme.css", "/js/pay.js", "/icon.svg"])
            Text(sheets.GetFileInfo(path)).ShouldBe(File.ReadAllText(s_root + path));
        sheets.GetFileInfo("/css/none.css").Exists.ShouldBeFalse();
    }

    [Fact]
    public void An_area_that_is_missing_is_no_page_without_its_style()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "all.css"), "@import \"gone.css\";\n");
            using var files = new PhysicalFileProvider(folder.FullName);
            Should.Throw<FileNotFoundException>(() => new StyleSheets(files).GetFileInfo("/all.css"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static string Text(IFileInfo file)
    {
        using var reader = new StreamReader(file.CreateReadStream());
        return reader.ReadToEnd();
    }
}

using System.Net;
using System.Text.RegularExpressions;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>
/// The program finds its files wherever it is started from: as <c>dotnet /srv/ensen/Ensen.Web.dll</c> in an empty folder.
/// </summary>
public partial class HomeTests
{
    [Fact]
    public async Task Started_from_an_empty_folder_its_pages_have_their_style_and_scripts()
    {
        var folder = Directory.CreateTempSubdirectory("ensen-home-").FullName;
        await using var database = await TestDatabase.CreateEmpty(Engine.Sqlite);
        await using (var app = await WebApp.StartFrom(folder, database.Address, "--environment=Production"))
        {
            var page = await app.Http.GetStringAsync("/sign-in");
            var files = Files().Matches(page).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value)).Distinct().ToList();
            files.ShouldContain(f => f.Contains(".css", StringComparison.Ordinal));
            files.ShouldContain(f => f.Contains(".js", StringComparison.Ordinal));
            foreach (var file in files)
            {
                using var answer = await app.Http.GetAsync(file);
                answer.StatusCode.ShouldBe(HttpStatusCode.OK, file);
                (await answer.Content.ReadAsByteArrayAsync()).ShouldNotBeEmpty(file);
            }
        }
        Directory.GetFileSystemEntries(folder).ShouldBeEmpty();
        Directory.Delete(folder);
    }

    [Fact]
    public async Task Where_it_is_told_to_look_it_looks()
    {
        var folder = Directory.CreateTempSubdirectory("ensen-home-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "programme.json"), """{ "name": 1 """);
        await using var database = await TestDatabase.Create(Engine.Sqlite);

        (await WebApp.Command("verify", "--database", database.Address)).ExitCode.ShouldBe(0);
        var (exitCode, _, error) = await WebApp.Command("verify", "--database", database.Address, "--contentRoot", folder);
        exitCode.ShouldBe(2);
        error.ShouldNotContain("   at ");
        Directory.Delete(folder, recursive: true);
    }

    [GeneratedRegex("(?:href|src)=\"(/[^\"]+\\.(?:css|js|svg|png|woff2)[^\"]*)\"")]
    private static partial Regex Files();
}

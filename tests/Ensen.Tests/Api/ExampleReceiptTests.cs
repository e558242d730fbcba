using System.Diagnostics;
using System.Text.RegularExpressions;
using Ensen.Ledger;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>The receipt in docs/examples: what docs/receipts.md says to type works as it is written.</summary>
public partial class ExampleReceiptTests
{
    static readonly string s_document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "receipts.md"));

    static string Example(string name) => File.ReadAllText(Path.Combine(Repository.Root, "docs", "examples", name));

    [Fact]
    public void The_file_is_the_one_of_the_document_and_its_root_too()
    {
        Example("receipt.json").ShouldBe(s_document.Split("```json\n")[1].Split("\n```")[0] + "\n");
        var root = PublishedRoot.Read(Example("2026-06-01.root")).ShouldNotBeNull();
        root.Day.ToString().ShouldBe("2026-06-01");
        s_document.ShouldContain($"`{root.Hex}`");
    }

    [Fact]
    public async Task Our_checker_proves_it_with_the_option_on_either_side()
    {
        var command = Ours().Match(s_document).Groups[1].Value.Split(' ');
        command.ShouldBe(["check-receipt", "docs/examples/receipt.json", "--root", command[^1]]);
        var (file, root) = (command[1], command[3]);
        foreach (var arguments in (string[][])[command, ["check-receipt", "--root", root, file], ["check-receipt", $"--root={root}", file]])
        {
            var (exitCode, output, error) = await WebApp.Command(arguments);
            exitCode.ShouldBe(0, output + error);
            output.ShouldContain($"PROVEN  under the root of 2026-06-01, {root}");
            output.ShouldContain("one of 5 entries");
        }
        (await WebApp.Command("check-receipt", "--root", root, file, file)).ExitCode.ShouldBe(2);
        (await WebApp.Command("check-receipt", "--root", root, file, "--since", "2026-06-01")).ExitCode.ShouldBe(2);
        (await WebApp.Command("check-receipt", "--root", new string('0', 64), file)).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task The_second_checker_proves_it_too()
    {
        var command = Theirs().Match(s_document).Groups[1].Value.Split(' ');
        Task<(int ExitCode, string Output, string Error)> Judge(params string[] arguments) =>
            WebApp.End(new ProcessStartInfo("node", arguments) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true });

        var (exitCode, output, error) = await Judge(command);
        exitCode.ShouldBe(0, output + error);
        output.Trim().ShouldBe("""{"proven":"day","wrong":null}""");
        (await Judge([command[0], "--root", command[^1], command[1]])).ExitCode.ShouldBe(0);
        (await Judge([command[0], command[1], "--root", new string('0', 64)])).ExitCode.ShouldBe(1);
        (await Judge([command[0], command[1]])).ExitCode.ShouldBe(2);
    }

    /// <summary>What the books can hold, the document and the checker that was written from it must know: else a true receipt is refused.</summary>
    [Fact]
    public void The_document_and_the_second_checker_know_every_kind_and_account_type()
    {
        var judge = File.ReadAllText(Path.Combine(Repository.Root, "tests", "judges", "check-receipt.mjs"));
        var kinds = Product.Catalogue.All<EntryKind>().OrderBy(k => k.Number).ToList();
        var types = Product.Catalogue.All<AccountType>().OrderBy(t => t.Number).ToList();

        s_document.ShouldContain($"Kinds: {string.Join(", ", kinds.Select(k => $"{k.Number} {k.Word}"))}.");
        s_document.ShouldContain($"| `kind` | text | {string.Join(", ", kinds.Select(k => $"`{k.Word}`"))} |");
        s_document.ShouldContain($"the prefix of the kind ({string.Join(", ", kinds.Select(k => $"`{k.Prefix}_`"))},");
        s_document.ShouldContain($": {string.Join(", ", types.Select(t => $"{t.Number} {t.Word}"))}.");
        foreach (var kind in kinds)
            judge.ShouldContain($"{kind.Number}: ['{kind.Word}', '{kind.Prefix}_']");
        foreach (var type in types)
            judge.ShouldContain($"{type.Number}: '{type.Word}'");
        judge.ShouldContain($"inPoints = new Set([{string.Join(", ", types.Where(t => t.Unit == Unit.Point).Select(t => t.Number))}])");
    }

    [GeneratedRegex(@"^dotnet run --project src/Ensen\.Web -- (check-receipt .*)$", RegexOptions.Multiline)]
    private static partial Regex Ours();

    [GeneratedRegex("^node (tests/judges/check-receipt.mjs .*)$", RegexOptions.Multiline)]
    private static partial Regex Theirs();
}

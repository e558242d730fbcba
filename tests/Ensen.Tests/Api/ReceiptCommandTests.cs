using System.Text.Json;
using Ensen.Basics;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>
/// Receipts and roots at the command line: <c>check-receipt</c>, <c>roots</c>, <c>verify --root</c>, and the folder of roots.
/// </summary>
public class ReceiptCommandTests
{
    [Theory, BothEngines]
    public async Task A_receipt_from_the_running_app_is_proven_by_the_root_it_published(Engine engine)
    {
        var folder = Directory.CreateTempSubdirectory("ensen-receipt-").FullName;
        var kept = Path.Combine(folder, "roots");
        await using var app = await WebApp.Start(engine, $"--ENSEN_ROOTS={kept}");
        var scene = new Scene(app);
        var (member, shop) = (await scene.Member(5_000), await scene.Store());
        var payment = (await member.Pay(shop, 1_200)).Created().Text("paymentId");
        var charge = (await member.Api.Get("/history")).Ok().Json.GetProperty("items").EnumerateArray().Last()
            .GetProperty("id").GetString();

        // Today: the seal alone.
        var early = (await member.Api.Get($"/receipts/{payment}")).Ok().Json;
        early.GetProperty("proof").GetProperty("day").ValueKind.ShouldBe(JsonValueKind.Null);

        (await scene.Nobody.Post("/sandbox/clock", new { advance = "P1D" }, Client.NoKey)).Ok();
        var (_, printed, _) = await WebApp.Command("roots", "--database", app.DatabaseAddress);
        var line = printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem().Split(' ');
        var (day, root) = (line[0], line[1]);
        Directory.GetFiles(kept).Select(Path.GetFileName).ShouldBe([$"{day}.root"]);

        foreach (var (client, id) in ((Client, string?)[])[(member.Api, payment), (shop.Till, payment), (shop.Merchant, payment), (member.Api, charge)])
        {
            var receipt = (await client.Get($"/receipts/{id}")).Ok();
            receipt.Text("entryId").ShouldBe(id);
            receipt.Json.GetProperty("proof").GetProperty("day").GetProperty("date").GetString().ShouldBe(day);
            if (client != member.Api)
                receipt.Body.ShouldNotContain(member.Id[4..]);
            var file = Path.Combine(folder, "receipt.json");
            await File.WriteAllTextAsync(file, receipt.Body);
            var good = await WebApp.Command("check-receipt", file, "--root", new string('0', 64), "--root", root);
            good.ExitCode.ShouldBe(0, good.Output + good.Error);
            good.Output.ShouldContain($"PROVEN  under the root of {day}, {root}");

            await File.WriteAllTextAsync(file, receipt.Body.Replace("1200", "1201", StringComparison.Ordinal)
                .Replace("5000", "5001", StringComparison.Ordinal));
            var bad = await WebApp.Command("check-receipt", file, "--root", root);
            bad.ExitCode.ShouldBe(1, bad.Output + bad.Error);
            bad.Error.ShouldContain("NOT PROVEN");
            bad.Output.ShouldBeEmpty();
        }

        await app.Kill();
        (await Verify(app, $"{day}={root}")).ExitCode.ShouldBe(0);
        var other = await Verify(app, $"{day}={root[..^1]}{(root[^1] == '0' ? '1' : '0')}");
        other.ExitCode.ShouldBe(1);
        other.Output.ShouldContain($"the root of {day} is {root} in this database");
        var missing = await Verify(app, $"{day}={root}", $"2019-01-01={root}");
        missing.ExitCode.ShouldBe(1);
        missing.Output.ShouldContain("the root of 2019-01-01 was published, but this database has none");
        (await Verify(app, $"{day}=abc")).ExitCode.ShouldBe(2);

        // Another database where this folder says what should be: it is not served.
        await using var empty = await TestDatabase.CreateEmpty(engine);
        var (exitCode, _, error) = await WebApp.Command("--urls", "http://127.0.0.1:0", "--Ensen:DemoTown=false", "--database",
            empty.Address, $"--ENSEN_ROOTS={kept}");
        exitCode.ShouldBe(2);
        error.ShouldContain($"the root of {day} was published, but this database has none");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task What_cannot_be_checked_is_said_in_a_line()
    {
        var file = Path.GetTempFileName();
        var root = new string('a', 64);
        foreach (var (exitCode, words, arguments) in ((int, string, string[])[])[
            (2, "Option '--root' is required", []), (2, "Option '--root' is required", [file]),
            (2, "Required argument 'FILE' missing", ["--root", root]),
            (2, "'xyz' is no root", [file, "--root", "xyz"]), (1, "cannot be read", [file + ".gone", "--root", root]),
            (1, "cannot be read", [Path.GetTempPath(), "--root", root]),
            (1, "not a receipt with proof", [file, $"--root=2026-11-21={root}"])])
        {
            var said = await WebApp.Command(["check-receipt", .. arguments]);
            said.ExitCode.ShouldBe(exitCode, said.Output + said.Error);
            said.Error.ShouldContain(words);
            said.Error.ShouldNotContain("   at ");
        }
        File.Delete(file);
    }

    static Task<(int ExitCode, string Output, string Error)> Verify(WebApp app, params string[] roots) =>
        WebApp.Command(["verify", "--database", app.DatabaseAddress, .. roots.SelectMany(r => (string[])["--root", r])]);
}

using System.Text.RegularExpressions;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web;

/// <summary>What the pages say of roots and seals to people who are not sure what they are.</summary>
public sealed partial class RootPagesTests : PageTests
{
    [Fact]
    public async Task A_receipt_of_today_gives_the_seals_hash_that_its_file_is_proven_by_and_of_yesterday_the_root_alone()
    {
        var paid = await Pay(1_200);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, await Get(Member.Api, $"/history/{paid}/receipt"));
        (string Page, Client As)[] pages = [($"/history/{paid}", Member.Api), ($"/till/refund?payment={paid}", Shop.Till), ($"/till/movement/{paid}", Shop.Till), ($"/shop/movement/{paid}", Shop.Merchant)];

        foreach (var (page, client) in pages)
        {
            var text = await Get(client, page);
            var seal = SealShown().Match(text).Groups[1].Value;
            seal.Length.ShouldBe(64, page);
            text.ShouldContain($"data-copy=\"{seal}\"", customMessage: page);
            (await WebApp.Command("check-receipt", file, "--root", seal)).ExitCode.ShouldBe(0, page);
        }

        await Tomorrow();
        foreach (var (page, client) in pages)
        {
            var text = await Get(client, page);
            text.ShouldNotContain("data-seal", customMessage: page);
            text.ShouldContain($"/roots?day={First}", customMessage: page);
        }
        File.Delete(file);
    }

    [GeneratedRegex("data-seal=\"([0-9a-f]{64})\"")]
    private static partial Regex SealShown();
}

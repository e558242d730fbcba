using System.Text;
using Ensen.Basics;
using Ensen.Businesses;
using Ensen.Storage;
using Ensen.Tests.Businesses;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A file of transfers was known again by its letters: one blank more, and the same list was paid once more without a word; and a company
/// that pays the same rent each month was refused in the second one for ever. Two rows that say the same were not told, and bytes that
/// PostgreSQL does not take were an error of ours.
/// </summary>
public class TransferFilesToldTheSameRowsAsOthers
{
    [Theory, BothEngines]
    public async Task The_same_rows_are_known_however_they_are_written_and_in_whatever_order(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker, florist) = await Three(town);
        var (b, f) = (baker.Account.Number, florist.Account.Number);
        var made = (await Make(town, printer, await Bring(town, printer, $"to,amount,text\n{b},100,rent\n{f},200,花\ntotal,300,2"))).Value!;

        foreach (var rows in (string[])[
            $"to,amount,text\n{b}, 100, rent \n{f},200,花\ntotal, 300,2",
            $"to,amount,text\n{f},0200,花\n{b},100,rent\ntotal,300,2\n\n",
            $"\"to\",\"amount\",\"text\"\r\n\"{b[..3]}-{b[3..6]}-{b[6..]}\",\"100\",\"rent\"\r\n{florist.Id},200,花\r\n\"total\",\"300\",\"2\"\r\n"])
        {
            var again = await Bring(town, printer, rows);
            (again.IsFine, again.MadeBefore).ShouldBe((true, made.TransferId), rows);
            (await Make(town, printer, again)).Refusal.ShouldBe(MakeBusinessTransferRefusal.CodeUsed);
        }
        (await Bring(town, printer, $"to,amount,text\n{b},100,rent\n{f},201,花\ntotal,301,2")).MadeBefore.ShouldBeNull();
        (await town.Holds(printer)).ShouldBe(499_700);
    }

    [Theory, BothEngines]
    public async Task The_same_list_is_paid_each_month_by_who_means_it_and_of_many_at_once_one_more(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker, _) = await Three(town);
        var rent = $"to,amount,text\n{baker.Account.Number},10000,rent\ntotal,10000,1";
        var first = (await Make(town, printer, await Bring(town, printer, rent))).Value!;

        town.Clock.Move(TimeSpan.FromDays(31));
        var file = await Bring(town, printer, rent);
        file.MadeBefore.ShouldBe(first.TransferId);
        (await Make(town, printer, file)).Refusal.ShouldBe(MakeBusinessTransferRefusal.CodeUsed);
        (await Make(town, printer, file, new BusinessTransferId(Guid.CreateVersion7()))).Refusal.ShouldBe(MakeBusinessTransferRefusal.CodeUsed);
        var files = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Bring(town, printer, rent)));
        var answers = await Task.WhenAll(files.Select(f => Make(town, printer, f, first.TransferId)));
        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == MakeBusinessTransferRefusal.CodeUsed);
        (await town.Holds(printer)).ShouldBe(480_000);
        (await Bring(town, printer, rent)).MadeBefore.ShouldBe(answers.Single(a => a.Accepted).Value!.TransferId);
    }

    [Theory, BothEngines]
    public async Task Two_rows_that_say_the_same_are_told_and_paid_when_they_are_meant(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker, florist) = await Three(town);
        var b = baker.Account.Number;

        var file = await Bring(town, printer,
            $"to,amount,text\n{b},100,箱\n{b},100,粉\n{baker.Id},100,\"箱\"\n{florist.Id},100,箱\n{b},100,箱\ntotal,500,5");

        file.IsFine.ShouldBeTrue();
        file.Rows.Select(r => r.SameAs).ShouldBe([null, null, 2, null, 2]);
        (await Make(town, printer, file)).Accepted.ShouldBeTrue();
        (await town.Holds(baker)).ShouldBe(400);
    }

    [Theory, BothEngines]
    public async Task What_is_no_text_is_told_and_kept_nowhere(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker, _) = await Three(town);
        var good = $"to,amount,text\n{baker.Account.Number},100,a\ntotal,100,1\n";
        foreach (var bytes in (byte[][])[Encoding.Unicode.GetBytes(good), [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(good)],
            Encoding.BigEndianUnicode.GetBytes(good), Encoding.UTF8.GetBytes(good.Replace(",a\n", ",a\0b\n", StringComparison.Ordinal))])
        {
            var told = (await town.Get<TransferFiles>().Bring(printer.Ono, printer.Id, "a.csv", bytes, Ct))!;
            (told.Fault, told.IsFine).ShouldBe((TransferFileFault.NotUtf8, false));
        }
        (await town.Count("select count(*) from transfer_file")).ShouldBe(0);
        (await Bring(town, printer, good.Replace(",a\n", ",a\u0007b\n", StringComparison.Ordinal))).Rows[0].Fault.ShouldBe(TransferFileFault.InvalidText);
        var named = (await town.Get<TransferFiles>().Bring(
            printer.Ono, printer.Id, new string('a', 99) + "😀.csv\0", Encoding.UTF8.GetBytes(good), Ct))!;
        (await town.Get<TransferFiles>().Find(printer.Id, named.File.Id, Ct))!.File.Name.ShouldBe(new string('a', 99));
    }

    static async Task<(Company Printer, Company Baker, Company Florist)> Three(Town town)
    {
        var (printer, baker, florist) = (await town.Company("天満印刷", 500_000), await town.Company("パン工房"), await town.Company("花のみどり"));
        await town.Trust(printer, baker);
        await town.Trust(printer, florist);
        return (printer, baker, florist);
    }

    static async Task<TransferFilePreview> Bring(Town town, Company company, string text) =>
        (await town.Get<TransferFiles>().Bring(company.Ono, company.Id, "april.csv", Encoding.UTF8.GetBytes(text), Ct))!;

    static Task<Answer<BusinessTransferMade, MakeBusinessTransferRefusal>> Make(
        Town town, Company company, TransferFilePreview file, BusinessTransferId? again = null) =>
        town.Get<MakeBusinessTransfer>().Run(new MakeBusinessTransferRequest(company.Ono, company.Account, file.Lines,
            [Town.Key(company.Ono.Account!.Value, null, "file", file.File.Id)], File: file, Again: again), Ct);

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}

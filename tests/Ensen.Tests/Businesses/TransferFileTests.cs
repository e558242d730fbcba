using System.Text;
using Ensen.Basics;
using Ensen.Businesses;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Businesses;

/// <summary>Files of transfers: every row is looked at before anything moves, and then all of it moves or nothing.</summary>
public class TransferFileTests
{
    [Theory, BothEngines]
    public async Task A_file_is_paid_whole_and_the_same_rows_once_under_whatever_name(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker, florist) = (await town.Company("天満印刷", 500_000), await town.Company("パン工房"), await town.Company("花のみどり"));
        await town.Trust(printer, baker);
        await town.Trust(printer, florist);
        var text = $"to,amount,text\n{baker.Account.Number},1200,\"粉, 4月\"\n{florist.Id},800,花\n{baker.Account.Number},50,箱\ntotal,2050,3\n";

        var preview = (await Bring(town, printer, text, "april.csv"))!;
        preview.IsFine.ShouldBeTrue(string.Join(' ', preview.Rows.Select(r => r.Fault)));
        preview.Rows.Select(r => (r.Payee!.Name, r.Amount!.Value.Value, r.Text)).ShouldBe(
            [("パン工房", 1_200, "粉, 4月"), ("花のみどり", 800, "花"), ("パン工房", 50, "箱")]);
        (await town.Holds(printer)).ShouldBe(500_000, "nothing moves when it is looked at");

        var twin = (await Bring(town, printer, "\uFEFF" + text.ReplaceLineEndings("\r\n"), "again.csv"))!;
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Make(town, printer, i % 2 == 0 ? preview : twin)));
        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == MakeBusinessTransferRefusal.CodeUsed);
        (await town.Holds(printer), await town.Holds(baker), await town.Holds(florist)).ShouldBe((497_950, 1_250, 800));
        (await Bring(town, printer, text, "third.csv"))!.MadeBefore.ShouldBe(answers.Single(a => a.Accepted).Value!.TransferId);
        (await Make(town, printer, twin)).Refusal.ShouldBe(MakeBusinessTransferRefusal.CodeUsed);
    }

    [Theory, BothEngines]
    public async Task A_file_above_what_one_person_may_pay_waits_and_moves_at_the_approval(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker) = (await town.Company("天満印刷", 300_000), await town.Company("パン工房"));
        await town.Trust(printer, baker);
        var number = baker.Account.Number;
        var preview = (await Bring(town, printer, $"to,amount,text\n{number},90000,a\n{number},90001,b\ntotal,180001,2"))!;

        var made = (await Make(town, printer, preview)).Value!;
        made.State.ShouldBe(BusinessTransferState.Waiting);
        (await town.Get<BusinessTransfers>().Lines(made.TransferId, Ct)).Count.ShouldBe(2);
        (await town.Approve(printer, made.TransferId)).Accepted.ShouldBeTrue();
        (await town.Holds(printer), await town.Holds(baker)).ShouldBe((119_999, 180_001));
    }

    [Theory, BothEngines]
    public async Task What_is_wrong_with_a_file_is_told_row_by_row(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker, florist) = (await town.Company("天満印刷", 500_000), await town.Company("パン工房"), await town.Company("花のみどり"));
        await town.Trust(printer, baker);
        (await town.Get<AddPayee>().Run(new AddPayeeRequest(printer.Ono, printer.Account, florist.Account.Number), Ct)).Accepted.ShouldBeTrue();
        var (known, unconfirmed) = (baker.Account.Number, florist.Account.Number);

        var rows = (await Bring(town, printer,
            $"to,amount,text\n{known},1000001,a\n123456789,5,a\n{unconfirmed},5,a\n{known},5\n{known},０,a\n{known},5,{new string('x', 61)}\ntotal,1,1"))!;
        rows.Rows.Select(r => (r.Row, r.Fault)).ShouldBe(
        [
            (2, TransferFileFault.OverLimit), (3, TransferFileFault.UnknownPayee), (4, TransferFileFault.UnconfirmedPayee),
            (5, TransferFileFault.WrongFields), (6, TransferFileFault.InvalidAmount), (7, TransferFileFault.InvalidText),
        ]);
        rows.Fault.ShouldBe(TransferFileFault.WrongTotal);
        foreach (var (content, fault) in ((string, TransferFileFault)[])[
            ($"to,amount,text\n{known},5,a\ntotal,6,1", TransferFileFault.WrongTotal),
            ($"to,amount,text\n{known},5,a\ntotal,5,2", TransferFileFault.WrongTotal),
            ($"to,amount,text\n{known},5,a", TransferFileFault.Truncated),
            ("to;amount;text\n", TransferFileFault.WrongHeader),
            ("to,amount,text\ntotal,0,0", TransferFileFault.Empty),
            ("", TransferFileFault.Empty),
            ("to,amount,text\n" + string.Concat(Enumerable.Repeat($"{known},1,a\n", 1_001)) + "total,1001,1001", TransferFileFault.TooManyLines)])
            (await Bring(town, printer, content))!.Fault.ShouldBe(fault, content[..Math.Min(60, content.Length)]);
        byte[] shiftJis = [.. Encoding.ASCII.GetBytes($"to,amount,text\n{known},5,"), 0x88, 0xF3, .. "\ntotal,5,1"u8];
        (await town.Get<TransferFiles>().Bring(printer.Ono, printer.Id, "a.csv", shiftJis, Ct))!.Fault.ShouldBe(TransferFileFault.NotUtf8);
        (await town.Holds(printer)).ShouldBe(500_000);
    }

    static Task<TransferFilePreview?> Bring(Town town, Company company, string text, string name = "a.csv") =>
        town.Get<TransferFiles>().Bring(company.Ono, company.Id, name, Encoding.UTF8.GetBytes(text), Ct);

    static Task<Answer<BusinessTransferMade, MakeBusinessTransferRefusal>> Make(
        Town town, Company company, TransferFilePreview preview, BusinessTransferId? again = null) =>
        town.Get<MakeBusinessTransfer>().Run(new MakeBusinessTransferRequest(company.Ono, company.Account, preview.Lines,
            [Town.Key(company.Ono.Account!.Value, null, "file", preview.File.Id, again?.ToString())], File: preview, Again: again), Ct);

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}

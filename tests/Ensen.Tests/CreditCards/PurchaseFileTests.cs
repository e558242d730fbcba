using System.Text;
using Dapper;
using Ensen.Basics;
using Ensen.CreditCards;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.CreditCards;

/// <summary>A file of purchases is taken whole or not at all, once under whatever name; of two that name an item the later edition is right.</summary>
public class PurchaseFileTests
{
    static readonly JapanDay s_today = JapanDay.Parse("2026-07-01");
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    const string Good = "card,item,at,amount,kind\nc_1,A-1,2026-06-03T12:00:00+09:00,1200,purchase\nc_1,A-2,2026-06-04T12:00:00Z,-200,purchase\ntotal,2026-06,1,1000,2\n";

    [Theory]
    [InlineData("\n", "\r\n")]
    [InlineData("card,item", "\uFEFFcard,item")]
    [InlineData("1000,2\n", "1000,2")]
    [InlineData("1000,2\n", "1000,2\r\n\r\n")]
    public void It_is_read_however_lines_end(string what, string by)
    {
        var text = PurchaseFileText.Read(Encoding.UTF8.GetBytes(Good.Replace(what, by, StringComparison.Ordinal)), s_today);
        text.Refused.ShouldBeEmpty();
        (text.Month, text.Edition, text.Sum, text.Lines.Count).ShouldBe((202606, 1, 1000, 2));
    }

    [Theory]
    [InlineData("", "", "1 Empty")]
    [InlineData("card,item,at", "card,at,item", "1 WrongHeader")]
    [InlineData(",purchase\nc_1,A-2", "\nc_1,A-2", "2 WrongFields")]
    [InlineData("c_1,A-1", "4111111111111111,A-1", "2 InvalidCard")]
    [InlineData("c_1,A-1", "4111-1111-1111-1111,A-1", "2 InvalidCard")]
    [InlineData("c_1,A-1", ",A-1", "2 InvalidCard")]
    [InlineData("c_1,A-1", "c_1,Ａ", "2 InvalidItem")]
    [InlineData("2026-06-03T12:00:00+09:00", "2026-06-03T12:00:00", "2 InvalidTime")]
    [InlineData("2026-06-03T12:00:00+09:00", "2026-06-31T12:00:00+09:00", "2 InvalidTime")]
    [InlineData("2026-06-03T12:00:00+09:00", "2026-07-01T00:00:00+09:00", "2 InvalidTime")]
    [InlineData("2026-06-03T12:00:00+09:00", "2025-04-30T23:59:59+09:00", "2 InvalidTime")]
    [InlineData("1200,purchase", "1200.0,purchase", "2 InvalidAmount")]
    [InlineData("1200,purchase", "+1200,purchase", "2 InvalidAmount")]
    [InlineData("1200,purchase", "9999999999,purchase", "2 InvalidAmount")]
    [InlineData("1200,purchase", "1200,Purchase", "2 InvalidKind")]
    [InlineData("A-2", "A-1", "3 DuplicateItem")]
    [InlineData("1000,2", "1001,2", "4 WrongTotal")]
    [InlineData("1000,2", "1000,3", "4 WrongTotal")]
    [InlineData("2026-06,1,1000", "2026-6,1,1000", "4 WrongTotal")]
    [InlineData("2026-06,1,1000", "2026-06,0,1000", "4 WrongTotal")]
    [InlineData("2026-06,1,1000", "2026-08,1,1000", "4 InFuture")]
    [InlineData("total,2026-06,1,1000,2\n", "", "3 Truncated")]
    public void What_is_wrong_is_told_with_its_line(string what, string by, string told)
    {
        var text = what.Length == 0 ? by : Good.Replace(what, by, StringComparison.Ordinal);
        PurchaseFileText.Read(Encoding.UTF8.GetBytes(text), s_today).Refused.Select(r => $"{r.Line} {r.Fault}").ShouldBe([told]);
    }

    [Fact]
    public void Another_encoding_is_told_with_the_line_where_it_begins()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes("card,item,at,amount,kind\nc_1,"), 0x83, 0x5A, .. Encoding.UTF8.GetBytes(",x\ntotal,2026-06,1,0,0")];
        PurchaseFileText.Read(bytes, s_today).Refused.ShouldBe([new PurchaseRefusal(2, PurchaseFault.NotUtf8)]);
    }

    [Theory, BothEngines]
    public async Task The_same_bytes_are_the_same_file_under_whatever_name(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var (aoi, _, card) = await desk.Holder();
        var text = CardDesk.Text("2026-06", 1, CardDesk.Line(card, "A-1 2026-06-03 12800"));
        var first = await desk.Take(text);
        (first.Accepted, first.Fresh).ShouldBe((1, 1));
        (await desk.Take(text, "again.csv")).Id.ShouldBe(first.Id);
        var other = await desk.Take(text.Replace("\n", "\r\n", StringComparison.Ordinal));
        (other.Accepted, other.Fresh, other.Corrected).ShouldBe((1, 0, 0), "the items are known");
        (await desk.Month(aoi, 202606)).Points.Value.ShouldBe(64);
        (await desk.Count("select count(*) from purchase_file where state = 2")).ShouldBe(2);
    }

    [Theory, BothEngines]
    public async Task With_one_wrong_line_nothing_of_it_counts(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var (aoi, _, card) = await desk.Holder();
        var file = await desk.Take(CardDesk.Text("2026-06", 1, CardDesk.Line(card, "A-1 2026-06-03 12800"), CardDesk.Line(card, "A-2 2026-06-03 1 gift")));
        file.Refused.ShouldBe([new PurchaseRefusal(3, PurchaseFault.InvalidKind)]);
        file.Accepted.ShouldBe(0);
        (await desk.Month(aoi, 202606)).Purchases.ShouldBeEmpty();
        (await desk.Count("select count(*) from card_purchase")).ShouldBe(0);
        (await desk.Get<PurchaseFiles>().Latest(Ct)).ShouldHaveSingleItem().State.ShouldBe(PurchaseFileState.Refused);
    }

    [Theory, BothEngines]
    public async Task Of_two_editions_the_higher_one_is_right_in_whatever_order_they_come(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var (aoi, _, card) = await desk.Holder();
        (await desk.Take(card, "2026-06", 2, "A-1 2026-06-03 5000", "A-2 2026-06-04 0")).Fresh.ShouldBe(2);
        var late = await desk.Take(card, "2026-06", 1, "A-1 2026-06-03 8000", "A-2 2026-06-04 3000", "A-3 2026-06-05 1000");
        (late.Accepted, late.Fresh, late.Corrected).ShouldBe((3, 1, 0));
        (await desk.Month(aoi, 202606)).Purchases.Select(p => p.Judged.Purchase.Amount).ShouldBe([1000, 0, 5000]);
        (await desk.Take(card, "2026-06", 3, "A-3 2026-06-05 2000")).Corrected.ShouldBe(1);
        (await desk.Month(aoi, 202606)).Points.Value.ShouldBe(35);
    }

    [Theory, BothEngines]
    public async Task Of_one_edition_two_files_cannot_say_different_things(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var (aoi, _, card) = await desk.Holder();
        await desk.Take(card, "2026-06", 1, "A-1 2026-06-03 5000");
        var other = await desk.Take(card, "2026-06", 1, "A-0 2026-06-03 100", "A-1 2026-06-03 6000");
        other.Refused.ShouldBe([new PurchaseRefusal(3, PurchaseFault.OtherItem)]);
        (await desk.Month(aoi, 202606)).Points.Value.ShouldBe(25);
        (await desk.Get<TakePurchaseFile>().Clear(Ct)).ShouldBe(1, "what it had written is taken away");
        (await desk.Count("select count(*) from card_purchase")).ShouldBe(1);
        (await desk.Get<TakePurchaseFile>().Clear(Ct)).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task What_a_node_wrote_that_died_is_not_seen_and_taken_away(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var (aoi, _, card) = await desk.Holder();
        var text = CardDesk.Text("2026-06", 1, CardDesk.Line(card, "A-1 2026-06-03 12800"));
        await desk.Take(text);
        // As if it had died before the commit in which the file is accepted.
        await desk.Db.Transact(tx => tx.Connection!.ExecuteAsync("update purchase_file set state = 1", transaction: tx), Ct);
        (await desk.Month(aoi, 202606)).Purchases.ShouldBeEmpty();
        (await desk.Take(text)).Fresh.ShouldBe(1);
        (await desk.Month(aoi, 202606)).Points.Value.ShouldBe(64);
        (await desk.Get<TakePurchaseFile>().Clear(Ct)).ShouldBe(0, "it may still be at it");
        desk.Clock.Move(TimeSpan.FromHours(7));
        (await desk.Get<TakePurchaseFile>().Clear(Ct)).ShouldBe(1);
        (await desk.Month(aoi, 202606)).Points.Value.ShouldBe(64);
        (await desk.Count("select count(*) from card_purchase")).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task Thirty_deliveries_of_one_file_and_ten_of_others_at_once_count_each_item_once(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var (aoi, _, card) = await desk.Holder();
        var one = CardDesk.Text("2026-06", 1, Enumerable.Range(0, 50).Select(i => CardDesk.Line(card, $"A-{i} 2026-06-03 1000")));
        var files = Enumerable.Repeat(one, 30).Concat(Enumerable.Range(0, 10).Select(n =>
            CardDesk.Text("2026-06", 1, Enumerable.Range(40, 20).Select(i => CardDesk.Line(card, $"A-{i} 2026-06-03 1000")).Append(CardDesk.Line(card, $"B-{n} 2026-06-04 1000")))));
        var taken = await Task.WhenAll(files.Select(f => Task.Run(() => desk.Take(f), Ct)));
        taken.ShouldAllBe(t => t.Refused.Count == 0);
        taken.Take(30).Select(t => t.Id).Distinct().ShouldHaveSingleItem();
        taken.DistinctBy(t => t.Id).Sum(t => t.Fresh).ShouldBe(70);
        (await desk.Month(aoi, 202606)).Purchases.Count.ShouldBe(70);
        await desk.Get<TakePurchaseFile>().Clear(Ct);
        (await desk.Month(aoi, 202606)).Purchases.Count.ShouldBe(70);
    }
}

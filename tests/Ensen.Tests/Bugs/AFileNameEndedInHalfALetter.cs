using System.Text;
using Ensen.Basics;
using Ensen.CreditCards;
using Ensen.Storage;
using Ensen.Tests.CreditCards;
using Ensen.Tests.Support;
using Ensen.Tests.Transit;
using Ensen.Transit;

namespace Ensen.Tests.Bugs;

/// <summary>A long file name was cut in the middle of a letter, and PostgreSQL refused the whole file for it.</summary>
public class AFileNameEndedInHalfALetter
{
    static readonly string s_long = new string('a', 99) + "😀.csv";
    static readonly string s_control = "a\0b\nc.csv";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task Files_are_taken_whatever_they_are_called(Engine engine)
    {
        await using var desk = await CardDesk.Open(engine);
        var (_, _, card) = await desk.Holder();
        foreach (var (name, day) in new[] { (s_long, 1), (s_control, 2) })
            (await desk.Take(CardDesk.Text("2026-06", 1, CardDesk.Line(card, $"A-{day} 2026-06-0{day} 1000")), name)).Accepted.ShouldBe(1);
        (await desk.Get<PurchaseFiles>().Latest(Ct)).Select(f => f.Name).Order().ShouldBe(["a?b?c.csv", new string('a', 99)]);

        await using var station = await Station.Open(engine);
        foreach (var name in (string[])[s_long, s_control])
            await station.Get<ReadRides>().File(name, new StringReader(""), Ct);
        (await station.Get<RideFeeds>().Latest(Ct)).Select(f => f.Name).Order().ShouldBe(["a?b?c.csv", new string('a', 99)]);
    }

    [Theory]
    [InlineData("june.csv", "june.csv")]
    [InlineData("六月の明細.csv", "六月の明細")]
    [InlineData("abcd😀", "abcd")]
    [InlineData("abc😀d", "abc😀")]
    public void Its_beginning_is_kept_in_whole_letters(string name, string kept) =>
        FileName.Kept(name, name == "june.csv" ? 8 : 5).ShouldBe(kept);

    [Fact]
    public void Half_a_letter_is_shown_as_none() => FileName.Kept("a\ud83d", 9).ShouldBe("a" + Rune.ReplacementChar);
}

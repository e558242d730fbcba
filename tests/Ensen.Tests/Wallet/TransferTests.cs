using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Wallet;

/// <summary>Money from member to member.</summary>
public class TransferTests
{
    [Theory, BothEngines]
    public async Task Money_is_sent_and_prepaid_value_stays(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen()).WithPrepaid(5_000.Yen()).With(500.Points());
        var ren = await town.Member("Ren").WithPrepaid(200.Yen());

        (await town.Send(aoi, ren, 1_001.Yen())).Refusal.ShouldBe(TransferRefusal.InsufficientBalance);
        var sent = await town.Send(aoi, ren, 400.Yen(), note: "ありがとう 🙏");

        sent.Value.ShouldBe(new Transferred(sent.Value!.TransferId, 400.Yen(), 5_600.Yen(), town.Clock.GetUtcNow()));
        (await town.Holds(aoi)).ShouldBe("money 600, prepaid 5000, points 500");
        (await town.Holds(ren)).ShouldBe("money 400, prepaid 200, points 0");
    }

    [Theory, BothEngines]
    public async Task What_cannot_be_sent_is_refused(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren) = (await town.Member("Aoi").With(500_000.Yen()), await town.Member("Ren"));
        var unverified = await town.Member("Suzu").With(1_000.Yen()).Unverified();
        var rich = await town.Member("Rich").With(900_000.Yen()).WithPrepaid(60_000.Yen());

        foreach (var amount in (long[])[0, -1, long.MinValue, long.MaxValue, 1_000_000_000])
            (await town.Send(aoi, ren, amount.Yen())).Refusal.ShouldBe(TransferRefusal.InvalidAmount);
        (await town.Send(aoi, aoi, 1.Yen())).Refusal.ShouldBe(TransferRefusal.InvalidRequest);
        (await town.Send(aoi, ren, 1.Yen(), note: new string('あ', 101))).Refusal.ShouldBe(TransferRefusal.InvalidRequest);
        (await town.Send(aoi, ren, 1.Yen(), note: "4111-1111-1111-1111")).Refusal.ShouldBe(TransferRefusal.InvalidRequest);
        (await town.Send(unverified, ren, 1.Yen())).Refusal.ShouldBe(TransferRefusal.NotVerified);
        (await town.Send(aoi, unverified, 1.Yen())).Refusal.ShouldBe(TransferRefusal.NotVerified);
        (await town.Send(aoi, ren, 100_001.Yen())).Refusal.ShouldBe(TransferRefusal.OverLimit);
        (await town.Send(aoi, rich, 40_001.Yen())).Refusal.ShouldBe(TransferRefusal.OverLimit);
        (await town.Send(aoi, rich, 40_000.Yen())).Accepted.ShouldBeTrue();

        (await town.Entries(EntryKind.Transfer)).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task At_most_100_000_a_day_and_500_000_a_month_are_sent(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren) = (await town.Member("Aoi").With(900_000.Yen()), await town.Member("Ren"));

        for (var day = 1; day <= 5; day++)
        {
            (await town.Send(aoi, ren, 60_000.Yen())).Accepted.ShouldBeTrue();
            (await town.Send(aoi, ren, 40_001.Yen())).Refusal.ShouldBe(TransferRefusal.OverLimit);
            (await town.Send(aoi, ren, 40_000.Yen())).Accepted.ShouldBeTrue();
            town.Clock.Move(TimeSpan.FromDays(1));
        }
        (await town.Send(aoi, ren, 1.Yen())).Refusal.ShouldBe(TransferRefusal.OverLimit);
        town.Clock.Set("2026-07-01");
        (await town.Send(aoi, ren, 1.Yen())).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task The_same_key_sends_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren) = (await town.Member("Aoi").With(1_000.Yen()), await town.Member("Ren"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => town.Send(aoi, ren, 700.Yen(), key: "k"))));

        answers.Select(a => a.Value).Distinct().Count().ShouldBe(1);
        answers.Count(a => !a.Replayed).ShouldBe(1);
        (await town.Send(aoi, ren, 700.Yen(), key: "k", note: "more")).Refusal.ShouldBe(TransferRefusal.KeyReused);
        (await town.Holds(ren)).ShouldBe("money 700, prepaid 0, points 0");
    }
}

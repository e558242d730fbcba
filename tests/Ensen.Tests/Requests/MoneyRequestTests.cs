using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Requests;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Requests;

/// <summary>Asking for money, splitting a bill, and paying what was asked.</summary>
public class MoneyRequestTests
{
    [Theory, BothEngines]
    public async Task What_is_asked_is_paid_once_by_a_transfer(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren) = (await town.Member("Aoi"), await town.Member("Ren").With(1_000.Yen()));
        var asked = (await town.Ask(aoi, ren, 400.Yen(), note: "お昼")).Value!.Requests.Single();

        (await town.Holds(ren)).ShouldBe("money 1000, prepaid 0, points 0");
        var paid = (await town.PayAsked(ren, asked)).Value!;
        paid.Balance.ShouldBe(600.Yen());
        (await town.Holds(aoi)).ShouldBe("money 400, prepaid 0, points 0");
        (await town.PayAsked(ren, asked)).Refusal.ShouldBe(PayMoneyRequestRefusal.CodeUsed);
        (await town.Close(aoi, asked, MoneyRequestState.Withdrawn)).Refusal.ShouldBe(CloseMoneyRequestRefusal.CodeUsed);
        (await town.Get<RemindOfMoneyRequest>().Run(aoi.Id, asked.Id)).Refusal.ShouldBe(RemindOfMoneyRequestRefusal.CodeUsed);
        (await town.History(aoi)).Single().Note.ShouldBe("お昼");
        (await town.State(asked)).ShouldBe(MoneyRequestState.Paid);
    }

    [Theory, BothEngines]
    public async Task A_split_is_asked_whole_and_its_shares_are_paid_one_by_one(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi");
        var (ren, sora) = (await town.Member("Ren").With(5_000.Yen()), await town.Member("Sora").With(5_000.Yen()));
        Share[] shares = [new(ren.Id, 1_234.Yen()), new(sora.Id, 766.Yen())];

        (await town.Split(aoi, 3_001.Yen(), 1_000.Yen(), shares)).Refusal.ShouldBe(AskForMoneyRefusal.SplitMismatch);
        (await town.Count("select count(*) from money_request")).ShouldBe(0);
        var split = (await town.Split(aoi, 3_000.Yen(), 1_000.Yen(), shares)).Value!;
        (await town.PayAsked(ren, split.Requests[0])).Accepted.ShouldBeTrue();
        (await town.PayAsked(ren, split.Requests[1])).Refusal.ShouldBe(PayMoneyRequestRefusal.NotFound);
        (await town.Close(sora, split.Requests[1], MoneyRequestState.Declined)).Accepted.ShouldBeTrue();

        var (bill, all) = (await town.Get<MoneyRequests>().FindSplit(aoi.Id, split.Split!.Value))!.Value;
        (bill.Total, bill.Own).ShouldBe((3_000.Yen(), 1_000.Yen()));
        all.Select(s => s.State).ShouldBe([MoneyRequestState.Paid, MoneyRequestState.Declined], ignoreOrder: true);
        (await town.Get<MoneyRequests>().FindSplit(ren.Id, split.Split.Value)).ShouldBeNull();
        (await town.Holds(aoi)).ShouldBe("money 1234, prepaid 0, points 0");
    }

    [Theory, BothEngines]
    public async Task What_cannot_be_asked_is_refused(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren) = (await town.Member("Aoi"), await town.Member("Ren"));
        var (unverified, gone) = (await town.Member("Suzu").Unverified(), new Share(Id.New<Ensen.Members.MemberId>(town.Clock), 1.Yen()));

        (await town.Ask(unverified, ren, 1.Yen())).Refusal.ShouldBe(AskForMoneyRefusal.NotVerified);
        (await town.Ask(aoi, unverified, 1.Yen())).Refusal.ShouldBe(AskForMoneyRefusal.NotFound);
        (await town.Split(aoi, 2.Yen(), 0.Yen(), new Share(ren.Id, 1.Yen()), gone)).Refusal.ShouldBe(AskForMoneyRefusal.NotFound);
        (await town.Ask(aoi, ren, 1.Yen(), key: "k")).Accepted.ShouldBeTrue();
        (await town.Ask(aoi, ren, 1.Yen(), key: "k")).Replayed.ShouldBeTrue();
        (await town.Ask(aoi, ren, 2.Yen(), key: "k")).Refusal.ShouldBe(AskForMoneyRefusal.KeyReused);
        (await town.Count("select count(*) from money_request")).ShouldBe(1);
        for (var i = 0; i < 60; i++)
            if ((await town.Ask(aoi, ren, 1.Yen())) is { Accepted: false } late)
            {
                late.Refusal.ShouldBe(AskForMoneyRefusal.TooManyRequests);
                return;
            }
        Assert.Fail("nobody was ever told that it is too many");
    }

    [Theory, BothEngines]
    public async Task Somebody_is_reminded_once_a_day(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren) = (await town.Member("Aoi"), await town.Member("Ren"));
        var asked = (await town.Ask(aoi, ren, 400.Yen())).Value!.Requests.Single();
        var remind = town.Get<RemindOfMoneyRequest>();

        (await remind.Run(aoi.Id, asked.Id)).Refusal.ShouldBe(RemindOfMoneyRequestRefusal.TooManyRequests);
        (await remind.Run(ren.Id, asked.Id)).Refusal.ShouldBe(RemindOfMoneyRequestRefusal.InvalidRequest);
        (await remind.Run(Id.New<Ensen.Members.MemberId>(town.Clock), asked.Id)).Refusal.ShouldBe(RemindOfMoneyRequestRefusal.NotFound);
        town.Clock.Move(TimeSpan.FromHours(24));
        var all = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => remind.Run(aoi.Id, asked.Id))));
        all.Count(a => a.Accepted).ShouldBe(1);
        (await town.Close(aoi, asked, MoneyRequestState.Withdrawn)).Accepted.ShouldBeTrue();
        (await remind.Run(aoi.Id, asked.Id)).Refusal.ShouldBe(RemindOfMoneyRequestRefusal.Lapsed);
        (await town.Close(ren, asked, MoneyRequestState.Declined)).Refusal.ShouldBe(CloseMoneyRequestRefusal.Lapsed);
        (await town.Close(aoi, asked, MoneyRequestState.Withdrawn)).Replayed.ShouldBeTrue();
        (await town.Close(ren, asked, MoneyRequestState.Withdrawn)).Refusal.ShouldBe(CloseMoneyRequestRefusal.InvalidRequest);
        (await town.PayAsked(aoi, asked)).Refusal.ShouldBe(PayMoneyRequestRefusal.InvalidRequest);
    }

    /// <summary>Paid ten times, withdrawn and declined at the same moment: it ends in one way, and at most one transfer was made.</summary>
    [Theory, BothEngines]
    public async Task A_request_ends_once_however_many_ends_come_at_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren) = (await town.Member("Aoi"), await town.Member("Ren").With(50_000.Yen()));
        for (var round = 0; round < 10; round++)
        {
            var asked = (await town.Ask(aoi, ren, 100.Yen())).Value!.Requests.Single();
            var ends = await Task.WhenAll(
            [
                .. Enumerable.Range(0, 10).Select(_ => Task.Run(async () => (await town.PayAsked(ren, asked)).Accepted)),
                Task.Run(async () => await town.Close(aoi, asked, MoneyRequestState.Withdrawn) is { Accepted: true, Replayed: false }),
                Task.Run(async () => await town.Close(ren, asked, MoneyRequestState.Declined) is { Accepted: true, Replayed: false }),
            ]);
            ends.Count(done => done).ShouldBe(1);
            (await town.State(asked)).ShouldNotBe(MoneyRequestState.Open);
        }
        (await town.Entries(EntryKind.Transfer)).ShouldBe(await town.Count("select count(*) from money_request where state = 2"));
    }

    [Theory, BothEngines]
    public async Task The_same_key_pays_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren) = (await town.Member("Aoi"), await town.Member("Ren").With(1_000.Yen()));
        var asked = (await town.Ask(aoi, ren, 700.Yen())).Value!.Requests.Single();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => town.PayAsked(ren, asked, key: "k"))));
        answers.ShouldAllBe(a => a.Accepted);
        answers.Count(a => !a.Replayed).ShouldBe(1);
        var other = (await town.Ask(aoi, ren, 1.Yen())).Value!.Requests.Single();
        (await town.PayAsked(ren, other, key: "k")).Refusal.ShouldBe(PayMoneyRequestRefusal.KeyReused);
    }
}

/// <summary>What members of a town do with requests, by short names.</summary>
static class RequestSteps
{
    public static Task<Answer<MoneyAsked, AskForMoneyRefusal>> Ask(
        this Town town, Resident who, Resident from, Yen amount, string? key = null, string? note = null) =>
        town.Get<AskForMoney>().Run(new AskForMoneyRequest(
            who.Id, [new Share(from.Id, amount)], null, Yen.Zero, note, Town.Key(who.Id, key, "ask", from.Id, amount.Value, note)));

    public static Task<Answer<MoneyAsked, AskForMoneyRefusal>> Split(
        this Town town, Resident who, Yen total, Yen own, params Share[] shares) =>
        town.Get<AskForMoney>().Run(new AskForMoneyRequest(who.Id, shares, total, own, null, Town.Key(who.Id, null, "split")));

    public static Task<Answer<Transferred, PayMoneyRequestRefusal>> PayAsked(
        this Town town, Resident who, MoneyRequest asked, string? key = null) =>
        town.Get<PayMoneyRequest>().Run(who.Payer, asked.Id, [Town.Key(who.Id, key, "pay request", asked.Id)]);

    public static Task<Answer<MoneyRequest, CloseMoneyRequestRefusal>> Close(
        this Town town, Resident who, MoneyRequest asked, MoneyRequestState how) =>
        town.Get<CloseMoneyRequest>().Run(who.Id, asked.Id, how);

    public static async Task<MoneyRequestState> State(this Town town, MoneyRequest asked) =>
        (await town.Get<MoneyRequests>().Find(asked.Asker, asked.Id))!.State;
}

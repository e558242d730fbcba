using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Operations;

/// <summary>One operator proposes points, another gives them, once, whoever tries and however often; the member reads why.</summary>
public class GoodwillTests
{
    [Theory, BothEngines]
    public async Task Points_that_lapsed_on_their_way_back_are_given_anew_with_a_day_of_their_own(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var proposal = await Proposed(town, aoi, 30);
        (await town.Holds(aoi)).ShouldBe("money 1000, prepaid 0, points 0");

        var given = await town.Get<ApproveGoodwill>().Run(proposal.Id, await town.Operator("Ito"), ct: Ct);

        given.Refusal.ShouldBe(ApproveGoodwillRefusal.None);
        (await town.Holds(aoi)).ShouldBe("money 1000, prepaid 0, points 30");
        (await town.Get<PointsHeld>().Of(aoi.Id, Ct)).Lots.ShouldBe([new LotPart(Lot.Basic(town.Today.Next), 30.Points())]);
        var item = (await town.History(aoi))[0];
        (item.Kind, item.EntryId, item.Points, item.Note).ShouldBe((EntryKind.Goodwill, given.Value!.EntryId, 30.Points(), "they came back too late"));
        var receipt = (await town.Get<GiveReceipt>().Run([aoi.Id], given.Value.EntryId, Ct))!;
        (receipt.Kind, receipt.Legs.Single()).ShouldBe(("goodwill", new ReceiptLeg("points", 30, "points", town.Today.Next.ToString())));
        town.Clock.Move(TimeSpan.FromDays(2));
        await town.Expire(town.Today);
        (await town.Holds(aoi)).ShouldBe("money 1000, prepaid 0, points 0");
    }

    [Theory, BothEngines]
    public async Task Approved_by_forty_at_once_they_are_given_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        await using var other = new GeneralLedger(town.Db, town.Clock);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var proposal = await Proposed(town, aoi, 30);
        var nodes = new[] { town.Get<ApproveGoodwill>(), On(town, other) };
        var operators = new List<OperatorId>();
        for (var i = 0; i < 40; i++)
            operators.Add(await town.Operator($"Ito {i}"));

        var answers = await Task.WhenAll(operators.Select((who, i) => Task.Run(() => nodes[i % 2].Run(proposal.Id, who, ct: Ct))));

        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == ApproveGoodwillRefusal.AlreadyDecided);
        (await town.Entries(EntryKind.Goodwill)).ShouldBe(1);
        (await town.Get<ApproveGoodwill>().Waiting(Ct)).ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task Approved_and_withdrawn_at_once_one_of_the_two_happens(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var ito = await town.Operator("Ito");
        for (var round = 0; round < 5; round++)
        {
            var before = await town.Entries(EntryKind.Goodwill);
            var proposal = await Proposed(town, aoi, 3);
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () => i % 2 == 0
                ? (await town.Get<ApproveGoodwill>().Run(proposal.Id, ito, ct: Ct)).Accepted ? "given" : ""
                : (await Withdraw(town, proposal)).Accepted ? "withdrawn" : "")));
            answers.Where(a => a.Length > 0).ShouldHaveSingleItem();
            (await town.Entries(EntryKind.Goodwill) - before).ShouldBe(answers.Contains("given") ? 1 : 0);
        }
    }

    [Theory, BothEngines]
    public async Task Under_one_key_it_is_proposed_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var asked = Asked(aoi, 30, town.Today, await town.Operator("Suzuki")) with { Key = "k" };
        var proposals = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => town.Get<ProposeGoodwill>().Run(asked, Ct))));

        proposals.Select(p => p.Value!.Id).Distinct().ShouldHaveSingleItem();
        proposals.Count(p => p.Replayed).ShouldBe(9);
        (await town.Get<ProposeGoodwill>().Run(asked with { Points = 31 }, Ct)).Refusal.ShouldBe(ProposeGoodwillRefusal.KeyReused);
        (await town.Get<ApproveGoodwill>().Waiting(Ct)).ShouldHaveSingleItem();
    }

    [Theory, BothEngines]
    public async Task Approved_again_under_its_key_it_is_the_same_answer(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var (proposal, second, ito) = (await Proposed(town, aoi, 30), await Proposed(town, aoi, 40), await town.Operator("Ito"));
        IdempotencyKey Key(GoodwillProposal of) => IdempotencyKey.Of(ito, "k", "approve goodwill", of.Id);
        Task<Answer<GoodwillGiven, ApproveGoodwillRefusal>> Approve(GoodwillProposal of) =>
            town.Get<ApproveGoodwill>().Run(of.Id, ito, Key(of), Ct);

        var given = await Approve(proposal);
        var again = await Approve(proposal);
        (again.Value, again.Replayed).ShouldBe((given.Value, true));
        (await Approve(second)).Refusal.ShouldBe(ApproveGoodwillRefusal.KeyReused);
        (await town.Holds(aoi)).ShouldBe("money 1000, prepaid 0, points 30");
    }

    [Theory, BothEngines]
    public async Task Whoever_may_not_gives_nothing(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var proposal = await Proposed(town, aoi, 30);
        var (suzuki, reader) = (await town.Operator("Suzuki"), await town.Operator("Reader", roles: OperatorRoles.Support));

        foreach (var account in new[] { suzuki, await town.Operator("Suzuki at home", of: suzuki) })
            (await town.Get<ApproveGoodwill>().Run(proposal.Id, account, ct: Ct)).Refusal.ShouldBe(ApproveGoodwillRefusal.SamePerson);
        (await town.Get<ApproveGoodwill>().Run(proposal.Id, reader, ct: Ct)).Refusal.ShouldBe(ApproveGoodwillRefusal.Forbidden);
        (await town.Get<ProposeGoodwill>().Run(Asked(aoi, 1, town.Today, reader), Ct)).Refusal.ShouldBe(ProposeGoodwillRefusal.Forbidden);
        (await town.Get<WithdrawGoodwill>().Run(new WithdrawGoodwillRequest(proposal.Id, "why", reader), Ct)).Refusal
            .ShouldBe(WithdrawGoodwillRefusal.Forbidden);
        (await town.Get<ApproveGoodwill>().Run(Id.New<GoodwillId>(town.Clock), await town.Operator("Ito"), ct: Ct)).Refusal
            .ShouldBe(ApproveGoodwillRefusal.NotFound);
        (await town.Entries(EntryKind.Goodwill)).ShouldBe(0);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static ApproveGoodwill On(Town town, GeneralLedger node) =>
        new(town.Db, node, town.Get<Operators>(), town.Get<OperatorLog>(), town.Get<Outbox>(), town.Clock);

    static ProposeGoodwillRequest Asked(Resident who, long points, JapanDay until, OperatorId by) =>
        new(who.Id, points, until, "they came back too late", by);

    static async Task<GoodwillProposal> Proposed(Town town, Resident who, long points) =>
        (await town.Get<ProposeGoodwill>().Run(Asked(who, points, town.Today.Next, await town.Operator("Suzuki")), Ct)).Value!;

    static async Task<Answer<GoodwillProposal, WithdrawGoodwillRefusal>> Withdraw(Town town, GoodwillProposal proposal) =>
        await town.Get<WithdrawGoodwill>().Run(new WithdrawGoodwillRequest(proposal.Id, "another was meant", await town.Operator("Ito")), Ct);
}

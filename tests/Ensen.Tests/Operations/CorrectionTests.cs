using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Operations;

/// <summary>
/// An operator asks, another approves, and an entry says what was set right; it happens once, whoever tries and however often.
/// </summary>
public class CorrectionTests
{
    [Theory, BothEngines]
    public async Task A_payment_of_a_zero_too_many_is_set_right(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, cafe) = (await town.Member("Aoi").With(20_000.Yen()), await town.Store("Café"));
        var paid = await town.Paid(aoi, cafe, 12_000.Yen());

        var proposal = await Proposed(town, paid.PaymentId, 10_800, aoi.Id, cafe.Id);
        (await town.Holds(aoi)).ShouldBe("money 8000, prepaid 0, points 60");
        var answer = await town.Get<ApproveCorrection>().Run(proposal.Id, await town.Operator("Ito"), Ct);

        answer.Refusal.ShouldBe(ApproveCorrectionRefusal.None);
        (await town.Holds(aoi)).ShouldBe("money 18800, prepaid 0, points 60");
        (await town.Balance(cafe.Id, AccountType.Payable)).ShouldBe(1_200);
        var item = (await town.History(aoi))[0];
        (item.Kind, item.EntryId, item.Yen, item.Note).ShouldBe(
            (EntryKind.Correction, answer.Value!.EntryId, 10_800.Yen(), "the amount had a zero too many"));
        var whole = await town.Get<History>().Whole(aoi.Id, item.EntryId, Ct);
        whole!.Corrects.ShouldBe(paid.PaymentId);
    }

    [Theory, BothEngines]
    public async Task Its_receipt_is_given_to_both_parties_and_names_the_kind(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Café"));
        var paid = await town.Paid(aoi, cafe, 1_000.Yen());
        var entry = (await town.Get<ApproveCorrection>().Run((await Proposed(town, paid.PaymentId, 500, aoi.Id, cafe.Id)).Id, await town.Operator("Ito"), Ct))
            .Value!.EntryId;

        foreach (var (party, amount) in new (Guid, long)[] { (aoi.Id, 500), (cafe.Id, -500) })
        {
            var receipt = await town.Get<GiveReceipt>().Run([party], entry, Ct);
            (receipt!.Kind, receipt.EntryId).ShouldBe(("correction", Id.Format("cor", entry)));
            receipt.Legs.Sum(l => l.Amount).ShouldBe(amount);
            town.Get<ReceiptCheck>().Of(receipt.ToFile(), [Convert.ToHexStringLower(ProofCheck.Of(receipt.Proof).Seal)])
                .Wrong.ShouldBeNull();
        }
    }

    [Theory, BothEngines]
    public async Task Whoever_proposed_it_does_not_approve_it(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Café"));
        var proposal = await Proposed(town, (await town.Paid(aoi, cafe, 1_000.Yen())).PaymentId, 500, aoi.Id, cafe.Id);

        var suzuki = await town.Operator("Suzuki");
        foreach (var account in new[] { suzuki, await town.Operator("Suzuki at home", of: suzuki) })
            (await town.Get<ApproveCorrection>().Run(proposal.Id, account, Ct)).Refusal.ShouldBe(ApproveCorrectionRefusal.SamePerson);
        (await town.Get<ApproveCorrection>().Run(Id.New<ProposalId>(town.Clock), await town.Operator("Ito"), Ct)).Refusal.ShouldBe(ApproveCorrectionRefusal.NotFound);
        (await town.Get<ApproveCorrection>().Waiting(Ct)).ShouldHaveSingleItem().Reason.ShouldBe("the amount had a zero too many");
    }

    [Theory, BothEngines]
    public async Task Approved_by_forty_at_once_it_is_posted_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        await using var other = new GeneralLedger(town.Db, town.Clock);
        var (aoi, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Café"));
        var proposal = await Proposed(town, (await town.Paid(aoi, cafe, 1_000.Yen())).PaymentId, 500, aoi.Id, cafe.Id);
        var nodes = new[] { town.Get<ApproveCorrection>(), On(town, other) };

        var operators = new List<OperatorId>();
        for (var i = 0; i < 40; i++)
            operators.Add(await town.Operator($"Ito {i}"));

        var answers = await Task.WhenAll(operators.Select((who, i) => Task.Run(() => nodes[i % 2].Run(proposal.Id, who, Ct))));

        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == ApproveCorrectionRefusal.Posted);
        (await town.Entries(EntryKind.Correction)).ShouldBe(1);
        (await town.Get<ApproveCorrection>().Waiting(Ct)).ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task What_the_member_has_spent_meanwhile_is_not_taken(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Café"));
        var proposal = await Proposed(town, (await town.Paid(aoi, cafe, 1_000.Yen())).PaymentId, -3_000, aoi.Id, cafe.Id);
        await town.Paid(aoi, cafe, 2_000.Yen());

        (await town.Get<ApproveCorrection>().Run(proposal.Id, await town.Operator("Ito"), Ct)).Refusal.ShouldBe(ApproveCorrectionRefusal.InsufficientBalance);
        (await town.Entries(EntryKind.Correction)).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task What_was_corrected_is_not_refunded_as_well(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Café"));
        var paid = await town.Paid(aoi, cafe, 1_000.Yen());
        var (proposal, second) = (await Proposed(town, paid.PaymentId, 1_000, aoi.Id, cafe.Id), await Proposed(town, paid.PaymentId, 1_000, aoi.Id, cafe.Id));

        (await town.Get<ApproveCorrection>().Run(proposal.Id, await town.Operator("Ito"), Ct)).Accepted.ShouldBeTrue();

        (await town.Refund(paid.PaymentId, cafe, 1_000.Yen())).Refusal.ShouldBe(RefundRefusal.NotRefundable);
        (await town.Get<ApproveCorrection>().Run(second.Id, await town.Operator("Ito"), Ct)).Refusal.ShouldBe(ApproveCorrectionRefusal.AlreadyCorrected);
        (await town.Holds(aoi)).ShouldBe("money 5000, prepaid 0, points 5");
    }

    [Theory, BothEngines]
    public async Task Twenty_refunds_and_a_correction_at_once_give_back_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Café"));
        var paid = await town.Paid(aoi, cafe, 1_000.Yen());
        var proposal = await Proposed(town, paid.PaymentId, 1_000, aoi.Id, cafe.Id);

        var ito = await town.Operator("Ito");
        var corrected = Task.Run(() => town.Get<ApproveCorrection>().Run(proposal.Id, ito, Ct));
        var refunds = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => town.Refund(paid.PaymentId, cafe, 1_000.Yen()))));

        var given = refunds.Count(r => r.Accepted) + ((await corrected).Accepted ? 1 : 0);
        given.ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task A_withdrawn_proposal_is_neither_listed_nor_approved_and_is_withdrawn_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Café"));
        var paid = await town.Paid(aoi, cafe, 1_000.Yen());
        var (proposal, second) = (await Proposed(town, paid.PaymentId, 500, aoi.Id, cafe.Id), await Proposed(town, paid.PaymentId, 600, aoi.Id, cafe.Id));

        (await Withdraw(town, proposal, "Suzuki")).Refusal.ShouldBe(WithdrawCorrectionRefusal.None);

        (await town.Get<ApproveCorrection>().Waiting(Ct)).ShouldHaveSingleItem().Id.ShouldBe(second.Id);
        (await town.Get<ApproveCorrection>().Run(proposal.Id, await town.Operator("Ito"), Ct)).Refusal.ShouldBe(ApproveCorrectionRefusal.Withdrawn);
        (await Withdraw(town, proposal, "Ito")).Refusal.ShouldBe(WithdrawCorrectionRefusal.Withdrawn);
        (await Withdraw(town, proposal with { Id = Id.New<ProposalId>(town.Clock) }, "Ito")).Refusal.ShouldBe(WithdrawCorrectionRefusal.NotFound);
        (await town.Entries(EntryKind.Correction)).ShouldBe(0);
        (await town.Get<ApproveCorrection>().Run(second.Id, await town.Operator("Ito"), Ct)).Accepted.ShouldBeTrue();
        (await Withdraw(town, second, "Ito")).Refusal.ShouldBe(WithdrawCorrectionRefusal.Posted);
        await using var connection = await town.Db.Connect(Ct);
        (await connection.QuerySingleAsync<(string, string)>(
            "select withdrawn_by, withdrawn_reason from correction_proposal where id = @Id", new { proposal.Id })).ShouldBe(
                (await town.Person("Suzuki"), "it was another entry"));
    }

    [Theory, BothEngines]
    public async Task Approved_and_withdrawn_at_once_one_of_the_two_happens(Engine engine)
    {
        await using var town = await Town.On(engine);
        await using var other = new GeneralLedger(town.Db, town.Clock);
        var (aoi, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Café"));
        var nodes = new[] { town.Get<ApproveCorrection>(), On(town, other) };
        for (var round = 0; round < 5; round++)
        {
            var before = await town.Entries(EntryKind.Correction);
            var proposal = await Proposed(town, (await town.Paid(aoi, cafe, 10.Yen())).PaymentId, 1, aoi.Id, cafe.Id);

            var ito = await town.Operator("Ito");
            var tries = Enumerable.Range(0, 40).Select(i => Task.Run(async () => i % 4 < 2
                ? (await nodes[i % 2].Run(proposal.Id, ito, Ct)).Refusal.ToString()
                : (await Withdraw(town, proposal, "Ito")).Refusal.ToString() is "None" ? "Withdrew" : "Late"));
            var answers = await Task.WhenAll(tries);

            var (posted, withdrawn) = (answers.Count(a => a == "None"), answers.Count(a => a == "Withdrew"));
            (posted + withdrawn).ShouldBe(1);
            answers.Count(a => a == (posted == 1 ? "Posted" : "Withdrawn")).ShouldBe(posted == 1 ? 19 : 20);
            ((await town.Entries(EntryKind.Correction)) - before).ShouldBe(posted);
            (await town.Get<ApproveCorrection>().Waiting(Ct)).ShouldBeEmpty();
        }
    }

    [Theory, BothEngines]
    public async Task A_list_names_owners_by_their_ids(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Café"));
        var proposal = await Proposed(town, (await town.Paid(aoi, cafe, 1_000.Yen())).PaymentId, 500, aoi.Id, cafe.Id);

        (await town.Get<ApproveCorrection>().OwnersOf(proposal, Ct)).Values.ShouldBe([aoi.Id.ToString(), cafe.Id.ToString()]);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static ApproveCorrection On(Town town, GeneralLedger node) =>
        new(town.Db, node, town.Get<Operators>(), town.Get<OperatorLog>(), town.Clock);

    static async Task<Answer<CorrectionProposal, WithdrawCorrectionRefusal>> Withdraw(Town town, CorrectionProposal proposal, string by) =>
        await town.Get<WithdrawCorrection>().Run(
            new WithdrawCorrectionRequest(proposal.Id, " it was another entry", await town.Operator(by)), Ct);

    static async Task<CorrectionProposal> Proposed(Town town, Guid entry, long toMember, Guid member, Guid store)
    {
        var answer = await town.Get<ProposeCorrection>().Run(new ProposeCorrectionRequest(
            new EntryId(entry), "the amount had a zero too many", await town.Operator("Suzuki"),
            [Leg.Of(member, AccountType.Money, new Yen(toMember)), Leg.Of(store, AccountType.Payable, new Yen(-toMember))]), Ct);
        answer.Refusal.ShouldBe(ProposeCorrectionRefusal.None);
        return answer.Value!;
    }
}

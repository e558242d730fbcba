using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Operations;

/// <summary>What needs two people needs two persons: a second account of the first is not the second person, however many try at once.</summary>
public class FourEyesTests
{
    [Theory, BothEngines]
    public async Task A_correction_that_one_person_approves_by_forty_accounts_is_not_posted_and_another_person_posts_it(Engine engine)
    {
        await using var town = await Town.On(engine);
        var proposal = await Proposed(town);
        var suzuki = await Accounts(town, "Suzuki", 40);

        var answers = await Task.WhenAll(suzuki.Select(account => Task.Run(() => town.Get<ApproveCorrection>().Run(proposal.Id, account, Ct))));

        answers.ShouldAllBe(a => a.Refusal == ApproveCorrectionRefusal.SamePerson);
        (await town.Entries(EntryKind.Correction)).ShouldBe(0);
        var ito = await town.Operator("Ito");
        var late = await Task.WhenAll(suzuki.Append(ito)
            .Select(account => Task.Run(() => town.Get<ApproveCorrection>().Run(proposal.Id, account, Ct))));
        late.Count(a => a.Accepted).ShouldBe(1);
        late[^1].Accepted.ShouldBeTrue();
        (await town.Entries(EntryKind.Correction)).ShouldBe(1);
        (await town.Get<OperatorLog>().List(100, ct: Ct)).Where(e => e.Act == OperatorAct.ApprovedCorrection).ShouldHaveSingleItem()
            .Operator.ShouldBe(ito);
    }

    [Theory, BothEngines]
    public async Task A_restriction_that_forty_accounts_lift_at_once_is_lifted_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var cafe = await town.Store("Café");
        var suzuki = await Accounts(town, "Suzuki", 40);
        var frozen = await town.Freeze(aoi);

        var answers = await Task.WhenAll(suzuki.Select(account => Task.Run(() => Lift(town, frozen, account))));

        answers.Count(a => a == LiftRestrictionRefusal.None).ShouldBe(1);
        answers.Count(a => a == LiftRestrictionRefusal.Ended).ShouldBe(39);
        (await town.Get<OperatorLog>().List(100, ct: Ct)).Count(e => e.Act == OperatorAct.LiftedRestriction).ShouldBe(1);
        (await town.Pay(aoi, cafe, 1.Yen())).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task Whoever_has_not_the_role_or_was_dismissed_changes_nothing(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var proposal = await Proposed(town);
        var frozen = await town.Freeze(aoi);
        var before = (await town.Get<OperatorLog>().Head(Ct))!.Number;
        var (clerk, gone) = (await town.Operator("Clerk", roles: OperatorRoles.Support), await town.Operator("Gone"));
        (await town.Get<DismissOperator>().Run(new DismissOperatorRequest(gone, "left", null), Ct)).Accepted.ShouldBeTrue();

        foreach (var who in new[] { clerk, gone, new OperatorId(Guid.CreateVersion7()) })
        {
            (await town.Get<ApproveCorrection>().Run(proposal.Id, who, Ct)).Refusal.ShouldBe(ApproveCorrectionRefusal.Forbidden);
            (await town.Get<WithdrawCorrection>().Run(new WithdrawCorrectionRequest(proposal.Id, "no", who), Ct)).Refusal
                .ShouldBe(WithdrawCorrectionRefusal.Forbidden);
            (await town.Get<ProposeCorrection>().Run(new ProposeCorrectionRequest(proposal.Corrects, "no", who, proposal.Legs), Ct)).Refusal
                .ShouldBe(ProposeCorrectionRefusal.Forbidden);
            (await town.Get<Restrict>().Run(RestrictRequest.ByOperator(who, aoi.Id, RestrictionKind.Frozen, "no"), Ct)).Refusal
                .ShouldBe(RestrictRefusal.Forbidden);
            (await Lift(town, frozen, who)).ShouldBe(LiftRestrictionRefusal.Forbidden);
        }
        (await town.Get<Restrict>().Run(new RestrictRequest(aoi.Id, RestrictionKind.Frozen, "no", Decider.Operator("Suzuki")), Ct)).Refusal
            .ShouldBe(RestrictRefusal.Forbidden, "a name that somebody wrote is no operator");
        (await town.Get<OperatorLog>().List(100, ct: Ct)).Where(e => e.Number > before).ShouldAllBe(
            e => e.Act == OperatorAct.InvitedOperator || e.Act == OperatorAct.DismissedOperator);
    }

    [Theory, BothEngines]
    public async Task What_was_done_stands_in_the_log_with_who_whom_and_why(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var proposal = await Proposed(town);
        var frozen = await town.Freeze(aoi, "theft");
        var (suzuki, ito) = (await town.Operator("Suzuki"), await town.Operator("Ito"));
        (await town.Get<LiftRestriction>().Run(
            new LiftRestrictionRequest(frozen.Id, "found", new ActingOperator(ito, ActedThrough.Command)), Ct)).Accepted.ShouldBeTrue();
        (await town.Get<WithdrawCorrection>().Run(new WithdrawCorrectionRequest(proposal.Id, "mistake", ito), Ct)).Accepted.ShouldBeTrue();

        var rows = (await town.Get<OperatorLog>().List(100, ct: Ct)).Where(e => e.Act != OperatorAct.InvitedOperator)
            .Select(e => (e.Act, e.Operator, e.Through, e.Subject, e.Reason));

        rows.ShouldBe([
            (OperatorAct.WithdrewCorrection, ito, ActedThrough.Session, proposal.Id.ToString(), "mistake"),
            (OperatorAct.LiftedRestriction, ito, ActedThrough.Command, aoi.Id.ToString(), "found"),
            (OperatorAct.FrozeMember, suzuki, ActedThrough.Session, aoi.Id.ToString(), "theft"),
            (OperatorAct.ProposedCorrection, suzuki, ActedThrough.Session, proposal.Id.ToString(), "the amount had a zero too many"),
        ]);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static async Task<LiftRestrictionRefusal> Lift(Town town, Restriction restriction, OperatorId account) =>
        (await town.Get<LiftRestriction>().Run(new LiftRestrictionRequest(restriction.Id, "found", account), Ct)).Refusal;

    /// <summary>The account of that name, and others of the same person.</summary>
    static async Task<IReadOnlyList<OperatorId>> Accounts(Town town, string name, int count)
    {
        var accounts = new List<OperatorId> { await town.Operator(name) };
        while (accounts.Count < count)
            accounts.Add(await town.Operator($"{name} {accounts.Count}", of: accounts[0]));
        return accounts;
    }

    /// <summary>Suzuki proposes that a member gets 500 yen back from a store.</summary>
    static async Task<CorrectionProposal> Proposed(Town town)
    {
        var (ren, cafe) = (await town.Member("Ren").With(5_000.Yen()), await town.Store("Bakery"));
        var paid = await town.Paid(ren, cafe, 1_000.Yen());
        var answer = await town.Get<ProposeCorrection>().Run(new ProposeCorrectionRequest(
            paid.PaymentId, "the amount had a zero too many", await town.Operator("Suzuki"),
            [Leg.Of(ren.Id, AccountType.Money, new Yen(500)), Leg.Of(cafe.Id, AccountType.Payable, new Yen(-500))]), Ct);
        answer.Refusal.ShouldBe(ProposeCorrectionRefusal.None);
        return answer.Value!;
    }
}

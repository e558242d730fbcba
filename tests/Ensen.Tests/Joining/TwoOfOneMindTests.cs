using Ensen.Joining;
using Ensen.Settlement;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Identity;
using Ensen.Tests.Support;
using static Ensen.Tests.Joining.JoiningTests;

namespace Ensen.Tests.Joining;

/// <summary>Two persons of one mind decide about a shop; of two who disagree a third one does.</summary>
public class TwoOfOneMindTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_yes_and_a_no_are_no_decision_whichever_came_first_and_a_third_persons_word_is(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var (suzuki, ito, sato) = (await desk.Operator("Suzuki"), await desk.Operator("Ito"), await desk.Operator("Sato"));
        var id = await Apply(desk);
        await Send(desk);
        var told = await Token(desk);
        await Decide(desk, id, suzuki, ApplicationWord.Refuse, "nobody answers");

        (await Decide(desk, id, ito)).Value!.State.ShouldBe(ApplicationState.InReview, "one yes is not two");
        (await Decide(desk, id, ito)).Refusal.ShouldBe(DecideApplicationRefusal.SamePerson);
        (await Decide(desk, id, suzuki)).Refusal.ShouldBe(DecideApplicationRefusal.SamePerson);
        (await Token(desk)).ShouldBe(told, "the applicant hears of a decision, not of an opinion");
        (await Decide(desk, id, sato)).Value!.State.ShouldBe(ApplicationState.Approved);
        var joined = (await desk.Get<SignContract>().Run(new SignContractRequest(await Token(desk), SignContract.Terms), Ct)).Value!;

        var account = (await desk.Get<PayOutAccounts>().Of(joined.Merchant, Ct)).InForce!;
        account.ProposedBy.ShouldBe(FourEyes.Kept((await desk.Get<Operators>().Find(ito, Ct))!.Person), "who said no put nothing in force");
        (await desk.Get<OperatorLog>().List(20, ct: Ct)).Where(row => row.Subject == id.ToString())
            .Select(row => (row.Act, row.Detail)).ShouldBe(
            [
                (OperatorAct.AcceptedApplication, "third"), (OperatorAct.AcceptedApplication, "second"),
                (OperatorAct.RefusedApplication, "first"),
            ]);
    }

    [Theory, BothEngines]
    public async Task Of_two_who_disagree_either_may_ask_and_then_all_look_anew(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var (suzuki, ito) = (await desk.Operator("Suzuki"), await desk.Operator("Ito"));
        var id = await Apply(desk);
        await Send(desk);
        await Decide(desk, id, suzuki);
        (await Decide(desk, id, ito, ApplicationWord.Refuse)).Value!.State.ShouldBe(ApplicationState.InReview);

        (await Decide(desk, id, suzuki, ApplicationWord.Ask)).Value!.State.ShouldBe(ApplicationState.Asked);
        (await Send(desk, photos: false)).Value!.Opinions.ShouldBeEmpty();
        (await Decide(desk, id, ito, version: 3)).Value!.State.ShouldBe(ApplicationState.InReview);
        (await Decide(desk, id, suzuki, version: 3)).Value!.State.ShouldBe(ApplicationState.Approved);
    }

    [Theory, BothEngines]
    public async Task Of_many_yeses_and_noes_at_once_two_of_one_mind_decide_and_the_applicant_hears_it_once(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var operators = new List<OperatorId>();
        for (var i = 0; i < 20; i++)
            operators.Add(await desk.Operator($"Op{i}"));
        var id = await Apply(desk);
        await Send(desk);
        var mails = await Count(desk, "select count(*) from outbox");

        var decided = await Task.WhenAll(operators.Select((by, i) => Task.Run(
            () => Decide(desk, id, by, i % 2 == 0 ? ApplicationWord.Accept : ApplicationWord.Refuse), Ct)));

        decided.Where(d => !d.Accepted).ShouldAllBe(d => d.Refusal == DecideApplicationRefusal.AlreadyDecided);
        var found = await Find(desk, id);
        found.State.ShouldBeOneOf(ApplicationState.Approved, ApplicationState.Refused);
        var accepts = found.State == ApplicationState.Approved;
        found.Opinions.Count(o => o.Accepts == accepts).ShouldBe(2);
        found.Opinions[^1].Accepts.ShouldBe(accepts, "nobody speaks after the decision");
        decided.Count(d => d.Accepted).ShouldBe(found.Opinions.Count);
        found.Opinions.Select(o => o.By).Distinct().Count().ShouldBe(found.Opinions.Count);
        (await Count(desk, "select count(*) from outbox")).ShouldBe(mails + 1);
    }
}

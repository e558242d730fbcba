using Dapper;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Ledger;
using Ensen.Operations;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Campaigns;

/// <summary>A campaign is proposed, tried, approved by another person, begins, is stopped or ends; its purse is opened and emptied once.</summary>
public class CampaignLifeTests
{
    [Theory, BothEngines]
    public async Task Whoever_proposed_it_does_not_approve_it(Engine engine)
    {
        await using var town = await Town.On(engine);
        var proposed = await town.Proposed();
        var suzuki = await town.Operator("Suzuki");
        await town.Get<DryRunCampaign>().Run(proposed.Id, suzuki, Ct);

        foreach (var account in new[] { suzuki, await town.Operator("Suzuki at home", of: suzuki) })
            (await town.Get<ApproveCampaign>().Run(proposed.Id, account, ct: Ct)).Refusal.ShouldBe(ApproveCampaignRefusal.SamePerson);
        (await town.Get<ApproveCampaign>().Run(Id.New<CampaignId>(town.Clock), await town.Operator("Ito"), ct: Ct)).Refusal
            .ShouldBe(ApproveCampaignRefusal.NotFound);
        (await town.Left(proposed)).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task Whoever_has_not_the_role_changes_nothing(Engine engine)
    {
        await using var town = await Town.On(engine);
        var proposed = await town.Proposed();
        var clerk = await town.Operator("Clerk", roles: RoleNames.All & ~OperatorRoles.Campaigns);

        (await town.Get<ProposeCampaign>().Run(new ProposeCampaignRequest(town.Terms(), clerk), Ct)).Refusal
            .ShouldBe(ProposeCampaignRefusal.Forbidden);
        (await town.Get<DryRunCampaign>().Run(proposed.Id, clerk, Ct)).Refusal.ShouldBe(DryRunCampaignRefusal.Forbidden);
        (await town.Get<ApproveCampaign>().Run(proposed.Id, clerk, ct: Ct)).Refusal.ShouldBe(ApproveCampaignRefusal.Forbidden);
        (await town.Get<StopCampaign>().Run(new StopCampaignRequest(proposed.Id, "why", clerk), Ct)).Refusal
            .ShouldBe(StopCampaignRefusal.Forbidden);
        (await town.Found(proposed.Id)).State.ShouldBe(CampaignState.Proposed);
    }

    // It was promised to members for as long as its time was not over.
    [Theory, BothEngines]
    public async Task A_campaign_whose_budget_is_used_says_so_and_stays_so_after_a_refund(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, cafe) = (await town.Member("Aoi").With(10_000.Yen()), await town.Store("Café Loop"));
        var campaign = await town.Running(t => t with { Gift = new GiftRule(GiftKind.Fixed, 60), Budget = 100 });
        var first = await town.Paid(aoi, cafe, 1_000.Yen());
        (await Told()).ShouldBe((false, false));
        await town.Paid(aoi, cafe, 1_000.Yen());
        (await Told()).ShouldBe((true, true));
        await town.Refunded(first.PaymentId, cafe, 1_000.Yen());
        (await Told()).ShouldBe((true, true));

        async Task<(bool ToMembers, bool ToOperators)> Told() => (
            (await town.Get<LookUpCampaigns>().OpenTo(aoi.Id, Ct)).Single().IsUsedUp,
            (await town.Get<LookUpCampaigns>().One(campaign.Id, Ct))!.IsUsedUp);
    }

    [Theory, BothEngines]
    public async Task Approved_by_forty_at_once_its_budget_is_opened_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var proposed = await town.Proposed();
        await town.Get<DryRunCampaign>().Run(proposed.Id, await town.Operator("Suzuki"), Ct);
        var ito = await town.Operator("Ito");

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => town.Get<ApproveCampaign>().Run(proposed.Id, ito, ct: Ct)));

        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == ApproveCampaignRefusal.AlreadyDecided);
        (await town.Left(proposed)).ShouldBe(100_000);
        (await town.Count("select count(*) from operator_log where act = @act", new { act = OperatorAct.ApprovedCampaign })).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task Under_one_key_it_is_proposed_and_approved_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (suzuki, ito, terms) = (await town.Operator("Suzuki"), await town.Operator("Ito"), town.Terms());
        var asked = new ProposeCampaignRequest(terms, suzuki, "k");

        var proposed = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => town.Get<ProposeCampaign>().Run(asked, Ct)));
        proposed.Select(p => p.Value!.Id).Distinct().ShouldHaveSingleItem();
        (await town.Get<ProposeCampaign>().Run(asked with { Terms = terms with { Budget = 1 } }, Ct)).Refusal
            .ShouldBe(ProposeCampaignRefusal.KeyReused);

        var id = proposed[0].Value!.Id;
        var key = IdempotencyKey.Of(ito.Value, "k", "approve", id);
        (await town.Get<ApproveCampaign>().Run(id, ito, key, Ct)).Refusal.ShouldBe(ApproveCampaignRefusal.DryRunNeeded);
        await town.Get<DryRunCampaign>().Run(id, suzuki, Ct);
        var first = await town.Get<ApproveCampaign>().Run(id, ito, key, Ct);
        var again = await town.Get<ApproveCampaign>().Run(id, ito, key, Ct);
        (again.Replayed, again.Value).ShouldBe((true, first.Value));
        (await town.Get<ApproveCampaign>().Run(id, ito, IdempotencyKey.Of(ito.Value, "k", "other"), Ct)).Refusal
            .ShouldBe(ApproveCampaignRefusal.KeyReused);
    }

    [Theory, BothEngines]
    public async Task Stopped_by_one_person_it_gives_nothing_from_then_on_and_what_was_given_stays(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Café"));
        var campaign = await town.Running();
        await town.Paid(aoi, cafe, 1_000.Yen());

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => await town.Get<StopCampaign>().Run(
            new StopCampaignRequest(campaign.Id, "wrong shops", await town.Operator("Suzuki")), Ct)));
        (await town.Paid(aoi, cafe, 1_000.Yen())).PointsEarned.ShouldBe(5.Points());

        answers.ShouldAllBe(a => a.Accepted && a.Value.GivenBack == 99_990.Points());
        (await town.Get<StopCampaign>().Run(new StopCampaignRequest(campaign.Id, "again", await town.Operator("Ito")), Ct)).Refusal
            .ShouldBe(StopCampaignRefusal.AlreadyDecided);
        (await town.Holds(aoi)).ShouldBe("money 3000, prepaid 0, points 20");
        var stopped = await town.Found(campaign.Id);
        (stopped.State, stopped.Why, stopped.GivenBack, await town.Left(campaign)).ShouldBe(
            (CampaignState.Stopped, "wrong shops", 99_990.Points(), 0));
    }

    // A node that has not heard of it still asks the purse, and the purse is empty.
    [Theory, BothEngines]
    public async Task Stopped_in_the_middle_of_two_hundred_payments_nothing_is_lost(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (crowd, cafe) = (await town.Crowd(200, 1_000.Yen()), await town.Store("Café"));
        var campaign = await town.Running(t => t with { Gift = new GiftRule(GiftKind.Fixed, 10) });
        var suzuki = await town.Operator("Suzuki");

        var paying = Task.WhenAll(crowd.Select(who => Task.Run(() => town.Paid(who, cafe, 100.Yen()))));
        var stopped = await town.Get<StopCampaign>().Run(new StopCampaignRequest(campaign.Id, "enough", suzuki), Ct);
        var paid = await paying;

        (paid.Sum(p => p.PointsEarned) + stopped.Value!.GivenBack).ShouldBe(100_000.Points());
    }

    [Theory, BothEngines]
    public async Task It_ends_by_itself_once_its_last_payments_are_in_the_books(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Café"));
        var campaign = await town.Running();
        var spent = await town.Running(t => t with { Budget = 5 });
        await town.Paid(aoi, cafe, 1_000.Yen());

        town.Clock.Move(TimeSpan.FromDays(7));
        await town.Get<EndCampaigns>().Run(Ct);
        (await town.Found(campaign.Id)).State.ShouldBe(CampaignState.Approved);
        town.Clock.Move(GeneralLedger.OutcomeKnownWithin);
        (await town.Paid(aoi, cafe, 1_000.Yen())).PointsEarned.ShouldBe(5.Points());
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => town.Get<EndCampaigns>().Run(Ct)));

        foreach (var (one, left) in new[] { (campaign, 99_990), (spent, 0) })
        {
            var ended = await town.Found(one.Id);
            (ended.State, ended.GivenBack, ended.EndedBy).ShouldBe((CampaignState.Ended, left.Points(), null));
        }
    }

    [Theory, BothEngines]
    public async Task The_breaker_stops_what_gives_more_than_three_times_what_was_expected(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, cafe) = (await town.Member("Aoi").With(500_000.Yen()), await town.Store("Café"));
        // In the busiest hour before: 60,000 points, so 1,000 a minute are expected and 3,000 pass.
        await town.Paid(aoi, cafe, 60_000.Yen());
        town.Clock.Move(TimeSpan.FromMinutes(2));
        var campaign = await town.Running(t => t with { Gift = new GiftRule(GiftKind.Percent, 100) });
        campaign.DryRun!.PerMinute.ShouldBe(1_000);

        await town.Paid(aoi, cafe, 3_000.Yen());
        await town.Get<EndCampaigns>().Run(Ct);
        (await town.Found(campaign.Id)).State.ShouldBe(CampaignState.Approved);
        town.Clock.Move(TimeSpan.FromSeconds(61));
        await town.Paid(aoi, cafe, 3_001.Yen());
        await town.Get<EndCampaigns>().Run(Ct);

        var stopped = await town.Found(campaign.Id);
        (stopped.State, stopped.EndedBy, stopped.GivenBack).ShouldBe((CampaignState.Stopped, null, (100_000 - 6_001).Points()));
        stopped.Why.ShouldBe("breaker: 3001 points in 60 s, at most 3000");
    }

    [Theory, BothEngines]
    public async Task A_dry_run_says_what_the_last_thirty_days_would_have_got(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren, cafe) = (await town.Member("Aoi").With(50_000.Yen()), await town.Member("Ren").With(50_000.Yen()), await town.Store("Café"));
        await town.Paid(aoi, cafe, 9_000.Yen());
        town.Clock.Move(TimeSpan.FromDays(29));
        var before = town.Clock.GetUtcNow();
        await town.Paid(aoi, cafe, 1_000.Yen());
        await town.Paid(aoi, cafe, 2_000.Yen());
        await town.Paid(ren, cafe, 99.Yen());
        await town.Paid(ren, cafe, 500.Yen());
        town.Clock.Move(TimeSpan.FromDays(2));
        var proposed = await town.Proposed(t => t with { CapPerDay = 25, Budget = 300 });

        var dry = (await town.Get<DryRunCampaign>().Run(proposed.Id, await town.Operator("Suzuki"), Ct)).Value!;

        (dry.Payments, dry.Members, dry.Points, dry.BusiestHour, dry.LastsDays).ShouldBe((3L, 2L, 30.Points(), 30L, 300L));
        dry.ByHour[JapanDay.InTokyo(before).Hour].ShouldBe(30);
        (await town.Found(proposed.Id)).DryRun!.ToJson().ShouldBe(dry.ToJson());
        (await town.Get<StopCampaign>().Run(new StopCampaignRequest(proposed.Id, "not so good", await town.Operator("Ito")), Ct)).Accepted
            .ShouldBeTrue();
        (await town.Get<DryRunCampaign>().Run(proposed.Id, await town.Operator("Suzuki"), Ct)).Refusal
            .ShouldBe(DryRunCampaignRefusal.AlreadyDecided);
    }

    [Theory, BothEngines]
    public async Task Verify_says_when_awards_caps_or_purses_were_tampered_with(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Café"));
        var campaign = await town.Running(t => t with { CapPerDay = 10, CapInAll = 15 });
        await town.Paid(aoi, cafe, 1_000.Yen());

        await Change("update campaign_award set points = points + 1");
        var complaints = await town.Complaints();
        complaints.ShouldContain(c => c.Contains("and gave back 0 of 100000", StringComparison.Ordinal));
        complaints.ShouldContain(c => c.Contains("whose cap is 10", StringComparison.Ordinal));
        complaints.ShouldContain(c => c.Contains("kept beside an entry", StringComparison.Ordinal));
        await Change("update campaign_award set points = points - 1");
        await Change("update campaign set given_back = 7");
        (await town.Complaints()).ShouldContain(c => c.Contains("gave back 7", StringComparison.Ordinal));
        await Change("update campaign set given_back = 0");

        async Task Change(string sql)
        {
            await using var connection = await town.Db.Connect();
            await connection.ExecuteAsync(sql);
        }
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}

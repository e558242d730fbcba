using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Operations;
using Ensen.Storage;
using Ensen.Tests.Campaigns;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// Points that "never" lapse are given a last day far away. A lot cannot say every day that there is, so a campaign with such a day was
/// proposed, tried and approved, and then no payment that it covered could be made.
/// </summary>
public class ACampaignBeyondTheCalendarStoppedPayments
{
    [Theory, BothEngines]
    public async Task A_last_day_that_no_lot_can_say_is_no_campaign_and_the_latest_one_is(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, cafe) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Café"));
        foreach (var day in (DateOnly[])[DateOnly.MaxValue, new(2999, 12, 31), new(2215, 1, 1)])
            (await Propose(town, t => t with { LastDay = day, LastsDays = null })).Refusal
                .ShouldBe(ProposeCampaignRefusal.InvalidRequest, $"{day}");

        await town.Running(t => t with { LastDay = new DateOnly(2214, 12, 31), LastsDays = null });
        (await town.Paid(aoi, cafe, 1_000.Yen())).PointsEarned.ShouldBe((5 + 10).Points());
        (await town.Wallet(aoi)).Lots[^1].ExpiresOn.ShouldBe(JapanDay.Parse("2214-12-31"));
    }

    [Theory]
    [InlineData("9999-12-30T00:00:00Z", "9999-12-31T23:00:00Z", 0, 1)]
    [InlineData("9999-01-01T00:00:00Z", "9999-01-02T00:00:00Z", 0, 1)]
    [InlineData("2214-12-01T00:00:00Z", "2214-12-31T00:00:00Z", 0, 1)]
    [InlineData("2214-12-01T00:00:00Z", "2214-12-30T00:00:00Z", 30, 1)]
    [InlineData("2212-12-31T00:00:00Z", "2214-06-01T00:00:00Z", 0, 1_000)]
    public void Nor_is_one_whose_time_or_whose_points_would_go_on_beyond_it(string from, string until, int pending, int lasts) =>
        (CampaignTermsTests.Terms with { From = At(from), Until = At(until), PendingDays = pending, LastDay = null, LastsDays = lasts })
            .AreFine(At("2026-06-01T00:00:00Z")).ShouldBeFalse();

    static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    static async Task<Answer<Campaign, ProposeCampaignRefusal>> Propose(Town town, Func<CampaignTerms, CampaignTerms> with) =>
        await town.Get<ProposeCampaign>().Run(
            new ProposeCampaignRequest(town.Terms(with), await town.Operator("Suzuki")), TestContext.Current.CancellationToken);
}

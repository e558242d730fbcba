using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.CreditCards;
using Ensen.Gateways;
using Ensen.Merchants;
using Ensen.Rewards;
using Ensen.Sandbox.Api;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Transit;
using Ensen.Wallet;

namespace Ensen.Sandbox.Town;

/// <summary>
/// What people of the town look forward to: rewards and goals, campaigns, and a transit card and a credit card that bring points. All of it
/// by the features that everybody uses; whatever an interrupted making had brought already is left as it is.
/// </summary>
sealed class TownProgramme(
    TownFeatures features, Calendar calendar, IReadOnlyList<TownOperator> staff, (Resident Who, Payer Payer) rider)
{
    /// <summary>No company issues cards with this number.</summary>
    const string CardNumber = "JW000000000001961";

    /// <summary>What the company of credit cards calls the rider's card.</summary>
    const string CreditCard = "card_of_the_town";

    /// <summary>So many days before the town is opened its campaigns begin.</summary>
    const int CampaignDays = 14;

    static readonly NewReward[] s_rewards =
    [
        new("環状線コーヒーチケット", "Coffee at a station", 300, 0, 400, 500, null),
        new("駅の風呂 入浴券", "A bath by the station", 700, 0, 900, 120, null),
        new("のぞみ普通席 片道", "A seat on the express, one way", 4_000, 0, 7_200, 40, null),
        new("二人の夕食", "Dinner for two", 6_000, 2_000, 12_000, 20, null),
        new("海辺の宿 一泊", "A night by the sea", 9_000, 0, 18_000, 8, null),
    ];

    /// <summary>What begins with the day: the campaigns, and at a month's turn the points of its rides.</summary>
    public async Task Begin(JapanDay day, CancellationToken ct)
    {
        if (calendar.DaysAgo(day) == CampaignDays)
            await OpenCampaigns(day, ct);
        if (calendar.DayOf(day) < 0)
            return;
        if (day == calendar.First)
        {
            await LinkCard(ct);
            await LinkCreditCard(ct);
        }
        if (day.Date.Day == features.Programme.CreditCards.PostsOnDay)
            await Purchases(day, ct);
        if (day.Date.Day != features.Programme.Transit.PostsOnDay)
            return;
        features.Clock.At(day.Start.AddHours(5));
        await Ride(day.Start, ct);
        await features.PostRidePoints.Run(ct);
    }

    async Task LinkCard(CancellationToken ct)
    {
        features.Clock.At(calendar.First.Start.AddHours(7).AddMinutes(30));
        var member = rider.Payer.MemberId;
        var card = await features.Outside.Transit.Issue(CardNumber, TransitCardForm.Mobile, ct);
        await features.LinkTransitCard.Run(
            new LinkTransitCardRequest(member, card.Number, card.Proof, IdempotencyKey.Of(member, "town transit card")), ct);
    }

    async Task LinkCreditCard(CancellationToken ct)
    {
        features.Clock.At(calendar.First.Start.AddHours(7).AddMinutes(40));
        var member = rider.Payer.MemberId;
        var card = await features.Outside.CreditCards.Issue(CreditCard, ct);
        await features.LinkCreditCard.Run(
            new LinkCreditCardRequest(member, card.LinkToken, IdempotencyKey.Of(member, "town credit card", card.LinkToken)), ct);
    }

    /// <summary>The month that is over, as the card's company tells it: groceries, a charge of the transit card a week, a return.</summary>
    async Task Purchases(JapanDay day, CancellationToken ct)
    {
        features.Clock.At(day.Start.AddHours(4));
        var last = new DateOnly(day.Date.Year, day.Date.Month, 1).AddMonths(-1);
        var items = new List<SandboxPurchaseBody>();
        for (var of = new JapanDay(last); of.Month == new JapanDay(last).Month; of = of.Next)
        {
            if (of < calendar.First)
                continue;
            if (of.Date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Wednesday)
                items.Add(new SandboxPurchaseBody(2_180 + of.Date.Day * 137 % 4_000, $"{of}T18:{10 + of.Date.Day}:00+09:00"));
            if (of.Date.DayOfWeek == DayOfWeek.Monday)
                items.Add(new SandboxPurchaseBody(3_000, $"{of}T07:58:00+09:00", TransitCharge: true));
            if (of.Date.Day == 25)
                items.Add(new SandboxPurchaseBody(-2_400, $"{of}T12:30:00+09:00"));
        }
        if (items.Count > 0)
            await features.TakePurchaseFile.Run($"{last:yyyy-MM}.csv", System.Text.Encoding.UTF8.GetBytes(
                SandboxCreditCardsApi.Text(CreditCard, $"{last:yyyy-MM}", 1, items)), ct);
        await features.PostCreditCardPoints.Run(ct);
    }

    /// <summary>The gates tell all rides so far: those that they told before are known.</summary>
    Task Ride(DateTimeOffset until, CancellationToken ct) => features.ReadRides.Run("gates of the town", Rides(until), ct);

    /// <summary>At the end: the latest rides, what can be exchanged, and what somebody saves for.</summary>
    public async Task Look(IReadOnlyList<(Resident Who, Payer Payer)> people, CancellationToken ct)
    {
        await Ride(calendar.End.AddMinutes(-2), ct);
        var offered = (await features.RewardCatalogue.All(ct)).ToDictionary(r => r.Title);
        foreach (var reward in s_rewards.Where(r => !offered.ContainsKey(r.Title)))
            if (await features.KeepRewards.Make(reward, ct) is { Accepted: true, Value: var made })
                offered.Add(made.Title, made);
        var (aoi, saver) = (Of(TownRole.Suggested), Of(TownRole.Saver));
        features.Clock.At(calendar.End.AddMinutes(-40));
        await features.Goals.Set(aoi, null, offered[s_rewards[2].Title].Id, null, ct);
        await features.OrderReward.Run(new OrderRewardRequest(
            people.Single(p => p.Who.Role == TownRole.Saver).Payer, offered[s_rewards[0].Title].Id, 1,
            IdempotencyKey.Of(saver, "town reward")), ct);

        Members.MemberId Of(TownRole role) => people.Single(p => p.Who.Role == role).Payer.MemberId;
    }

    async Task OpenCampaigns(JapanDay day, CancellationToken ct)
    {
        features.Clock.At(day.Start.AddMinutes(10));
        foreach (var (terms, runs) in Campaigns(day))
        {
            var proposed = await features.ProposeCampaign.Run(
                new ProposeCampaignRequest(terms, By(OperatorRoles.Campaigns, 0), "town " + terms.NameEn), ct);
            if (!proposed.Accepted)
                throw new InvalidOperationException($"The campaign {terms.NameEn} cannot be proposed: {proposed.Refusal}.");
            if (proposed.Value.State != CampaignState.Proposed)
                continue;
            await features.DryRunCampaign.Run(proposed.Value.Id, By(OperatorRoles.Campaigns, 0), ct);
            if (runs)
                await features.ApproveCampaign.Run(proposed.Value.Id, By(OperatorRoles.Campaigns, 1), ct: ct);
        }
    }

    /// <summary>One for everybody, one to enter, and one that waits for a second person.</summary>
    static (CampaignTerms Terms, bool Runs)[] Campaigns(JapanDay day)
    {
        var (from, until) = (day.Start.AddHours(4), day.Start.AddDays(CampaignDays + 45));
        return
        [
            (new CampaignTerms
            {
                NameJa = "週末は駅前でプラス2%",
                NameEn = "2 % more at weekends",
                TextJa = "土曜日と日曜日のお支払いで、いつものポイントに2%を上乗せします。",
                TextEn = "Payments on Saturdays and Sundays bring 2 % on top.",
                From = from,
                Until = until,
                Days = [DayOfWeek.Saturday, DayOfWeek.Sunday],
                Gift = new GiftRule(GiftKind.Percent, 2),
                CapPerDay = 200,
                Budget = 100_000,
                LastsDays = 60,
            }, true),
            (new CampaignTerms
            {
                NameJa = "パンの朝",
                NameEn = "Bread in the morning",
                TextJa = "エントリーのうえ、朝11時までにパン屋さんで500円以上お支払いになると30ポイント。",
                TextEn = "Enter, and a payment of 500 yen or more at a bakery before eleven brings 30 points.",
                EntryNeeded = true,
                From = from,
                Until = until,
                Categories = ["bakery"],
                UntilHour = 11,
                LeastYen = 500,
                Gift = new GiftRule(GiftKind.Fixed, 30),
                CapInAll = 300,
                Budget = 30_000,
                LastsDays = 30,
            }, true),
            (new CampaignTerms
            {
                NameJa = "書店で100円ごとに1ポイント",
                NameEn = "A point for 100 yen at bookshops",
                From = from,
                Until = until,
                Categories = ["bookshop"],
                Gift = new GiftRule(GiftKind.PerYen, 1, 100),
                Budget = 50_000,
                LastsDays = 90,
            }, false),
        ];
    }

    /// <summary>To work and back on weekdays, and round the line on other days.</summary>
    IEnumerable<FedRide> Rides(DateTimeOffset until)
    {
        var (who, line) = (rider.Who, 0);
        for (var day = calendar.First; day <= calendar.Today; day = day.Next)
        {
            var weekend = day.Date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
            var far = LoopLine.Across(who.Home);
            foreach (var (from, to, hour, minute) in weekend
                ? ((string, string, int, int)[])[(who.Home, far, 11, 5), (far, who.Home, 15, 40)]
                : [(who.Home, who.Work, 8, 12), (who.Work, who.Home, 18, 31)])
            {
                var gate = day.Start.AddHours(hour).AddMinutes(minute + day.Date.Day % 7);
                var leaves = gate.AddMinutes(3 + 2 * LoopLine.Stops(from, to));
                if (leaves < until)
                    yield return new FedRide(++line, CardNumber, from, to, LoopLine.Fare(from, to), gate, leaves);
            }
        }
    }

    /// <summary>The so-many-th of those who may: what takes two people is done by two.</summary>
    ActingOperator By(OperatorRoles role, int which) =>
        staff.Where(one => one.Roles.Contains(RoleNames.Of(role))).ElementAt(which).Id;
}

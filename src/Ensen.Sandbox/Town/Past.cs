using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;

namespace Ensen.Sandbox.Town;

/// <summary>
/// The town's past, day by day: everybody does what they mean to do, all at the same time; between, money is sent; at night the day is
/// closed.
/// <paramref name="again"/>: an earlier start was interrupted, and part of it has happened.
/// </summary>
sealed class Past(TownFeatures features, Calendar calendar, bool again)
{
    /// <summary>The seed of everything that chance decides.</summary>
    const int Seed = 1_961;

    const long EnoughToTry = 8_000;

    readonly TownCentre _centre = new(features);

    public int Refused { get; private set; }

    public async Task<TownPeople> Make(CancellationToken ct)
    {
        features.Clock.Begin(calendar.Opened.Start);
        var settlers = new Settlers(features, calendar);
        var shops = await settlers.Shops(ct);
        var staff = await TownStaff.Employ(features, ct);
        var suggested = shops.First(s => s.Plan.Name == ShopPlans.Suggested);
        var shopStaff = await TownShopStaff.Employ(features, suggested, ct);
        var mall = await _centre.Open(ct);
        var hash = PasswordHash.Make(TownPeople.Password);
        var lives = await Task.WhenAll(Residents.All.Select(async who =>
        {
            var chance = new Random(Seed + who.Number);
            return new Life(who, await settlers.Member(who, hash, ct), new Errands(who, calendar, shops, chance), features, calendar,
                chance, again);
        }));

        var rider = lives.First(l => l.Who.Role == TownRole.Suggested);
        var programme = new TownProgramme(features, calendar, staff, (rider.Who, rider.Payer));
        foreach (var day in calendar.All)
        {
            await programme.Begin(day, ct);
            await Live(day, lives, ct);
        }
        var former = await new TownLeavers(features, suggested)
            .Go(lives.First(l => l.Who.Role == TownRole.Family).Payer, calendar.End, ct);
        features.Clock.At(calendar.End);
        await features.Outbox.RunDue(ct);
        await TownPapers.Bring(features, lives.Select(l => (l.Who, l.Payer)), ct);
        await programme.Look([.. lives.Select(l => (l.Who, l.Payer))], ct);
        await new TownStates(features, [.. lives.Select(l => (l.Who, l.Payer))], staff).Bring(ct);
        var card = await _centre.Cards(lives.First(l => l.Who.Role == TownRole.Suggested).Payer.MemberId, ct);
        await features.Outbox.RunDue(ct);
        Refused = lives.Sum(l => l.Refused);
        foreach (var shop in shops)
            shop.Dispose();
        return new TownPeople(
            [.. lives.Select(l => new TownMember(l.Payer.MemberId, l.Who.Name, l.Who.Email, l.Who.Language, l.Who.Role))],
            [.. shops.Select(s => s.Listed)])
        { Operators = staff, ShopStaff = shopStaff, Former = former, Mall = mall, CardToTry = card };
    }

    async Task Live(JapanDay day, IReadOnlyList<Life> lives, CancellationToken ct)
    {
        if (day >= calendar.First)
            await Close(day, ct);
        features.Clock.Begin(day.Start);
        foreach (var life in lives)
            life.Begin(day);
        foreach (var (from, to, it, at) in Sent(day, lives))
        {
            await Everybody(lives, at, ct);
            await from.Send(to, it.Yen, it.Note, at, ct);
        }
        await Everybody(lives, day.Next.Start, ct);
        await _centre.Live(lives.First(l => l.Who.Role == TownRole.Suggested).Payer.MemberId, calendar.DaysAgo(day), day, ct);
        if (calendar.DaysAgo(day) == 1)
            await lives.First(l => l.Who.Role == TownRole.Suggested).HaveAtLeast(EnoughToTry, day.Start.AddHours(22).AddMinutes(4), ct);
    }

    /// <summary>
    /// What each business day begins with. Before the three months, the days that closing could have touched are caught up.
    /// </summary>
    async Task Close(JapanDay day, CancellationToken ct)
    {
        if (day == calendar.First)
        {
            features.Clock.At(calendar.ClosingFrom.Start.AddMinutes(3));
            await features.CloseDays.Run(ct);
        }
        features.Clock.At(day.Start.AddMinutes(3));
        await features.CloseDays.Run(ct);
    }

    static Task Everybody(IReadOnlyList<Life> lives, DateTimeOffset until, CancellationToken ct) =>
        Task.WhenAll(lives.Select(l => l.Until(until, ct)));

    IEnumerable<(Life From, Life To, Sending It, DateTimeOffset At)> Sent(JapanDay day, IReadOnlyList<Life> lives) =>
        from it in Occasions.Money
        let days = calendar.DayOf(day) - it.FirstDay
        where days >= 0 && days % it.Every == 0
        let at = day.Start.AddHours(it.Hour).AddMinutes((it.FirstDay * 7 + days * 13) % 60).AddSeconds(days * 17 % 60)
        where at < calendar.End.AddMinutes(-2)
        orderby at
        select (lives.First(l => l.Who.Mail == it.From), lives.First(l => l.Who.Mail == it.To), it, at);
}

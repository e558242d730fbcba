using Ensen.Basics;

namespace Ensen.Sandbox.Town;

/// <summary>
/// Somebody means to be in a shop and to pay so much, yen; <paramref name="Refund"/>: what the shop gives back half an hour later.
/// </summary>
sealed record Errand(DateTimeOffset At, OpenShop Shop, long Yen, long Refund, string? Reason);

/// <summary>What one resident means to do on a day: what habit and chance say, and the occasions of that day.</summary>
sealed class Errands
{
    static readonly HashSet<string> s_goods =
        ["bicycle", "bookshop", "cakes", "clothing", "depachika", "electronics", "florist", "pharmacy", "shoes", "souvenir", "stationery",
            "toys"];

    static readonly string[] s_reasons = ["サイズ違い", "ご注文の取り消し", "商品の破損", "金額の打ち間違い"];

    readonly Resident _who;
    readonly Calendar _calendar;
    readonly IReadOnlyList<OpenShop> _shops;
    readonly Random _chance;
    readonly List<(Habit Habit, string Favourite, double Usual)> _habits;

    public Errands(Resident who, Calendar calendar, IReadOnlyList<OpenShop> shops, Random chance)
    {
        (_who, _calendar, _shops, _chance) = (who, calendar, shops, chance);
        _habits = [.. Habits.Of(who.Persona).Select(habit => (habit, Pick(habit.Trades.Split('/')), chance.NextDouble()))];
    }

    public IReadOnlyList<Errand> Of(JapanDay day)
    {
        var errands = new List<Errand>();
        foreach (var (habit, favourite, usual) in _habits)
            if (habit.Days.Contains(Weekday(day)) && _chance.NextDouble() < habit.RandomSource)
            {
                var trade = _chance.NextDouble() < 0.78 ? favourite : Pick(habit.Trades.Split('/'));
                var near = Nearest(trade, habit.Near == Near.Home ? _who.Home : _who.Work);
                var shop = _chance.NextDouble() < 0.14 ? near[^1] : near[0];
                errands.Add(Refunded(new Errand(
                    Time(day, habit.Hour, habit.Minute, habit.Spread), shop, Prices.Of(trade, usual, _chance), 0, null)));
            }
        foreach (var it in Occasions.Once)
            if (it.Who == _who.Role && it.DaysAgo == _calendar.DaysAgo(day))
                errands.Add(new Errand(
                    Time(day, it.Hour, 30, 25), Nearest(it.MerchantCategory, _who.Work)[0], it.Yen, it.Refund, it.Reason));
        return [.. errands.OrderBy(e => e.At)];
    }

    /// <summary>Goods are brought back now and then: half of the time all of them.</summary>
    Errand Refunded(Errand errand)
    {
        if (!s_goods.Contains(errand.Shop.Plan.MerchantCategory) || _chance.NextDouble() > 0.02)
            return errand;
        var whole = _chance.Next(2) == 0;
        return errand with { Refund = whole ? errand.Yen : errand.Yen * _chance.Next(2, 6) / 80 * 10, Reason = Pick(s_reasons) };
    }

    DateTimeOffset Time(JapanDay day, int hour, int minute, int spread) =>
        day.Start.AddHours(hour).AddMinutes(minute + (_chance.NextDouble() + _chance.NextDouble() - 1) * spread)
            .AddSeconds(_chance.Next(60));

    /// <summary>The nearest shop of a trade, and the next one if it is hardly farther.</summary>
    List<OpenShop> Nearest(string trade, string station)
    {
        var near = _shops.Where(s => s.Plan.MerchantCategory == trade).OrderBy(s => LoopLine.Stops(s.Plan.Station, station))
            .Take(2).ToList();
        return near.Count == 2 && Stops(near[1]) - Stops(near[0]) <= 2 ? near : near[..1];

        int Stops(OpenShop shop) => LoopLine.Stops(shop.Plan.Station, station);
    }

    string Pick(string[] words) => words[_chance.Next(words.Length)];

    // 1 is Monday.
    static char Weekday(JapanDay day) => (char)('1' + ((int)day.Date.DayOfWeek + 6) % 7);
}

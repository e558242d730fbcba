using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Merchants;

namespace Ensen.Tests.Campaigns;

/// <summary>Whom a campaign covers and how much it gives, without a database.</summary>
public class CampaignTermsTests
{
    static readonly StoreId s_bakery = new(Guid.Parse("00000000-0000-7000-8000-0000000000a1"));
    static readonly DateTimeOffset s_monday = new(2026, 6, 1, 12, 0, 0, TimeSpan.FromHours(9));

    internal static CampaignTerms Terms { get; } = new()
    {
        NameJa = "パンの週",
        NameEn = "Bakery week",
        From = s_monday.AddDays(-1),
        Until = s_monday.AddDays(6),
        Gift = new GiftRule(GiftKind.PerYen, 1, 100),
        Budget = 100_000,
        LastDay = new DateOnly(2026, 9, 30),
    };

    [Theory]
    [InlineData(GiftKind.PerYen, 3, 100, 0, 299, 6)]
    [InlineData(GiftKind.PerYen, 3, 100, 0, 99, 0)]
    [InlineData(GiftKind.Fixed, 50, 0, 0, 1, 50)]
    [InlineData(GiftKind.Fixed, 50, 0, 0, 0, 0)]
    [InlineData(GiftKind.Fixed, 50, 0, 1_000, 999, 0)]
    [InlineData(GiftKind.Fixed, 50, 0, 1_000, 1_000, 50)]
    [InlineData(GiftKind.Percent, 10, 0, 0, 999, 99)]
    [InlineData(GiftKind.Percent, 10, 0, 0, 9, 0)]
    [InlineData(GiftKind.Percent, 100, 0, 0, 1, 1)]
    public void It_gives_by_its_rule_rounded_down(GiftKind kind, long amount, long perYen, long least, long yen, long points) =>
        (Terms with { Gift = new GiftRule(kind, amount, perYen), LeastYen = least }).Gives(yen.Yen()).ShouldBe(points.Points());

    [Fact]
    public void It_covers_what_all_its_conditions_let_in()
    {
        Covers(_ => _).ShouldBeTrue();
        Covers(t => t with { VerifiedOnly = true }).ShouldBeFalse();
        Covers(t => t with { VerifiedOnly = true }, verified: true).ShouldBeTrue();
        Covers(t => t with { Stores = [s_bakery] }).ShouldBeTrue();
        Covers(t => t with { Stores = [new StoreId(Guid.NewGuid())] }).ShouldBeFalse();
        Covers(t => t with { Categories = ["cafe", "bakery"] }).ShouldBeTrue();
        Covers(t => t with { Categories = ["cafe"] }).ShouldBeFalse();
        Covers(t => t with { Areas = ["天満"] }).ShouldBeTrue();
        Covers(t => t with { Areas = ["福島"] }).ShouldBeFalse();
        Covers(t => t with { Channels = [Channel.Tag] }).ShouldBeTrue();
        Covers(t => t with { Channels = [Channel.Qr, Channel.Code] }).ShouldBeFalse();
        Covers(t => t with { Days = [DayOfWeek.Monday] }).ShouldBeTrue();
        Covers(t => t with { Days = [DayOfWeek.Sunday] }).ShouldBeFalse();
        Covers(t => t with { FromHour = 12 }).ShouldBeTrue();
        Covers(t => t with { UntilHour = 12 }).ShouldBeFalse();
        Covers(t => t with { From = s_monday }).ShouldBeTrue();
        Covers(t => t with { From = s_monday.AddMilliseconds(1) }).ShouldBeFalse();
        Covers(t => t with { Until = s_monday }).ShouldBeFalse();
        Covers(t => t with { Until = s_monday.AddMilliseconds(1) }).ShouldBeTrue();

        static bool Covers(Func<CampaignTerms, CampaignTerms> with, bool verified = false) => with(Terms).Covers(
            new CampaignPayment(verified, s_bakery, "bakery", "天満", Channel.Tag, s_monday), s_calendar);
    }

    // 20 July 2026 is Marine Day, a Monday; 31 December is a Thursday.
    [Theory]
    [InlineData("2026-07-17", JapanDayKind.Weekday)]
    [InlineData("2026-07-18", JapanDayKind.Weekend)]
    [InlineData("2026-07-20", JapanDayKind.Holiday)]
    [InlineData("2026-12-31", JapanDayKind.YearEnd)]
    public void A_day_is_of_one_kind_and_an_operator_may_move_a_holiday(string day, JapanDayKind kind)
    {
        var payment = CampaignPayment.AtCentre(true, JapanDay.Parse(day).Start);
        foreach (var one in Enum.GetValues<JapanDayKind>())
            (Terms with { DayKinds = [one], Channels = [Channel.PointTill] }).Suits(payment, s_calendar).ShouldBe(one == kind);
        (Terms with { DayKinds = [JapanDayKind.Holiday], Channels = [Channel.PointTill] })
            .Suits(payment, new JapaneseCalendar(new CalendarRules { Added = day })).ShouldBeTrue();
    }

    [Fact]
    public void A_point_till_takes_part_only_where_it_is_named()
    {
        var payment = CampaignPayment.AtCentre(true, s_monday);
        Terms.Suits(payment, s_calendar).ShouldBeFalse();
        (Terms with { Channels = [Channel.Tag] }).Suits(payment, s_calendar).ShouldBeFalse();
        (Terms with { Channels = [Channel.Tag, Channel.PointTill] }).Suits(payment, s_calendar).ShouldBeTrue();
    }

    static readonly JapaneseCalendar s_calendar = new(new CalendarRules());

    // The clock of the server may be anywhere: the hour is Japan's. 23:59:59.999 in Tokyo is 14:59:59.999 in UTC.
    [Theory]
    [InlineData("2026-06-01T23:59:59.999+09:00", DayOfWeek.Monday, true)]
    [InlineData("2026-06-01T14:59:59.999Z", DayOfWeek.Monday, true)]
    [InlineData("2026-06-01T15:00:00Z", DayOfWeek.Monday, false)]
    [InlineData("2026-06-01T15:00:00Z", DayOfWeek.Tuesday, true)]
    public void Days_and_hours_are_those_of_Japan(string at, DayOfWeek day, bool covers) =>
        (Terms with { Days = [day] }).Covers(new CampaignPayment(
            true, s_bakery, "bakery", "天満", Channel.Tag, DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)),
            s_calendar).ShouldBe(covers);

    [Fact]
    public void Terms_that_contradict_themselves_are_refused()
    {
        Terms.AreFine(s_monday).ShouldBeTrue();
        foreach (var wrong in (CampaignTerms[])[
            Terms with { NameJa = "" }, Terms with { NameEn = " " }, Terms with { NameJa = new string('a', 41) },
            Terms with { TextEn = "turned \u202e round" }, Terms with { Categories = ["spaceship"] }, Terms with { Areas = [""] },
            Terms with { Until = Terms.From }, Terms with { Until = s_monday }, Terms with { Until = Terms.From.AddYears(3), LastDay = null, LastsDays = 1 },
            Terms with { FromHour = 24 }, Terms with { FromHour = 10, UntilHour = 10 }, Terms with { UntilHour = 25 },
            Terms with { Days = [(DayOfWeek)7] }, Terms with { Channels = [0] }, Terms with { DayKinds = [0] },
            Terms with { PendingDays = -1 }, Terms with { PendingDays = 366 }, Terms with { PendingDays = 365 },
            Terms with { Gift = new GiftRule(GiftKind.PerYen, 1) }, Terms with { Gift = new GiftRule(GiftKind.Fixed, 0) },
            Terms with { Gift = new GiftRule(GiftKind.Percent, 101) }, Terms with { Gift = new GiftRule(0, 1) },
            Terms with { LeastYen = -1 }, Terms with { CapPerDay = 0 }, Terms with { CapInAll = -1 }, Terms with { Budget = 0 },
            Terms with { Budget = CampaignTerms.MostBudget + 1 }, Terms with { LastDay = null }, Terms with { LastsDays = 30 },
            Terms with { LastDay = null, LastsDays = 0 }, Terms with { LastDay = new DateOnly(2026, 6, 6) }])
            wrong.AreFine(s_monday).ShouldBeFalse(wrong.ToString());
        (Terms with { LastDay = new DateOnly(2026, 6, 7) }).AreFine(s_monday).ShouldBeTrue();
    }

    [Fact]
    public void Each_field_that_is_wrong_is_named_by_itself()
    {
        (Terms with { Gift = new GiftRule(GiftKind.PerYen, 1_000_000, 1_000_001), Budget = 0 }).Faults(s_monday)
            .ShouldBe([CampaignField.Amount, CampaignField.PerYen, CampaignField.Budget]);
        (Terms with { NameEn = "", Until = s_monday.AddDays(-2) }).Faults(s_monday).ShouldBe([CampaignField.NameEn, CampaignField.Until]);
        (Terms with { FromHour = 10, UntilHour = 10, CapPerDay = 0, PendingDays = 366 }).Faults(s_monday)
            .ShouldBe([CampaignField.CapPerDay, CampaignField.PendingDays, CampaignField.UntilHour]);
        (Terms with { LastDay = new DateOnly(2026, 6, 6) }).Faults(s_monday).ShouldBe([CampaignField.Lasts]);
        (Terms with { CapPerDay = 101, CapInAll = 100 }).Faults(s_monday).ShouldBe([CampaignField.CapPerDay]);
        (Terms with { CapPerDay = 100, CapInAll = 100 }).Faults(s_monday).ShouldBeEmpty();
        (Terms with { Gift = new GiftRule(GiftKind.Percent, 3, 200) }).Faults(s_monday).ShouldBe([CampaignField.PerYen]);
    }

    [Fact]
    public void They_are_kept_whole()
    {
        var terms = Terms with
        {
            Stores = [s_bakery],
            Days = [DayOfWeek.Saturday],
            Channels = [Channel.Qr],
            CapPerDay = 100,
            LeastYen = 500,
            EntryNeeded = true,
        };
        CampaignTerms.Read(terms.ToJson()).ToJson().ShouldBe(terms.ToJson());
        CampaignTerms.Read(terms.ToJson()).Stores.ShouldBe(terms.Stores);
        terms.LastDayOf(JapanDay.Parse("2026-06-01")).ShouldBe(JapanDay.Parse("2026-09-30"));
        (terms with { LastDay = null, LastsDays = 30 }).LastDayOf(JapanDay.Parse("2026-06-01")).ShouldBe(JapanDay.Parse("2026-07-01"));
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Points;

namespace Ensen.Campaigns;

/// <summary>How a payment came about, as campaigns tell it apart. The names are stored.</summary>
public enum Channel
{
    /// <summary>The member named the store in the app or by a partner's program.</summary>
    Store = 1,
    Tag = 2,

    /// <summary>A store's QR, printed or shown by its till.</summary>
    Qr = 3,

    /// <summary>The member showed a code.</summary>
    Code = 4,

    /// <summary>
    /// A purchase at a shopping centre, paid otherwise, for which its point till gives points. Only campaigns that name it give there.
    /// </summary>
    PointTill = 5,
}

/// <summary>How the points of a gift are reckoned. The names are stored.</summary>
public enum GiftKind
{
    /// <summary>So many points for each full so many yen.</summary>
    PerYen = 1,

    /// <summary>The same for every payment.</summary>
    Fixed = 2,

    /// <summary>So many percent of the yen.</summary>
    Percent = 3,
}

/// <summary>A part of a campaign's terms that can be wrong by itself.</summary>
public enum CampaignField
{
    NameJa = 1,
    NameEn = 2,
    TextJa = 3,
    TextEn = 4,
    Gift = 5,
    Amount = 6,
    PerYen = 7,
    LeastYen = 8,
    Budget = 9,
    CapPerDay = 10,
    CapInAll = 11,
    PendingDays = 12,

    /// <summary>The last day of its points, or how many days they last.</summary>
    Lasts = 13,

    /// <summary>A use that there is not.</summary>
    Uses = 14,
    From = 15,

    /// <summary>No moment, or one that is over, before the beginning or too far from it.</summary>
    Until = 16,
    DayKinds = 17,
    Days = 18,
    FromHour = 19,
    UntilHour = 20,
    Channels = 21,
    Categories = 22,

    /// <summary>An area that no store is in.</summary>
    Areas = 23,

    /// <summary>A store that there is not.</summary>
    Stores = 24,
}

/// <summary>What a payment gets, from its yen part and rounded down.</summary>
/// <param name="Amount">Points; percent where it is percent.</param>
/// <param name="PerYen">For each full so many yen; 0 where that has no meaning.</param>
public sealed record GiftRule(GiftKind Kind, long Amount, long PerYen = 0)
{
    public PointAmount Of(Yen yenPart) => yenPart <= Yen.Zero ? PointAmount.Zero : Kind switch
    {
        GiftKind.PerYen => new PointAmount(checked(yenPart.Value / PerYen * Amount)),
        GiftKind.Fixed => new PointAmount(Amount),
        GiftKind.Percent => new PointAmount(new Rate(Amount, 100).Of(yenPart.Value, Rounding.Down)),
        _ => throw new ArgumentOutOfRangeException(nameof(yenPart), Kind, "no way to reckon a gift"),
    };

    public const long MostPoints = 100_000, MostPercent = 100, MostYen = 1_000_000;

    [JsonIgnore]
    public bool IsAmountFine => Amount > 0 && Amount <= (Kind == GiftKind.Percent ? MostPercent : MostPoints);

    [JsonIgnore]
    public bool IsPerYenFine => Kind == GiftKind.PerYen ? PerYen is > 0 and <= MostYen : PerYen == 0;
}

/// <summary>
/// What a campaign says: to whom, where and when it gives how much, and how much in all. It never changes once it is proposed: another
/// offer is another campaign. Lists that are empty exclude nobody.
/// </summary>
public sealed record CampaignTerms
{
    public required string NameJa { get; init; }
    public required string NameEn { get; init; }
    public string TextJa { get; init; } = "";
    public string TextEn { get; init; } = "";

    /// <summary>Only for members whose identity was verified.</summary>
    public bool VerifiedOnly { get; init; }

    /// <summary>Only for members who entered it before they paid.</summary>
    public bool EntryNeeded { get; init; }

    public IReadOnlyList<StoreId> Stores { get; init; } = [];

    /// <summary>Of <see cref="MerchantCategory"/>.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];
    public IReadOnlyList<string> Areas { get; init; } = [];

    /// <summary>The first instant, and the first at which it is over.</summary>
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset Until { get; init; }

    /// <summary>What sort of days; the calendar's holidays are of their own sort, whichever day of the week they fall on.</summary>
    public IReadOnlyList<JapanDayKind> DayKinds { get; init; } = [];

    /// <summary>Japan's days of the week and hours: from the beginning of one to the beginning of the other.</summary>
    public IReadOnlyList<DayOfWeek> Days { get; init; } = [];
    public int FromHour { get; init; }
    public int UntilHour { get; init; } = 24;

    public IReadOnlyList<Channel> Channels { get; init; } = [];
    public required GiftRule Gift { get; init; }

    /// <summary>The least yen part that gets anything.</summary>
    public long LeastYen { get; init; }

    /// <summary>Most points of one member, on a day and in all; null: only the budget is the end.</summary>
    public long? CapPerDay { get; init; }
    public long? CapInAll { get; init; }

    /// <summary>
    /// Points in all. A payment for which less is left gets what is left; after that nobody gets anything. What refunds take back does not
    /// come into it again.
    /// </summary>
    public required long Budget { get; init; }

    /// <summary>The last day of its points: this one, or so many days after the payment.</summary>
    public DateOnly? LastDay { get; init; }
    public int? LastsDays { get; init; }

    /// <summary>
    /// For so many days its points are pending: they can be spent from the day on which it is unlikely that the purchase is taken back. 0:
    /// they can be spent at once. <see cref="LastsDays"/> are reckoned from that day.
    /// </summary>
    public int PendingDays { get; init; }

    /// <summary>The number of what its points can be spent on (<see cref="PointUse"/>); 0: on everything.</summary>
    public int Uses { get; init; }

    /// <summary>What a payment of so many yen gets, were there no caps and no budget.</summary>
    public PointAmount Gives(Yen yenPart) => yenPart.Value < LeastYen ? PointAmount.Zero : Gift.Of(yenPart);

    /// <summary>Whether a payment is one of those that it is for, whatever its amount and whoever entered.</summary>
    public bool Covers(CampaignPayment payment, JapaneseCalendar calendar) =>
        payment.At >= From && payment.At < Until && Suits(payment, calendar);

    /// <summary>The same at any time: on another day of this kind it would be.</summary>
    public bool Suits(CampaignPayment payment, JapaneseCalendar calendar)
    {
        var at = JapanDay.InTokyo(payment.At);
        return (!VerifiedOnly || payment.Verified)
            && (Stores.Count == 0 || Stores.Contains(payment.StoreId))
            && (Categories.Count == 0 || Categories.Contains(payment.Category))
            && (Areas.Count == 0 || Areas.Contains(payment.Area))
            && (Days.Count == 0 || Days.Contains(at.DayOfWeek))
            && at.Hour >= FromHour && at.Hour < UntilHour
            && (Channels.Count == 0 ? payment.Channel != Channel.PointTill : Channels.Contains(payment.Channel))
            && (DayKinds.Count == 0 || calendar.KindOf(JapanDay.Of(payment.At)) is { } kind && DayKinds.Contains(kind));
    }

    /// <summary>From which day on points can be spent that are given on this one.</summary>
    public JapanDay UsableFrom(JapanDay given) => new(given.Date.AddDays(PendingDays));

    /// <summary>The last day of points that can be spent from this day on.</summary>
    public JapanDay LastDayOf(JapanDay usableFrom) =>
        LastDay is { } last ? new JapanDay(last) : new JapanDay(usableFrom.Date.AddDays(LastsDays!.Value));

    /// <summary>The lot of points that can be spent from this day on.</summary>
    public Lot LotOf(JapanDay usableFrom) => Lot.Campaign(LastDayOf(usableFrom), Uses);

    /// <summary>Whether a campaign can be made of them at this instant.</summary>
    public bool AreFine(DateTimeOffset now) => !Faults(now).Any();

    /// <summary>The fields that are missing, contradict another or are beyond their bounds.</summary>
    public IEnumerable<CampaignField> Faults(DateTimeOffset now)
    {
        IEnumerable<(CampaignField Field, bool Fine)> fields =
        [
            (CampaignField.NameJa, IsText(NameJa, 1, LongestName)), (CampaignField.NameEn, IsText(NameEn, 1, LongestEnglishName)),
            (CampaignField.TextJa, IsText(TextJa, 0, LongestText)), (CampaignField.TextEn, IsText(TextEn, 0, LongestEnglishText)),
            (CampaignField.Gift, Enum.IsDefined(Gift.Kind)),
            (CampaignField.Amount, Gift.IsAmountFine), (CampaignField.PerYen, Gift.IsPerYenFine),
            (CampaignField.LeastYen, LeastYen is >= 0 and <= MostLeastYen), (CampaignField.Budget, Budget is > 0 and <= MostBudget),
            (CampaignField.CapPerDay, IsCap(CapPerDay) && !(IsCap(CapInAll) && CapPerDay > CapInAll)),
            (CampaignField.CapInAll, IsCap(CapInAll)),
            (CampaignField.PendingDays, PendingDays is >= 0 and <= MostPendingDays),
            (CampaignField.Lasts, (LastDay is null) != (LastsDays is null) && LastsDays is null or (>= 1 and <= MostLastsDays)),
            (CampaignField.Uses, Uses is >= 0 and <= PointUse.Most),
            (CampaignField.Until, From < Until && Until > now && Until <= Lot.LatestOfCampaigns.Start && Until <= From.AddYears(2)),
            (CampaignField.DayKinds, DayKinds.All(Enum.IsDefined)), (CampaignField.Days, Days.All(Enum.IsDefined)),
            (CampaignField.FromHour, FromHour is >= 0 and < 24),
            (CampaignField.UntilHour, UntilHour is > 0 and <= 24 && FromHour < UntilHour),
            (CampaignField.Channels, Channels.All(Enum.IsDefined)), (CampaignField.Categories, Categories.All(MerchantCategory.IsKnown)),
            (CampaignField.Areas, Areas.Count <= 100 && Areas.All(a => IsText(a, 1, 60))),
            (CampaignField.Stores, Stores.Count <= MostStores),
        ];
        var wrong = fields.Where(f => !f.Fine).Select(f => f.Field).ToList();
        // When points lapse can be asked only where all that it depends on is fine.
        if (!wrong.Exists(f => f is CampaignField.Until or CampaignField.PendingDays or CampaignField.Lasts)
            && UsableFrom(JapanDay.Of(Until.AddMilliseconds(-1))) is var usableFrom
            && !(LastDayOf(usableFrom) >= usableFrom && LastDayOf(usableFrom) <= Lot.LatestOfCampaigns))
            wrong.Add(CampaignField.Lasts);
        return wrong;
    }

    public const int LongestName = 40, LongestEnglishName = 60, LongestText = 400, LongestEnglishText = 600;
    public const long MostLeastYen = 1_000_000;
    public const int MostLastsDays = 1_000, MostStores = 1_000;

    /// <summary>As long as a purchase can be taken back.</summary>
    public const int MostPendingDays = 365;

    /// <summary>Far above every budget, far below where a sum could overflow.</summary>
    public const long MostBudget = 1_000_000_000_000;

    static bool IsCap(long? cap) => cap is null or (> 0 and <= MostBudget);

    static bool IsText(string text, int least, int most) => text.Trim().Length >= least && text.Length <= most
        && (text.Length == 0 || InvisibleCharacters.IsReadable(text)) && !CardDigits.In(text);

    public string ToJson() => JsonSerializer.Serialize(this, CampaignsJson.Default.CampaignTerms);

    public static CampaignTerms Read(string json) => JsonSerializer.Deserialize(json, CampaignsJson.Default.CampaignTerms)!;
}

/// <summary>What a campaign looks at of a payment.</summary>
public readonly record struct CampaignPayment(
    bool Verified, StoreId StoreId, string Category, string Area, Channel Channel, DateTimeOffset At)
{
    /// <summary>A purchase at a shopping centre, which is no store and of no kind.</summary>
    public static CampaignPayment AtCentre(bool verified, DateTimeOffset at) => new(verified, default, "", "", Channel.PointTill, at);
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Merchants;
using Ensen.Points;
using Ensen.Ui;

namespace Ensen.Web.Edge;

/// <summary>
/// What a payment gets: <c>per_yen</c> (so many points for each full so many yen), <c>fixed</c> (points) or <c>percent</c>.
/// </summary>
sealed record GiftBody(string Kind, long Amount, long? PerYen = null);

/// <summary>
/// A campaign as it is proposed. Lists that are missing exclude nobody; days and hours are Japan's. Points last until
/// <paramref name="LastDay"/>, or <paramref name="LastsDays"/> after the payment: one of both. When less of the budget is left than a
/// payment would get, it gets what is left, and after that nobody gets anything. With <paramref name="PendingDays"/> the points can be
/// spent so many days after the payment, and last from then on.
/// </summary>
/// <param name="DayKinds"><c>weekday</c>, <c>weekend</c>, <c>holiday</c>, <c>year_end</c> (30 December to 3 January).</param>
/// <param name="Channels">Missing: all ways of paying; <c>point_till</c> takes part only where it is named.</param>
/// <param name="Who"><c>all</c> or <c>verified</c>.</param>
/// <param name="Entry">Only for members who entered it before they paid.</param>
sealed record CampaignBody(
    string NameJa, string NameEn, [property: JsonConverter(typeof(InstantWithOffset))] DateTimeOffset From,
    [property: JsonConverter(typeof(InstantWithOffset))] DateTimeOffset Until, GiftBody Gift, long Budget, string? TextJa = null,
    string? TextEn = null, string? Who = null, bool Entry = false, IReadOnlyList<string>? Stores = null,
    IReadOnlyList<string>? Categories = null, IReadOnlyList<string>? Areas = null, IReadOnlyList<string>? Days = null, int? FromHour = null,
    int? UntilHour = null, IReadOnlyList<string>? Channels = null, long? LeastYen = null, long? CapPerDay = null, long? CapInAll = null,
    string? LastDay = null, int? LastsDays = null, int? Uses = null, int? PendingDays = null,
    IReadOnlyList<string>? DayKinds = null);

/// <summary>A campaign's terms as programs write and read them.</summary>
static class CampaignWords
{
    const string All = "all";
    const string Verified = "verified";

    /// <summary>Null when a word in it is none that there is; <paramref name="wrong"/> has the fields in which.</summary>
    public static CampaignTerms? TermsOf(CampaignBody asked, out IReadOnlyList<CampaignField> wrong)
    {
        var (kind, days, channels) = (One<GiftKind>(asked.Gift.Kind), Each<DayOfWeek>(asked.Days), Each<Channel>(asked.Channels));
        var (dayKinds, stores) = (Each<JapanDayKind>(asked.DayKinds), StoresOf(asked.Stores));
        var isDay = TryDay(asked.LastDay, out var lastDay);
        var isWho = asked.Who is null or All or Verified;
        IEnumerable<(CampaignField Field, bool Fine)> fields =
        [
            (CampaignField.Gift, kind is not null), (CampaignField.Days, days is not null), (CampaignField.Channels, channels is not null),
            (CampaignField.DayKinds, dayKinds is not null), (CampaignField.Stores, stores is not null), (CampaignField.Lasts, isDay),
        ];
        wrong = [.. fields.Where(f => !f.Fine).Select(f => f.Field)];
        if (wrong.Count > 0 || !isWho)
            return null;
        return new CampaignTerms
        {
            NameJa = asked.NameJa,
            NameEn = asked.NameEn,
            TextJa = asked.TextJa ?? "",
            TextEn = asked.TextEn ?? "",
            VerifiedOnly = asked.Who == Verified,
            EntryNeeded = asked.Entry,
            Stores = stores!,
            Categories = asked.Categories ?? [],
            Areas = asked.Areas ?? [],
            From = asked.From.ToUniversalTime(),
            Until = asked.Until.ToUniversalTime(),
            Days = days!,
            DayKinds = dayKinds!,
            FromHour = asked.FromHour ?? 0,
            UntilHour = asked.UntilHour ?? 24,
            Channels = channels!,
            Gift = new GiftRule(kind!.Value, asked.Gift.Amount, asked.Gift.PerYen ?? 0),
            LeastYen = asked.LeastYen ?? 0,
            CapPerDay = asked.CapPerDay,
            CapInAll = asked.CapInAll,
            Budget = asked.Budget,
            LastDay = lastDay,
            LastsDays = asked.LastsDays,
            Uses = asked.Uses ?? 0,
            PendingDays = asked.PendingDays ?? 0,
        };
    }

    /// <summary>What a field is called in <see cref="CampaignBody"/>.</summary>
    public static string NameOf(CampaignField field, CampaignBody asked) => field switch
    {
        CampaignField.Gift => "gift/kind",
        CampaignField.Amount or CampaignField.PerYen => "gift/" + Camel(field),
        CampaignField.Lasts => asked.LastDay is null ? "lastsDays" : "lastDay",
        _ => Camel(field),
    };

    static string Camel(CampaignField field) => JsonNamingPolicy.CamelCase.ConvertName(field.ToString());

    public static CampaignBody Of(CampaignTerms terms) => new(
        terms.NameJa, terms.NameEn, JapanDay.InTokyo(terms.From), JapanDay.InTokyo(terms.Until), Of(terms.Gift), terms.Budget, terms.TextJa,
        terms.TextEn, terms.VerifiedOnly ? Verified : All, terms.EntryNeeded, [.. terms.Stores.Select(s => s.ToString())], terms.Categories,
        terms.Areas, [.. terms.Days.Select(Word)], terms.FromHour, terms.UntilHour, [.. terms.Channels.Select(Word)], terms.LeastYen,
        terms.CapPerDay, terms.CapInAll, terms.LastDay?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), terms.LastsDays, terms.Uses,
        terms.PendingDays, [.. terms.DayKinds.Select(Word)]);

    public static GiftBody Of(GiftRule gift) => new(Word(gift.Kind), gift.Amount, OrNull(gift.PerYen));

    public static long? OrNull(long number) => number == 0 ? null : number;

    /// <summary>In the language of the request; Japanese where it is neither.</summary>
    public static string NameOf(CampaignTerms terms) => Japanese ? terms.NameJa : terms.NameEn;

    public static string TextOf(CampaignTerms terms) => Japanese ? terms.TextJa : terms.TextEn;

    /// <summary>What its points can be spent on, as a member reads it; null where nothing narrows it.</summary>
    public static string? UseOf(CampaignTerms terms, IEnumerable<PointUse> uses) =>
        terms.Uses == 0 ? null : uses.FirstOrDefault(u => u.Number == terms.Uses) is { } use ? NameOf(use) : null;

    public static string NameOf(PointUse use) => Japanese ? use.Name : use.EnglishName;

    static bool Japanese => Languages.Here == Languages.Default;

    static string Word<T>(T value)
        where T : struct, Enum => Problem.Code(value.ToString());

    static T? One<T>(string word)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
            if (Word(value) == word)
                return value;
        return null;
    }

    static List<T>? Each<T>(IReadOnlyList<string>? words)
        where T : struct, Enum
    {
        var values = (words ?? []).Select(One<T>).ToList();
        return values.Contains(null) ? null : [.. values.Select(v => v!.Value).Distinct()];
    }

    static List<StoreId>? StoresOf(IReadOnlyList<string>? ids)
    {
        var stores = new List<StoreId>();
        foreach (var id in ids ?? [])
            if (Id.TryParse(id, out StoreId store))
                stores.Add(store);
            else
                return null;
        return stores;
    }

    static bool TryDay(string? text, out DateOnly? day)
    {
        day = null;
        if (text is null)
            return true;
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read))
            return false;
        day = read;
        return true;
    }
}

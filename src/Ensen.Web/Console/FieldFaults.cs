using Ensen.Campaigns;
using Ensen.Web.Members;
using Ensen.Web.Texts;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Rooms;

/// <summary>What a form of a campaign says beside each field that is wrong, with the bounds it has.</summary>
sealed class FieldFaults(IStringLocalizer<ConsoleWords> texts, IReadOnlyDictionary<string, string>? sent)
{
    /// <summary>What the fields that are wrong are called in what is sent back.</summary>
    public const string Name = "wrong";

    readonly HashSet<string> _wrong = [.. (sent?.GetValueOrDefault(Name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)];

    public int Count => _wrong.Count;

    /// <summary>The fields that are wrong, in the order of the form.</summary>
    public IEnumerable<CampaignField> Fields => Enum.GetValues<CampaignField>().Where(f => _wrong.Contains(f.ToString()));

    /// <summary>Where a field stands in the form, and what it is called there.</summary>
    public static (string Id, string Label) PlaceOf(CampaignField field) => field switch
    {
        CampaignField.NameJa => ("nameJa", "CampaignNameJa"),
        CampaignField.NameEn => ("nameEn", "CampaignNameEn"),
        CampaignField.TextJa => ("textJa", "CampaignTextJa"),
        CampaignField.TextEn => ("textEn", "CampaignTextEn"),
        CampaignField.Gift => ("gift", "CampaignGiftKind"),
        CampaignField.Amount => ("amount", "CampaignAmount"),
        CampaignField.PerYen => ("perYen", "CampaignPerYen"),
        CampaignField.LeastYen => ("least", "CampaignLeast"),
        CampaignField.Budget => ("budget", "CampaignBudget"),
        CampaignField.CapPerDay => ("capPerDay", "CampaignCapPerDay"),
        CampaignField.CapInAll => ("capInAll", "CampaignCapInAll"),
        CampaignField.PendingDays => ("pending", "CampaignPending"),
        CampaignField.Lasts => ("lasts", "CampaignLastsField"),
        CampaignField.Uses => ("uses", "CampaignUses"),
        CampaignField.From => ("from", "CampaignFrom"),
        CampaignField.Until => ("until", "CampaignUntil"),
        CampaignField.DayKinds => ("dayKinds", "CampaignDayKinds"),
        CampaignField.Days => ("days", "CampaignDays"),
        CampaignField.FromHour => ("fromHour", "CampaignFromHour"),
        CampaignField.UntilHour => ("untilHour", "CampaignUntilHour"),
        CampaignField.Channels => ("channels", "CampaignChannels"),
        CampaignField.Categories => ("category", "CampaignCategories"),
        CampaignField.Areas => ("area", "CampaignAreas"),
        CampaignField.Stores => ("find", "CampaignStores"),
    };

    /// <summary>Null where the field is fine.</summary>
    public string? Of(CampaignField field) => _wrong.Contains(field.ToString()) ? Words(field) : null;

    string Words(CampaignField field) => field switch
    {
        CampaignField.NameJa => Letters("CampaignFault_Name", CampaignTerms.LongestName),
        CampaignField.NameEn => Letters("CampaignFault_Name", CampaignTerms.LongestEnglishName),
        CampaignField.TextJa => Letters("CampaignFault_Text", CampaignTerms.LongestText),
        CampaignField.TextEn => Letters("CampaignFault_Text", CampaignTerms.LongestEnglishText),
        CampaignField.Amount => Whole(1, sent?.GetValueOrDefault("gift") == "percent" ? GiftRule.MostPercent : GiftRule.MostPoints),
        CampaignField.PerYen when sent?.GetValueOrDefault("gift") != "per_yen" => texts["CampaignFault_PerYen"],
        CampaignField.PerYen => Whole(1, GiftRule.MostYen),
        CampaignField.LeastYen => WholeOrNone(0, CampaignTerms.MostLeastYen),
        CampaignField.Budget => Whole(1, CampaignTerms.MostBudget),
        CampaignField.CapPerDay => $"{WholeOrNone(1, CampaignTerms.MostBudget)} {texts["CampaignFault_CapPerDay"]}",
        CampaignField.CapInAll => WholeOrNone(1, CampaignTerms.MostBudget),
        CampaignField.PendingDays => WholeOrNone(0, CampaignTerms.MostPendingDays),
        CampaignField.Lasts => Whole(1, CampaignTerms.MostLastsDays),
        CampaignField.FromHour => WholeOrNone(0, 23),
        CampaignField.From or CampaignField.Until or CampaignField.UntilHour or CampaignField.Stores =>
            texts["CampaignFault_" + field, InWords.Number(StoreChoice.Most)],
        _ => texts["CampaignFault_Choice"],
    };

    string Letters(string key, int most) => texts[key, InWords.Number(most)];

    string Whole(long least, long most) => texts["CampaignFault_Whole", InWords.Number(least), InWords.Number(most)];

    string WholeOrNone(long least, long most) => texts["CampaignFault_WholeOrNone", InWords.Number(least), InWords.Number(most)];
}

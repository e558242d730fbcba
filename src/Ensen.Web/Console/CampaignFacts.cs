using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Points;
using Ensen.Ui;
using Ensen.Web.Edge;
using Ensen.Web.Members;
using Ensen.Web.Texts;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Rooms;

/// <summary>
/// A campaign's terms as an operator reads them before approving, whole, each with the name of its text; what excludes nobody is left out.
/// </summary>
sealed class CampaignFacts(IStringLocalizer<ConsoleWords> texts)
{
    public IEnumerable<(string Name, string Value)> Of(CampaignTerms terms, IReadOnlyList<string> stores, IEnumerable<PointUse> uses,
        IReadOnlyList<string> places)
    {
        yield return ("CampaignTextJa", TextOf(terms.TextJa));
        yield return ("CampaignTextEn", TextOf(terms.TextEn));
        yield return ("CampaignFrom", Moment(terms.From));
        yield return ("CampaignUntil", Moment(terms.Until));
        yield return ("CampaignGift", Gift(terms.Gift));
        yield return ("CampaignBudget", Points(terms.Budget));
        if (terms.LeastYen > 0)
            yield return ("CampaignLeast", InWords.Yen(terms.LeastYen));
        if (terms.CapPerDay is { } ofDay)
            yield return ("CampaignCapPerDay", Points(ofDay));
        if (terms.CapInAll is { } inAll)
            yield return ("CampaignCapInAll", Points(inAll));
        yield return ("CampaignLasts", terms.LastDay is { } last ? InWords.Whole(new JapanDay(last))
            : texts[terms.PendingDays > 0 ? "CampaignLastsDaysThen" : "CampaignLastsDays", InWords.Number(terms.LastsDays!.Value)]);
        yield return ("CampaignPending",
            texts[terms.PendingDays > 0 ? "CampaignPendingDays" : "CampaignPendingNone", InWords.Number(terms.PendingDays)]);
        if (CampaignWords.UseOf(terms, uses) is { } use)
            yield return ("CampaignUses", texts["CampaignUsesOf", use, Join(places)]);
        if (terms.VerifiedOnly || terms.EntryNeeded)
            yield return ("CampaignWho", Join([
                .. terms.VerifiedOnly ? [texts["CampaignVerified"].Value] : Array.Empty<string>(),
                .. terms.EntryNeeded ? [texts["CampaignEntry"].Value] : Array.Empty<string>()]));
        if (stores.Count > 0)
            yield return ("CampaignStores", Join(stores));
        if (terms.Categories.Count > 0)
            yield return ("CampaignCategories", Join(terms.Categories.Select(c => texts["Category_" + c].Value)));
        if (terms.Areas.Count > 0)
            yield return ("CampaignAreas", Join(terms.Areas));
        if (terms.DayKinds.Count > 0)
            yield return ("CampaignDayKinds", Join(terms.DayKinds.Select(k => texts["DayKind_" + k].Value)));
        if (terms.Days.Count > 0)
            yield return ("CampaignDays", Join(terms.Days.Select(d => texts["Day_" + d].Value)));
        if (terms.FromHour > 0 || terms.UntilHour < 24)
            yield return ("CampaignHours", FormattableString.Invariant($"{terms.FromHour}:00–{terms.UntilHour}:00"));
        if (terms.Channels.Count > 0)
            yield return ("CampaignChannels", Join(terms.Channels.Select(c => texts["Channel_" + c].Value)));
    }

    public string Gift(GiftRule gift) => gift.Kind switch
    {
        GiftKind.PerYen => texts["Gift_PerYen", InWords.Number(gift.Amount), InWords.Yen(gift.PerYen)],
        GiftKind.Fixed => texts["Gift_Fixed", InWords.Number(gift.Amount)],
        GiftKind.Percent => texts["Gift_Percent", InWords.Number(gift.Amount)],
        _ => throw new ArgumentOutOfRangeException(nameof(gift)),
    };

    string TextOf(string text) => text == "" ? texts["None"] : text;

    static string Points(long points) => InWords.Points(new PointAmount(points));

    string Join(IEnumerable<string> words) => string.Join(texts["Comma"], words);

    static string Moment(DateTimeOffset at) => $"{InWords.Whole(JapanDay.Of(at))} {InWords.Time(at)}";
}

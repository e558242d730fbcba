using System.Globalization;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Ui;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Edge;

/// <summary>Low caps as a sentence, in the reader's language: why, until when, and how much may still be paid and sent.</summary>
public sealed class LowCapsTold(IStringLocalizer<Words> words, Programme programme, TimeProvider clock)
{
    public string Of(LowCapsInForce low) => words["LowCaps_" + low.Cause, When(low.Until), Yen(programme.Payments.Low.PerPayment),
        Yen(programme.Payments.Low.PerDay)];

    string When(DateTimeOffset at)
    {
        var (day, language) = (JapanDay.Of(at), Languages.Here);
        var written = language.Write(day, day.Date.Year == JapanDay.Of(clock.GetUtcNow()).Date.Year ? language.Day : language.WholeDay);
        return $"{written} {JapanDay.InTokyo(at).ToString("HH:mm", CultureInfo.InvariantCulture)}";
    }

    static string Yen(long amount) => Languages.Here.Yen(Language.Number(amount));
}

using System.Globalization;
using Ensen.Basics;

namespace Ensen.Web.Till;

/// <summary>Times and amounts as the till writes them: Japan's time whatever the server keeps, amounts in groups of three.</summary>
static class TillSays
{
    public static string Clock(DateTimeOffset at) => JapanDay.InTokyo(at).ToString("HH:mm", CultureInfo.InvariantCulture);

    public static string Seconds(DateTimeOffset at) => JapanDay.InTokyo(at).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Day(DateTimeOffset at) => Languages.Here.Write(JapanDay.Of(at), Languages.Here.ShortDay);

    public static string Grouped(Yen amount) => Language.Number(amount.Value);

    public static string Grouped(long number) => Language.Number(number);

    public static string Grouped(PointAmount points) => Language.Number(points.Value);
}

using System.Globalization;
using Ensen.Basics;
using Ensen.Wallet;

using Ensen.Ui;
namespace Ensen.Web.Members;

/// <summary>
/// Which points a member lets a payment use, and where that choice is remembered: in a cookie, so that it works without script.
/// </summary>
static class PointsPick
{
    public const string None = "none";
    public const string Soonest = "soonest";
    public const string All = "all";
    public const string Some = "some";
    const string Cookie = "ensen-points";

    /// <summary>The remembered choice. "Some" is never remembered: a number belongs to one payment.</summary>
    public static string Remembered(HttpContext http) =>
        http.Request.Cookies[Cookie] is Soonest or All ? http.Request.Cookies[Cookie]! : None;

    public static void Remember(HttpContext http, string? choice)
    {
        if (choice is None or Soonest or All)
            http.Response.Cookies.Append(Cookie, choice, new CookieOptions
            {
                Path = "/",
                SameSite = SameSiteMode.Lax,
                Secure = http.Request.IsHttps,
                HttpOnly = true,
                MaxAge = TimeSpan.FromDays(365),
            });
    }

    /// <summary>
    /// What the choice means now. "Most": as many as there are and the bill takes; otherwise exactly so many. Null: no number, or more than
    /// there are or than is to pay.
    /// </summary>
    public static (PointAmount Points, bool Most)? Of(string? choice, string? some, Yen amount, WalletBalance wallet) => choice switch
    {
        All => (amount.AsPoints, true),
        Soonest => (PointAmount.Min(amount.AsPoints, First(wallet)), true),
        Some when some is null or "" or "0" => (PointAmount.Zero, false),
        Some => TypedPoints.TryRead(some, out var points) && points <= PointAmount.Min(amount.AsPoints, wallet.Points)
            ? (points, false)
            : null,
        _ => (PointAmount.Zero, false),
    };

    /// <summary>The most points a shown code may use, when the amount is not known yet.</summary>
    public static PointAmount ForShownCode(string choice, WalletBalance wallet) => choice switch
    {
        All => wallet.Points,
        Soonest => First(wallet),
        _ => PointAmount.Zero,
    };

    /// <summary>The points that lapse first; 0 when all lapse together, since then it is no choice.</summary>
    public static PointAmount SoonestOf(WalletBalance wallet) => wallet.Lots is [var first, _, ..] ? first.Points : PointAmount.Zero;

    static PointAmount First(WalletBalance wallet) => wallet.Lots is [var first, ..] ? first.Points : PointAmount.Zero;

    /// <summary>What makes two requests the same request.</summary>
    public static string Told(string? choice, string? some) =>
        choice == Some ? string.Create(CultureInfo.InvariantCulture, $"some {some}") : choice ?? None;
}

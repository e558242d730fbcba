using Ensen.Access;
using Ensen.Members;

namespace Ensen.Ui.Session;

/// <summary>A member's language and theme on this device, in cookies, so that the first paint is already right.</summary>
public static class ShownAs
{
    /// <summary>Signs the browser in, and from then on shows the pages as this member wants them.</summary>
    public static async Task SignInAs(this HttpContext http, Member? member, OpenedSession session)
    {
        if (session.Caller.ByPerson)
            await http.RequestServices.GetRequiredService<DeviceKeys>()
                .Bind(session.Caller.Session, await KeyOf(http), http.RequestAborted);
        await http.SignInWith(session);
        if (member is not null)
            Remember(http, member.Language, member.Theme);
    }

    public static void Remember(HttpContext http, string language, string theme)
    {
        http.Response.Cookies.Append("ensen-language", $"c={language}|uic={language}", Options(http));
        // Script may choose the theme too, so it reads this one.
        if (theme is "light" or "dark")
            http.Response.Cookies.Append("ensen-theme", theme, Options(http));
        else
            http.Response.Cookies.Delete("ensen-theme", Options(http));
    }

    /// <summary>The public half of the browser's key, as its script sent it along (js/device.js).</summary>
    static async Task<string?> KeyOf(HttpContext http) =>
        http.Request.HasFormContentType ? (await http.Request.ReadFormAsync(http.RequestAborted))["deviceKey"].ToString() : null;

    static CookieOptions Options(HttpContext http) => new()
    {
        Path = "/",
        SameSite = SameSiteMode.Lax,
        Secure = http.Request.IsHttps,
        MaxAge = TimeSpan.FromDays(365),
    };
}

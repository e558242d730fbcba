namespace Ensen.Ui;

/// <summary>
/// The modules that a page will ask for, named in its head: they come together with the style, in one round trip instead of three. One that
/// is missing here comes later all the same; the browser's budgets name it.
/// </summary>
static class PageScripts
{
    static readonly string[] s_everywhere = ["ensen", "browsers", "offline"];
    static readonly string[] s_pad = ["pad", "digits"];
    static readonly string[] s_paying = [.. s_pad, "points", "swipe", "pay", "arrive"];
    static readonly string[] s_listening = ["live", "stream", "arrive"];
    static readonly string[] s_till = [.. s_listening, "till", "chime", "parts", "toast"];

    static readonly string[] s_desks = ["/business", "/console", "/sandbox", "/shop"];

    public static IEnumerable<string> Of(string path) => s_everywhere.Concat(path switch
    {
        "/" => ["hide", "cookie", "pay", "digits", .. s_listening, "watch"],
        "/pay" => ["code", "pay", "digits", "scan", "auto", "parts", "copy", "toast", .. s_listening],
        "/pay/to" => s_paying,
        "/send" => [.. s_paying, "keep"],
        "/points" => ["hide", "cookie"],
        "/history" => ["pay", "digits", "arrive", "auto"],
        "/account" => ["copy", "toast"],
        "/account/factors" => ["copy", "toast"],
        "/step-up" => ["watch", "arrive", "auto", "passkey"],
        "/account/passkeys" => ["passkey"],
        "/sign-in" => ["passkey", "device"],
        "/sign-in/second" => ["device", "watch", "arrive", "auto"],
        "/sign-in/new-password" => ["password"],
        "/register" => ["password", "device"],
        "/confirm-mail" => ["device"],
        "/roots" => ["prove", "cookie"],
        "/till/poster" => [.. s_till, "print", "copy"],
        "/charge" => [.. s_pad, "fill", "source", "pay", "arrive"],
        "/till" => [.. s_till, "scan", "digits"],
        "/till/take" => [.. s_till, .. s_pad, "scan", "pay"],
        "/till/qr" => [.. s_till, .. s_pad, "keep"],
        "/shop" or "/shop/sales" => ["places", "sales", "parts", .. s_listening],
        "/point-till" => [.. s_pad, "scan"],
        "/till/refund" => [.. s_till, "keep"],
        _ when path.StartsWith("/t/", StringComparison.Ordinal) => s_paying,
        _ when path.StartsWith("/till/", StringComparison.Ordinal) && path != "/till/sign-in" => s_till,
        _ when s_desks.Any(d => path == d || path.StartsWith(d + "/", StringComparison.Ordinal)) => ["places"],
        _ => [],
    }).SelectMany(script => script is "pay" or "code" ? new[] { script, "device" } : [script]).Distinct();
}

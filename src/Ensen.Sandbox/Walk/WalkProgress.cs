using System.Globalization;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Ui.Session;

namespace Ensen.Sandbox.Walk;

/// <summary>
/// How far this browser has come on the first walk. A step ticks itself off when the page that shows its result was opened, and is kept in
/// a cookie: the walk belongs to whoever sits before the screen, not to a member or a till.
/// </summary>
static class WalkProgress
{
    /// <summary>
    /// A cookie a step, so that two tabs that tick at once lose nothing. Script adds the proof, which happens in the browser alone.
    /// </summary>
    static string NameOf(WalkStep step) => string.Create(CultureInfo.InvariantCulture, $"ensen-walk-{(int)step}");

    static readonly TimeSpan Kept = TimeSpan.FromDays(60);
    static readonly object JustDone = new();

    /// <summary>The ways of each step, in the order of the walk.</summary>
    public static IReadOnlyList<(WalkStep Step, WalkWay[] Ways)> Steps { get; } =
    [
        (WalkStep.Charge, [new("Way_Charge", WalkPlace.ChargePage)]),
        (WalkStep.Tag, [new("Way_Tag", WalkPlace.TouchedTag)]),
        (WalkStep.Code, [new("Way_Code", WalkPlace.ShownCode), new("Way_Take", WalkPlace.TillTake)]),
        (WalkStep.Qr, [new("Way_Qr", WalkPlace.TillQr), new("Way_Read", WalkPlace.ReadQr)]),
        (WalkStep.Arrive, [new("Way_Till", WalkPlace.Till)]),
        (WalkStep.Refund, [new("Way_Refund", WalkPlace.TillRefund)]),
        (WalkStep.Receipt, [new("Way_Receipt", WalkPlace.History)]),
        (WalkStep.Proof, [new("Way_Proof", WalkPlace.History)]),
        (WalkStep.Send, [new("Way_Send", WalkPlace.Send)]),
        (WalkStep.Register, [new("Way_Register", WalkPlace.Register)]),
        (WalkStep.Mail, [new("Way_Mail", WalkPlace.Mailbox)]),
        (WalkStep.Atm, [new("Way_Atm", WalkPlace.ChargeAtAtm), new("Way_Notes", WalkPlace.Atm)]),
    ];

    public static bool IsTill(WalkPlace place) => place is WalkPlace.TillTake or WalkPlace.TillQr or WalkPlace.Till or WalkPlace.TillRefund;

    /// <summary>What was done, this request included.</summary>
    public static IReadOnlySet<WalkStep> Done(HttpContext context)
    {
        var done = Read(context.Request);
        if (context.Items[JustDone] is WalkStep now)
            done.Add(now);
        return done;
    }

    /// <summary>The step that this request ticks off, if it is the first to do so.</summary>
    public static WalkStep? Now(HttpContext context) => context.Items[JustDone] as WalkStep?;

    /// <summary>The first step that is still to be done; null at the end of the walk.</summary>
    public static WalkStep? Next(IReadOnlySet<WalkStep> done) =>
        Steps.Select(s => (WalkStep?)s.Step).FirstOrDefault(step => !done.Contains(step!.Value));

    /// <summary>Stands before the pages: looks at what is asked for, and remembers the step if it was answered.</summary>
    public static async Task Notice(HttpContext context, RequestDelegate next)
    {
        if (await Reached(context) is { } step && !Read(context.Request).Contains(step))
        {
            context.Items[JustDone] = step;
            context.Response.OnStarting(() =>
            {
                if (Succeeded(context))
                    Keep(context, step);
                return Task.CompletedTask;
            });
        }
        await next(context);
    }

    /// <summary>Begins the walk anew.</summary>
    public static void Forget(HttpContext context)
    {
        foreach (var step in Enum.GetValues<WalkStep>())
            context.Response.Cookies.Delete(NameOf(step), new CookieOptions { Path = "/" });
    }

    static async Task<WalkStep?> Reached(HttpContext context)
    {
        var request = context.Request;
        var path = request.Path.Value ?? "";
        if (HttpMethods.IsPost(request.Method))
            return path == "/register" ? WalkStep.Register : null;
        if (!HttpMethods.IsGet(request.Method))
            return null;
        return path switch
        {
            "/till" when request.Cookies.ContainsKey(SessionCookies.Name(SubjectKind.Till)) => WalkStep.Arrive,
            "/till/refund/done" => WalkStep.Refund,
            "/sandbox" when request.Query["said"] == "Taken" => WalkStep.Atm,
            "/confirm-mail" when request.Query["told"] == "Confirmed" => WalkStep.Mail,
            _ when Follows(path, "/charge/chg_") => WalkStep.Charge,
            _ when Follows(path, "/send/done/") => WalkStep.Send,
            _ when Follows(path, "/history/pay_") || Follows(path, "/history/ref_") => WalkStep.Receipt,
            _ when Follows(path, "/pay/done/") => await WayOf(context, path["/pay/done/".Length..]),
            _ => null,
        };
    }

    // A page was shown; a form was taken, which leads elsewhere. A form that was refused leads back to its own page.
    static bool Succeeded(HttpContext context) => HttpMethods.IsGet(context.Request.Method)
        ? context.Response.StatusCode == StatusCodes.Status200OK
        : context.Response.StatusCode < StatusCodes.Status400BadRequest
            && context.Response.Headers.Location.ToString().Split('?')[0] != context.Request.Path.Value;

    static bool Follows(string path, string start) => path.StartsWith(start, StringComparison.Ordinal);

    /// <summary>Which of the three ways to pay a payment went.</summary>
    static async Task<WalkStep?> WayOf(HttpContext context, string number)
    {
        if (!Id.TryParse(number, out PaymentId id))
            return null;
        await using var connection = await context.RequestServices.GetRequiredService<Database>().Connect(context.RequestAborted);
        return (await Payments.Find(connection, id))?.Way switch
        {
            PayWay.Tag => WalkStep.Tag,
            PayWay.StoreQr => WalkStep.Qr,
            PayWay.ShownCode => WalkStep.Code,
            _ => null,
        };
    }

    static HashSet<WalkStep> Read(HttpRequest request) =>
        [.. Enum.GetValues<WalkStep>().Where(step => request.Cookies.ContainsKey(NameOf(step)))];

    static void Keep(HttpContext context, WalkStep step) => context.Response.Cookies.Append(
        NameOf(step), "1", new CookieOptions
        {
            Path = "/",
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
            MaxAge = Kept,
            IsEssential = true
        });
}

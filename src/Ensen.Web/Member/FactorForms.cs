using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Members;

/// <summary>
/// The forms of the authenticator app and the recovery codes. All of them take a proof of the person first. What is shown once, a new
/// authenticator's secret and new codes, travels sealed in the address of the page, for the session alone that asked, and ten minutes.
/// </summary>
static class FactorForms
{
    public const string Page = "/account/factors";

    /// <summary>Fields of the page: what is wanted, and what is shown once.</summary>
    public const string Want = "want";
    public const string Secret = ".secret";
    public const string Codes = ".codes";
    const string For = ".session";

    /// <summary>What is done after a proof.</summary>
    public static IReadOnlyList<StepUpAct> Acts { get; } = [new(ChangeFactors.Purpose, Page, Do)];

    public static void Map(IEndpointRouteBuilder member)
    {
        member.MapForm("/account/factors", (HttpContext http, CancellationToken ct) => Do(http, SentBack.Typed(http), ct));
        member.MapForm("/account/factors/authenticator", SetUp);
    }

    static async Task<IResult> Do(HttpContext http, IReadOnlyDictionary<string, string> typed, CancellationToken ct)
    {
        var services = http.RequestServices;
        var (factors, sentBack) = (services.GetRequiredService<ChangeFactors>(), services.GetRequiredService<SentBack>());
        switch (typed.GetValueOrDefault(Want))
        {
            case "set-up":
                // A secret is given to whoever has proven who they are, and to nobody else: whoever reads it on the way could use it later.
                if (!await services.GetRequiredService<StepUp>().IsProven(http.Caller(), ChangeFactors.Purpose, ct))
                    return StepUpAct.Ask(http, ChangeFactors.Purpose, typed);
                return Show(Secret, Totp.Text(Totp.NewSecret()));
            case "remove":
                var removed = await factors.Remove(http.Caller().Subject, http.Proof(), RequestDevice.DeviceOf(http), ct);
                return removed.Accepted ? Results.LocalRedirect($"{Page}?told=factor-removed")
                    : StepUpAct.Ask(http, ChangeFactors.Purpose, typed);
            case "codes":
                var made = await factors.MakeCodes(http.Caller().Subject, http.Proof(), RequestDevice.DeviceOf(http), ct);
                return made.Accepted ? Show(Codes, string.Join(' ', made.Value.Codes))
                    : StepUpAct.Ask(http, ChangeFactors.Purpose, typed);
            default:
                return Results.LocalRedirect(Page);
        }

        IResult Show(string name, string text) => Results.LocalRedirect(sentBack.Address(http, Page, ToShow(http, name, text)));
    }

    /// <summary>What is shown once on this session; null on another one of the member's, whatever address it opens.</summary>
    public static string? Shown(HttpContext http, IReadOnlyDictionary<string, string>? sent, string name) =>
        sent?.GetValueOrDefault(For) == Id.Bare(http.Caller().Session) ? sent.GetValueOrDefault(name) : null;

    static Dictionary<string, string> ToShow(HttpContext http, string name, string text) =>
        new() { [name] = text, [For] = Id.Bare(http.Caller().Session) };

    /// <summary>The authenticator shows its first code.</summary>
    static async Task<IResult> SetUp(HttpContext http, [FromForm] string? again, [FromForm] string? code,
        ChangeFactors factors, SentBack sentBack, CancellationToken ct)
    {
        if (Shown(http, sentBack.Fields(http, Page, again), Secret) is not { } text || Totp.ReadText(text) is not { } secret)
            return Results.LocalRedirect(Page);
        var answer = await factors.SetUp(http.Caller().Subject, http.Proof(), secret, code, RequestDevice.DeviceOf(http), ct);
        return answer.Refusal switch
        {
            ChangeFactorsRefusal.None => Results.LocalRedirect($"{Page}?told=factor-set"),
            ChangeFactorsRefusal.StepUpRequired => StepUpAct.Ask(
                http, ChangeFactors.Purpose, new Dictionary<string, string> { [Want] = "set-up" }),
            _ => Results.LocalRedirect(
                sentBack.Address(http, Page, new Dictionary<string, string>(ToShow(http, Secret, text)) { ["fault"] = "wrong" })),
        };
    }
}

using Ensen.Access;
using Ensen.Members;
using Ensen.Ui;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Members;

/// <summary>The forms of another address and another telephone: what was typed is done right after the proof.</summary>
static class ContactForms
{
    const string EmailPage = "/account/email";
    const string TelephonePage = "/account/telephone";

    public static IReadOnlyList<StepUpAct> Acts { get; } =
    [
        new(ChangeMail.Purpose, EmailPage, AskMail),
        new(ChangeTelephone.Purpose, TelephonePage, AskTelephone),
        new(ChangeTelephone.Shown, TelephonePage, FinishTelephone) { IsProofAlone = true },
    ];

    public static void Map(IEndpointRouteBuilder member)
    {
        member.MapForm("/account/email", (HttpContext http, CancellationToken ct) => AskMail(http, SentBack.Typed(http), ct));
        member.MapForm("/account/telephone", (HttpContext http, CancellationToken ct) => AskTelephone(http, SentBack.Typed(http), ct));
        member.MapForm("/account/email/withdraw", WithdrawMail);
        member.MapForm("/account/telephone/withdraw", WithdrawTelephone);
    }

    static async Task<IResult> WithdrawMail(HttpContext http, ChangeMail change, CancellationToken ct)
    {
        await change.Withdraw(http.MemberId(), ct);
        return Results.LocalRedirect("/account?told=change-withdrawn");
    }

    static async Task<IResult> WithdrawTelephone(HttpContext http, ChangeTelephone change, CancellationToken ct)
    {
        await change.Withdraw(http.MemberId(), ct);
        return Results.LocalRedirect("/account?told=change-withdrawn");
    }

    static async Task<IResult> AskMail(HttpContext http, IReadOnlyDictionary<string, string> typed, CancellationToken ct)
    {
        var services = http.RequestServices;
        var email = typed.GetValueOrDefault("email", "");
        var answer = await services.GetRequiredService<ChangeMail>().Ask(new ChangeMailRequest(
            http.MemberId(), email, http.Proof(), RequestDevice.DeviceOf(http), RequestDevice.AddressOf(http)), ct);
        return answer.Refusal == ChangeMailRefusal.StepUpRequired ? StepUpAct.Ask(http, ChangeMail.Purpose, typed)
            : Back(http, EmailPage, "email", email, answer.Accepted ? "mailed" : answer.Refusal.ToString());
    }

    static async Task<IResult> AskTelephone(HttpContext http, IReadOnlyDictionary<string, string> typed, CancellationToken ct)
    {
        var telephone = typed.GetValueOrDefault("telephone", "");
        var refusal = await http.RequestServices.GetRequiredService<ChangeTelephone>().Ask(
            new ChangeTelephoneRequest(http.MemberId(), telephone, http.Proof()), ct);
        return refusal switch
        {
            // The new telephone calls next.
            ChangeTelephoneRefusal.None => StepUpAct.Ask(http, ChangeTelephone.Shown, new Dictionary<string, string>()),
            ChangeTelephoneRefusal.StepUpRequired => StepUpAct.Ask(http, ChangeTelephone.Purpose, typed),
            _ => Back(http, TelephonePage, "telephone", telephone, refusal.ToString()),
        };
    }

    static async Task<IResult> FinishTelephone(HttpContext http, IReadOnlyDictionary<string, string> typed, CancellationToken ct)
    {
        var answer = await http.RequestServices.GetRequiredService<ChangeTelephone>().Finish(
            http.MemberId(), http.Proof(), RequestDevice.DeviceOf(http), ct);
        return answer.Accepted ? Results.LocalRedirect("/account?told=telephone-changed")
            : Back(http, TelephonePage, "telephone", typed.GetValueOrDefault("telephone", ""), answer.Refusal.ToString());
    }

    static IResult Back(HttpContext http, string page, string field, string typed, string said) =>
        Results.LocalRedirect(http.RequestServices.GetRequiredService<SentBack>().Address(
            http, page, new Dictionary<string, string> { [field] = typed, ["said"] = said }));
}

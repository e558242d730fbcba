using Ensen.AutoCharges;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Members;

/// <summary>
/// The form of auto-charge: turning it on or changing it takes a proof, after which it is done; turning it off takes none.
/// </summary>
static class AutoChargeForms
{
    const string Page = "/charge/auto";

    public static IReadOnlyList<StepUpAct> Acts { get; } = [new(SetAutoCharge.Purpose, Page, Set)];

    public static void Map(IEndpointRouteBuilder member)
    {
        member.MapForm("/charge/auto", (HttpContext http, CancellationToken ct) => Set(http, SentBack.Typed(http), ct));
        member.MapForm("/charge/auto/off", TurnOff);
    }

    static async Task<IResult> Set(HttpContext http, IReadOnlyDictionary<string, string> typed, CancellationToken ct)
    {
        var services = http.RequestServices;
        Yen Of(string name) => TypedAmount.TryRead(typed.GetValueOrDefault(name), out var yen) ? yen : Yen.Zero;
        var auto = services.GetRequiredService<SetAutoCharge>();
        var terms = new AutoChargeTerms(Of("below"), Of("amount"), Of("perMonth"));
        var wasOn = (await auto.Read(http.MemberId(), ct)).Setting is { State: AutoChargeState.On };
        var answer = await auto.Run(new SetAutoChargeRequest(
            await http.Payer(services.GetRequiredService<MemberDirectory>(), ct), terms, http.Proof()), ct);
        return answer.Refusal switch
        {
            SetAutoChargeRefusal.None => Results.LocalRedirect($"{Page}?told={(wasOn ? "changed" : "on")}"),
            SetAutoChargeRefusal.StepUpRequired => StepUpAct.Ask(http, SetAutoCharge.Purpose, typed),
            var refusal => Results.LocalRedirect(services.GetRequiredService<SentBack>().Address(http, Page,
                new Dictionary<string, string>(typed)
                {
                    ["fault"] = Problem.Code(refusal.ToString()),
                    ["faults"] = string.Join(' ', SetAutoCharge.Faults(terms, services.GetRequiredService<Programme>())),
                })),
        };
    }

    static async Task<IResult> TurnOff(HttpContext http, SetAutoCharge auto, MemberDirectory directory, CancellationToken ct)
    {
        await auto.Run(new SetAutoChargeRequest(await http.Payer(directory, ct), null, http.Proof()), ct);
        return Results.LocalRedirect($"{Page}?told=off");
    }
}

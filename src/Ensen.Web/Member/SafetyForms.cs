using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Members;

/// <summary>
/// The forms of freezing, thawing and own caps, and of stopping a recovery that others asked for. What is refused for want of a proof leads
/// to the page of it with all that was typed, and is done right after the proof.
/// </summary>
static class SafetyForms
{
    const string Account = "/account";
    const string Limits = "/account/limits";

    /// <summary>What is done after a proof: the wallet is thawed, the caps that were typed are asked for.</summary>
    public static IReadOnlyList<StepUpAct> Acts { get; } =
    [
        new(Thaw.Purpose, Account, Unfreeze),
        new(ChangeOwnCaps.Purpose, Limits, Change),
    ];

    public static void Map(IEndpointRouteBuilder member)
    {
        member.MapForm("/account/freeze", Freeze);
        member.MapForm("/account/thaw", (HttpContext http, CancellationToken ct) => Unfreeze(http, SentBack.Typed(http), ct));
        member.MapForm("/account/limits", (HttpContext http, CancellationToken ct) => Change(http, SentBack.Typed(http), ct));
        member.MapForm("/account/limits/cancel", Cancel);
        member.MapForm("/account/recovery/stop", StopWayBack);
    }

    static async Task<IResult> Freeze(HttpContext http, Thaw thaw, CancellationToken ct)
    {
        await thaw.Freeze(http.MemberId(), RequestDevice.DeviceOf(http), ct);
        return Results.LocalRedirect($"{Account}?told=frozen");
    }

    static async Task<IResult> StopWayBack(HttpContext http, StopRecovery stop, CancellationToken ct)
    {
        await stop.ByMember(http.MemberId(), ct);
        return Results.LocalRedirect($"{Account}?told=recovery-stopped");
    }

    static async Task<IResult> Unfreeze(HttpContext http, IReadOnlyDictionary<string, string> typed, CancellationToken ct)
    {
        var thaw = http.RequestServices.GetRequiredService<Thaw>();
        var answer = await thaw.Run(new ThawRequest(http.MemberId(), http.Proof(), RequestDevice.DeviceOf(http)), ct);
        return answer.Refusal == ThawRefusal.StepUpRequired ? StepUpAct.Ask(http, Thaw.Purpose, typed)
            : Results.LocalRedirect(answer is { Accepted: true, Value.Frozen: false } ? $"{Account}?told=thawed" : Account);
    }

    static async Task<IResult> Change(HttpContext http, IReadOnlyDictionary<string, string> typed, CancellationToken ct)
    {
        string[] names = ["perPayment", "perDay", "perMonth"];
        if (Array.Find(names, name => !TryCap(typed.GetValueOrDefault(name), out _)) is { } unread)
            return Refused("invalid_amount", unread);
        Yen? Cap(string name) => TryCap(typed.GetValueOrDefault(name), out var cap) ? cap : null;
        var services = http.RequestServices;
        var member = await http.Payer(services.GetRequiredService<MemberDirectory>(), ct);
        var caps = services.GetRequiredService<ChangeOwnCaps>();
        var before = await caps.Read(member, ct);
        var answer = await caps.Run(
            new OwnCapsRequest(member, new OwnCaps(Cap("perPayment"), Cap("perDay"), Cap("perMonth")), http.Proof()), ct);
        return answer.Refusal switch
        {
            ChangeOwnCapsRefusal.None => Results.LocalRedirect(
                $"{Limits}?told={(answer.Value == before ? "caps-same" : answer.Value!.Ahead is null ? "caps-kept" : "caps-ahead")}"),
            ChangeOwnCapsRefusal.StepUpRequired => StepUpAct.Ask(http, ChangeOwnCaps.Purpose, typed),
            var refusal => Refused(Problem.Code(refusal.ToString()), Array.Find(names, name => Cap(name) > MostOf(name)) ?? ""),
        };

        Yen MostOf(string name)
        {
            var most = member.Caps(services.GetRequiredService<Programme>());
            return (name == "perPayment" ? most.PerPayment : name == "perDay" ? most.PerDay : most.PerMonth).Yen();
        }

        IResult Refused(string fault, string faulty) => Results.LocalRedirect(http.RequestServices.GetRequiredService<SentBack>()
            .Address(http, Limits, new Dictionary<string, string>(typed) { ["fault"] = fault, ["faulty"] = faulty }));
    }

    /// <summary>The caps that hold, asked for once more: nothing waits then.</summary>
    static async Task<IResult> Cancel(HttpContext http, MemberDirectory directory, ChangeOwnCaps caps, CancellationToken ct)
    {
        var member = await http.Payer(directory, ct);
        var now = (await caps.Read(member, ct)).Caps;
        await caps.Run(new OwnCapsRequest(
            member, new OwnCaps(now.PerPayment.Yen(), now.PerDay.Yen(), now.PerMonth.Yen()), http.Proof()), ct);
        return Results.LocalRedirect($"{Limits}?told=caps-cancelled");
    }

    /// <summary>An empty field is no cap of one's own.</summary>
    static bool TryCap(string? typed, out Yen? cap)
    {
        cap = null;
        if (string.IsNullOrWhiteSpace(typed))
            return true;
        if (!TypedAmount.TryRead(typed, out var yen))
            return false;
        cap = yen;
        return true;
    }
}

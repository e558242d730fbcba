using Ensen.Basics;
using Ensen.Storage;
using Ensen.Transit;
using Ensen.Ui;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Members;

/// <summary>The forms of transit cards. Points that go to a card are gone, so charging takes a proof of the person.</summary>
static class TransitForms
{
    const string Page = "/transit";

    /// <summary>After the proof the form as it was is there again.</summary>
    public static IReadOnlyList<StepUpAct> Acts { get; } =
    [
        new(ChargeTransitCard.Purpose, Page, (http, typed, _) => Task.FromResult(Back(http, typed))),
    ];

    public static void Map(IEndpointRouteBuilder member)
    {
        member.MapForm("/transit", Link);
        member.MapForm("/transit/remove", Remove);
        member.MapForm("/transit/charge", Charge).NeedsDevice(ChargeTransitCard.Purpose);
        member.MapForm("/transit/consent", SetConsent);
    }

    static async Task<IResult> Link(
        HttpContext http, [FromForm] string? number, [FromForm] string? proof, [FromForm] string? once, LinkTransitCard link,
            TimeProvider clock,
        CancellationToken ct)
    {
        if (!FormInput.TryIntent(once, out var key))
            return Results.LocalRedirect(Page);
        var member = http.MemberId();
        var answer = await link.Run(new LinkTransitCardRequest(
            member, number, proof, IdempotencyKey.Of(member, key, "page transit card", number, proof)), ct);
        return answer.Accepted ? Results.LocalRedirect($"{Page}?told=transit-linked")
            : Fault(http, answer.Refusal, clock, new() { ["number"] = number ?? "" });
    }

    static async Task<IResult> Remove(HttpContext http, [FromForm] string? card, UnlinkTransitCard unlink, CancellationToken ct) =>
        Id.TryParse(card, out TransitCardId id) && (await unlink.Run(http.MemberId(), id, ct)).Accepted
            ? Results.LocalRedirect($"{Page}?told=transit-removed")
            : Results.LocalRedirect(Page);

    static async Task<IResult> Charge(
        HttpContext http, [FromForm] string? card, [FromForm] string? points, [FromForm] string? once, ChargeTransitCard charge,
        TimeProvider clock, CancellationToken ct)
    {
        if (!FormInput.TryIntent(once, out var key) || !Id.TryParse(card, out TransitCardId id))
            return http.Answer(FormAnswer.RefusedAt(Page));
        var member = http.MemberId();
        var amount = TypedAmount.TryRead(points, out var typed) ? new PointAmount(typed.Value) : PointAmount.Zero;
        var answer = await charge.Run(new ChargeTransitCardRequest(
            member, id, amount, IdempotencyKey.Of(member, key, "page transit charge", id, amount.Value)), ct);
        return answer.Accepted
            ? http.Answer(FormAnswer.Done($"{Page}?told=transit-{Word(answer.Value.State)}"))
            : Fault(http, answer.Refusal, clock, new() { ["card"] = card ?? "", ["points"] = points ?? "" });
    }

    static async Task<IResult> SetConsent(HttpContext http, [FromForm] string? given, RideConsent consent, CancellationToken ct)
    {
        await consent.Set(http.MemberId(), given == "yes", ct);
        return Results.LocalRedirect($"{Page}#consent");
    }

    static string Word(TransitChargeState state) => state switch
    {
        TransitChargeState.Completed => "charged",
        TransitChargeState.Failed => "failed",
        TransitChargeState.Requested => "pending",
    };

    static IResult Fault<TRefusal>(HttpContext http, TRefusal refusal, TimeProvider clock, Dictionary<string, string> typed)
        where TRefusal : struct, Enum
    {
        typed["fault"] = Problem.Code(refusal.ToString());
        typed["once"] = Id.New(clock).ToString();
        return Back(http, typed);
    }

    static IResult Back(HttpContext http, IReadOnlyDictionary<string, string> typed) =>
        Results.LocalRedirect(http.RequestServices.GetRequiredService<SentBack>().Address(http, Page, typed));
}

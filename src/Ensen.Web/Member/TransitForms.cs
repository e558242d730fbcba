using Ensen.Basics;
using Ensen.Cards;
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

    /// <summary>Where card and amount are read once more before the points go.</summary>
    const string ConfirmPage = "/transit/charge";

    /// <summary>After the proof the form as it was is there again.</summary>
    public static IReadOnlyList<StepUpAct> Acts { get; } =
    [
        new(ChargeTransitCard.Purpose, ConfirmPage, (http, typed, _) => Task.FromResult(Back(http, ConfirmPage, typed))),
    ];

    public static void Map(IEndpointRouteBuilder member)
    {
        member.MapForm("/transit", Link);
        member.MapForm("/transit/remove", Remove);
        member.MapForm("/transit/confirm", Confirm);
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
            : Fault(http, answer.Refusal != LinkCardRefusal.InvalidRequest ? Problem.Code(answer.Refusal.ToString())
                : CardKeys.Read(number) is null ? TransitPage.NoNumber : TransitPage.NoProof, clock, new() { ["number"] = number ?? "" });
    }

    static async Task<IResult> Remove(
        HttpContext http, [FromForm] string? card, UnlinkCard<TransitCard, TransitCardId> unlink, CancellationToken ct) =>
        Id.TryParse(card, out TransitCardId id) && (await unlink.Run(http.MemberId(), id, ct)).Accepted
            ? Results.LocalRedirect($"{Page}?told=transit-removed")
            : Results.LocalRedirect(Page);

    /// <summary>Leads on to where the charge is confirmed, or back to what is wrong with it.</summary>
    static async Task<IResult> Confirm(
        HttpContext http, [FromForm] string? card, [FromForm] string? points, [FromForm] string? once, OwnTransitCards own,
        Programme programme, TimeProvider clock, CancellationToken ct)
    {
        if (!FormInput.TryIntent(once, out _))
            return Results.LocalRedirect(Page);
        var (has, mine) = (await own.Chargeable(http.MemberId(), JapanDay.Of(clock.GetUtcNow()), ct), await own.Of(http.MemberId(), ct));
        var wanted = PointsOf(points).Value;
        var fault = !mine.Any(c => c.Id.ToString() == card && !c.Lapsed) ? "not_found"
            : wanted <= 0 || wanted > programme.Transit.MostPerCharge ? "invalid_amount"
            : wanted > has.ChargeOnly.Value + has.Basic.Value ? "insufficient_points" : null;
        var typed = new Dictionary<string, string> { ["card"] = card ?? "", ["points"] = points ?? "", ["once"] = once! };
        return fault is null ? Back(http, ConfirmPage, typed) : Fault(http, fault, clock, typed);
    }

    static PointAmount PointsOf(string? typed) => TypedAmount.TryRead(typed, out var yen) ? new PointAmount(yen.Value) : PointAmount.Zero;

    static async Task<IResult> Charge(
        HttpContext http, [FromForm] string? card, [FromForm] string? points, [FromForm] string? once, ChargeTransitCard charge,
        TimeProvider clock, CancellationToken ct)
    {
        if (!FormInput.TryIntent(once, out var key) || !Id.TryParse(card, out TransitCardId id))
            return http.Answer(FormAnswer.RefusedAt(Page));
        var member = http.MemberId();
        var amount = PointsOf(points);
        var answer = await charge.Run(new ChargeTransitCardRequest(
            member, id, amount, IdempotencyKey.Of(member, key, "page transit charge", id, amount.Value)), ct);
        return answer.Accepted
            ? http.Answer(FormAnswer.Done($"{Page}?told=transit-{Word(answer.Value.State)}"))
            : Fault(http, Problem.Code(answer.Refusal.ToString()), clock, new() { ["card"] = card ?? "", ["points"] = points ?? "" });
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

    static IResult Fault(HttpContext http, string code, TimeProvider clock, Dictionary<string, string> typed)
    {
        typed["fault"] = code;
        typed["once"] = Id.New(clock).ToString();
        return Back(http, Page, typed);
    }

    static IResult Back(HttpContext http, string page, IReadOnlyDictionary<string, string> typed) =>
        Results.LocalRedirect(http.RequestServices.GetRequiredService<SentBack>().Address(http, page, typed));
}

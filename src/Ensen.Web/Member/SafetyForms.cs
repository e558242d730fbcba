using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Members;

/// <summary>
/// The forms of freezing, thawing, own caps, and of the page on which a member proves who they are. What is refused for want of that
/// leads there with all that was typed, and back again; a password is in no address.
/// </summary>
static class SafetyForms
{
    const string Account = "/account";
    const string Limits = "/account/limits";
    const string StepUpPage = "/step-up";

    public static void Map(IEndpointRouteBuilder member)
    {
        member.MapForm("/account/freeze", Freeze);
        member.MapForm("/account/thaw", Unfreeze);
        member.MapForm("/account/limits", Change);
        member.MapForm("/account/limits/cancel", Cancel);
        member.MapForm("/step-up", Prove);
    }

    static async Task<IResult> Freeze(HttpContext http, Thaw thaw, CancellationToken ct)
    {
        await thaw.Freeze(http.MemberId(), RequestDevice.DeviceOf(http), ct);
        return Results.LocalRedirect($"{Account}?told=frozen");
    }

    static async Task<IResult> Unfreeze(HttpContext http, Thaw thaw, SentBack sentBack, CancellationToken ct)
    {
        var answer = await thaw.Run(new ThawRequest(http.MemberId(), http.Proof(), RequestDevice.DeviceOf(http)), ct);
        return answer.Refusal == ThawRefusal.StepUpRequired ? StepUpFirst(http, sentBack, Account)
            : Results.LocalRedirect(answer is { Accepted: true, Value.Frozen: false } ? $"{Account}?told=thawed" : Account);
    }

    static async Task<IResult> Change(
        HttpContext http, [FromForm] string? perPayment, [FromForm] string? perDay, [FromForm] string? perMonth,
        MemberDirectory directory, ChangeOwnCaps caps, SentBack sentBack, CancellationToken ct)
    {
        var typed = new[] { (Name: "perPayment", Text: perPayment), (Name: "perDay", Text: perDay), (Name: "perMonth", Text: perMonth) };
        if (Array.Find(typed, t => !TryCap(t.Text, out _)) is { Name: { } unread })
            return Refused("invalid_amount", unread);
        var wanted = new OwnCaps(Cap(perPayment), Cap(perDay), Cap(perMonth));
        var member = await http.Payer(directory, ct);
        var answer = await caps.Run(new OwnCapsRequest(member, wanted, http.Proof()), ct);
        return answer.Refusal switch
        {
            ChangeOwnCapsRefusal.None => Results.LocalRedirect(
                $"{Limits}?told={(answer.Value!.Ahead is null ? "caps-kept" : "caps-ahead")}"),
            ChangeOwnCapsRefusal.StepUpRequired => StepUpFirst(http, sentBack, Limits),
            var refusal => Refused(Problem.Code(refusal.ToString()), ""),
        };

        IResult Refused(string fault, string faulty) =>
            Results.LocalRedirect(sentBack.Address(http, Limits, ("fault", fault), ("faulty", faulty)));
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

    static async Task<IResult> Prove(HttpContext http, [FromForm] string? password, [FromForm] string? again, StepUp stepUp,
        MemberDirectory directory, KnownDevices known, SentBack sentBack, CancellationToken ct)
    {
        var sent = new Dictionary<string, string>(sentBack.Fields(http, StepUpPage, again) ?? new Dictionary<string, string>());
        var then = RequestDevice.Then(sent.GetValueOrDefault("then") ?? Account);
        var right = await stepUp.Prove(http.Caller(), await http.Typed(password ?? "", directory, known, ct), ct);
        sent["wrong"] = right switch { true => "", false => "wrong", null => "too_many_requests" };
        if (right is not true)
            return Results.LocalRedirect(sentBack.Address(http, StepUpPage, sent));
        sent.Remove("then");
        sent["told"] = "proven";
        return Results.LocalRedirect(sentBack.Address(http, then, sent));
    }

    static IResult StepUpFirst(HttpContext http, SentBack sentBack, string then) =>
        Results.LocalRedirect(sentBack.Address(http, StepUpPage, ("then", then)));

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

    static Yen? Cap(string? typed) => TryCap(typed, out var cap) ? cap : null;
}

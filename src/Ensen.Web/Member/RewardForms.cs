using System.Globalization;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Rewards;
using Ensen.Storage;
using Ensen.Ui;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Members;

/// <summary>Ordering a reward under the intent that its page was given, taking an order back, and choosing a goal.</summary>
static class RewardForms
{
    const string Page = "/rewards";

    public static void Map(IEndpointRouteBuilder member)
    {
        member.MapForm("/rewards/order", Order).NeedsDevice(Spending.Rewards);
        member.MapForm("/rewards/cancel", Cancel);
        member.MapForm("/points/goal", SetGoal);
        member.MapForm("/points/goal/away", TakeGoalAway);
    }

    /// <summary>After a proof, where the browser could not sign: the form as it was is there again.</summary>
    public static IReadOnlyList<StepUpAct> Acts { get; } =
    [
        new(Spending.Rewards, Page, (http, typed, _) => Task.FromResult(Results.LocalRedirect(
            http.RequestServices.GetRequiredService<SentBack>().Address(http, Of(typed.GetValueOrDefault("reward")), typed)))),
    ];

    static async Task<IResult> Order(
        HttpContext http, [FromForm] string? intent, [FromForm] string? reward, [FromForm] string? quantity, OrderReward order,
        MemberDirectory directory, Intents intents, SentBack sentBack, TimeProvider clock, CancellationToken ct)
    {
        if (!FormInput.TryIntent(intent, out var key) || !Id.TryParse(reward, out RewardId id)
            || !int.TryParse(quantity, NumberStyles.None, CultureInfo.InvariantCulture, out var pieces))
            return http.Answer(FormAnswer.RefusedAt(Page));
        var payer = await http.Payer(directory, ct);
        Answer<RewardOrdered, OrderRewardRefusal> answer;
        try
        {
            answer = await order.Run(new OrderRewardRequest(
                payer, id, pieces, IdempotencyKey.Of(payer.MemberId, key, "page reward", id, pieces)), ct);
        }
        catch (Exception e) when (Intents.IsUnknown(e))
        {
            return intents.Unknown(http, IntentKind.Reward, intent!, id);
        }
        return http.Answer(answer.Accepted
            ? FormAnswer.Done($"{Page}/orders/{answer.Value.OrderId}")
            // The next try is another order: this one's answer is remembered.
            : FormAnswer.RefusedAt(sentBack.Address(http, Of(reward), ("fault", Problem.Code(answer.Refusal.ToString())),
                ("intent", Id.New(clock).ToString()))));
    }

    static async Task<IResult> Cancel(HttpContext http, [FromForm] string? order, CancelReward cancel, CancellationToken ct) =>
        Id.TryParse(order, out RewardOrderId id) && (await cancel.Run(http.MemberId(), id, ct)).Refusal is var refusal
        && refusal != CancelRewardRefusal.NotFound
            ? Results.LocalRedirect($"{Page}/orders/{id}{(refusal == CancelRewardRefusal.None ? "" : "?fault=stays")}")
            : Results.LocalRedirect($"{Page}/orders");

    static async Task<IResult> SetGoal(
        HttpContext http, [FromForm] string? reward, [FromForm] string? points, [FromForm] string? title, Goals goals, CancellationToken ct)
    {
        var thing = Id.TryParse(reward, out RewardId id) ? id : (RewardId?)null;
        var number = thing is null && TypedDigits.TryWhole(points ?? "", out var typed) ? typed : (long?)null;
        var answer = await goals.Set(http.MemberId(), number, thing, title?.Trim() is { Length: > 0 } word ? word : null, ct);
        return Results.LocalRedirect(answer.Accepted ? "/points?told=goal" : "/points?fault=goal#goal");
    }

    static async Task<IResult> TakeGoalAway(HttpContext http, Goals goals, CancellationToken ct)
    {
        await goals.TakeAway(http.MemberId(), ct);
        return Results.LocalRedirect("/points#goal");
    }

    static string Of(string? reward) => Id.TryParse(reward, out RewardId id) ? $"{Page}/{id}" : Page;
}

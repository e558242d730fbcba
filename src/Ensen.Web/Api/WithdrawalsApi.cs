using System.Text.Json.Serialization;
using Ensen.Access;
using Ensen.Banking;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Ui;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Observability;
using Ensen.Web.Session;
using Ensen.Withdrawals;

namespace Ensen.Web.Api;

/// <param name="BankAccountId">Which of the linked accounts; without it the one linked last.</param>
sealed record WithdrawalBody([property: JsonConverter(typeof(WholeAmount))] long Amount, string? BankAccountId = null);

/// <summary>
/// A withdrawal as it was taken on; <paramref name="Status"/> is <c>pending</c>, and the bank's answer is read under its id.
/// <paramref name="Balance"/>: money and prepaid after it.
/// </summary>
sealed record WithdrawalBegunAnswer(string WithdrawalId, string Status, long Amount, long Balance);

/// <summary>
/// <paramref name="Status"/>: <c>pending</c> (the bank has not said yet), <c>completed</c>, <c>failed</c> (the bank did not pay, the money
/// is back) or <c>returned</c> (it had paid, and it came back). <paramref name="Reason"/>: the bank's, where it failed.
/// </summary>
sealed record WithdrawalAnswer(string WithdrawalId, string Status, long Amount, string BankName, string LastFour, DateTimeOffset At,
    DateTimeOffset? EndedAt, string? Reason);

sealed record WithdrawalsAnswer(IReadOnlyList<WithdrawalAnswer> Items);

/// <summary>
/// A withdrawal that needs somebody. <paramref name="Why"/>: <c>slow</c> (the bank has said nothing for an hour), <c>came_back</c> (it lies
/// in suspense) or <c>paid_after_all</c> (it is missing there).
/// </summary>
sealed record WatchedWithdrawalAnswer(string WithdrawalId, string MemberId, string Why, long Amount, DateTimeOffset At);

sealed record WatchedWithdrawalsAnswer(IReadOnlyList<WatchedWithdrawalAnswer> Items);

/// <summary>Money to the member's own bank account.</summary>
static class WithdrawalsApi
{
    const int Shown = 100;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/withdrawals", Withdraw)
            .Named("withdraw",
                "Takes money to a linked bank account of the member's own; prepaid value stays. To an account that was linked a short time ago "
                + "it takes a Step-Up (`withdrawals`).")
            .RequireAuthorization(Policies.Member).MayTakeStepUp().MovesValue<WithdrawalBegunAnswer>();
        api.MapGet("/withdrawals", List).WithPriority(RequestPriority.CanWait)
            .Named("listWithdrawals", "The member's withdrawals, the newest first; at most a hundred.")
            .RequireAuthorization(Policies.Member).Produces<WithdrawalsAnswer>();
        api.MapGet("/withdrawals/{id}", Read)
            .Named("readWithdrawal", "What became of a withdrawal.")
            .RequireAuthorization(Policies.Member).Produces<WithdrawalAnswer>().Refuses(404);
        api.MapGet("/console/withdrawals", Watch).WithPriority(RequestPriority.CanWait)
            .Named("watchWithdrawals", "Withdrawals of which the bank says nothing, or the contrary of what it had said.")
            .RequireAuthorization(Policies.Corrections).Produces<WatchedWithdrawalsAnswer>();
    }

    static async Task<IResult> Withdraw(HttpContext context, Body<WithdrawalBody> body, Withdraw withdraw, MemberDirectory directory,
        DeviceKeys devices, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (Keys.Key(context, context.MemberId(), "withdrawal", asked.Amount, asked.BankAccountId) is not { } key)
            return new Problem("key_required");
        BankAccountId? account = null;
        if (asked.BankAccountId is { } named)
            account = Id.TryParse(named, out BankAccountId id) ? id : new BankAccountId(Guid.Empty);
        // A token out of a page's cookie could be stolen, as at everything else that leaves a wallet.
        var mustProve = context.Caller().ByPerson && await devices.BindingOf(context.Caller(), ct) != DeviceBinding.Program;
        var answer = await withdraw.Run(new WithdrawRequest(
            await context.Payer(directory, ct), asked.Amount.Yen(), account, context.Proof(), mustProve, [key]), ct);
        Keys.Mark(context, answer);
        return answer.Refusal switch
        {
            WithdrawRefusal.None => Results.Created($"/api/v1/withdrawals/{answer.Value!.WithdrawalId}", new WithdrawalBegunAnswer(
                answer.Value.WithdrawalId.ToString(), "pending", answer.Value.Amount.Value, answer.Value.Balance.Value)),
            WithdrawRefusal.StepUpRequired => Problem.StepUpRequired,
            WithdrawRefusal.OverLimit => await Problem.OverLimit(context, ct),
            var refusal => Problem.Of(refusal),
        };
    }

    static async Task<IResult> List(HttpContext context, OwnWithdrawals own, CancellationToken ct) =>
        Results.Ok(new WithdrawalsAnswer([.. (await own.Latest(context.MemberId(), Shown, ct)).Select(Of)]));

    static async Task<IResult> Read(HttpContext context, string id, OwnWithdrawals own, CancellationToken ct) =>
        Id.TryParse(id, out WithdrawalId withdrawal) && await own.Find(context.MemberId(), withdrawal, ct) is { } found
            ? Results.Ok(Of(found)) : new Problem("not_found");

    static async Task<IResult> Watch(OwnWithdrawals own, CancellationToken ct) =>
        Results.Ok(new WatchedWithdrawalsAnswer([.. (await own.ForOperators(ct)).Select(w => new WatchedWithdrawalAnswer(
            w.Row.EntryId.ToString(), w.Row.Member.ToString(), WithdrawalTold.WhyOf(w), w.Row.AmountYen.Value,
            JapanDay.InTokyo(w.Row.At)))]));

    static WithdrawalAnswer Of(Withdrawal withdrawal) => new(
        withdrawal.Row.EntryId.ToString(),
        withdrawal.State switch
        {
            WithdrawalState.UnderWay => "pending",
            WithdrawalState.Paid => "completed",
            WithdrawalState.CameBack => "returned",
            _ => "failed",
        },
        withdrawal.Row.AmountYen.Value, withdrawal.Row.BankName, withdrawal.Row.LastFour, JapanDay.InTokyo(withdrawal.Row.At),
        withdrawal.EndedAt is { } at ? JapanDay.InTokyo(at) : null, withdrawal.Reason);
}

using System.Text.Json.Serialization;
using Ensen.AutoCharges;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Ui;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary>
/// <paramref name="Below"/>: what the wallet holds, money and prepaid, is less; <paramref name="Amount"/>: what is charged then;
/// <paramref name="PerMonth"/>: most in a calendar month. The three are left out to turn it off.
/// </summary>
sealed record AutoChargeBody(
    bool On,
    [property: JsonConverter(typeof(WholeAmountOrNull))] long? Below = null,
    [property: JsonConverter(typeof(WholeAmountOrNull))] long? Amount = null,
    [property: JsonConverter(typeof(WholeAmountOrNull))] long? PerMonth = null);

/// <summary>
/// How it stands; the amounts are those that it is on with, or was last. <paramref name="Stopped"/>: why we turned it off, null where
/// nobody did but the member. <paramref name="BankAccount"/>: what it takes from.
/// </summary>
sealed record AutoChargeAnswer(
    bool On, long? Below, long? Amount, long? PerMonth, long UsedThisMonth, string? Stopped, BankAccountAnswer? BankAccount);

/// <summary>The wallet charges itself from the member's bank account.</summary>
static class AutoChargeApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/me/auto-charge", Read)
            .Named("readAutoCharge", "Whether the wallet is charged by itself, and with what.")
            .RequireAuthorization(Policies.Member).Produces<AutoChargeAnswer>();
        api.MapPut("/me/auto-charge", Set)
            .Named("setAutoCharge",
                "Lets the wallet be charged from the linked bank account when it holds less than `below`; turning it on or changing it takes a "
                + "Step-Up (`auto-charge`). It is off until somebody turns it on, and turned off when the bank refuses.")
            .RequireAuthorization(Policies.Member).MayTakeStepUp().Produces<AutoChargeAnswer>().Refuses(400, 422, 423);
    }

    static async Task<IResult> Read(HttpContext context, SetAutoCharge auto, CancellationToken ct) =>
        Results.Ok(Of(await auto.Read(context.MemberId(), ct)));

    static async Task<IResult> Set(
        HttpContext context, Body<AutoChargeBody> body, SetAutoCharge auto, MemberDirectory directory, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var terms = asked.On ? new AutoChargeTerms((asked.Below ?? 0).Yen(), (asked.Amount ?? 0).Yen(), (asked.PerMonth ?? 0).Yen()) : null;
        var answer = await auto.Run(new SetAutoChargeRequest(await context.Payer(directory, ct), terms, context.Proof()), ct);
        return answer.Refusal switch
        {
            SetAutoChargeRefusal.None => Results.Ok(Of(answer.Value!)),
            SetAutoChargeRefusal.StepUpRequired => Problem.StepUpRequired,
            var refusal => Problem.Of(refusal),
        };
    }

    static AutoChargeAnswer Of(AutoChargeSeen seen) => new(
        seen.Setting?.State == AutoChargeState.On, seen.Setting?.BelowYen.Value, seen.Setting?.AmountYen.Value,
        seen.Setting?.PerMonthYen.Value, seen.UsedThisMonth.Value,
        seen.Setting is { State: AutoChargeState.Stopped } stopped ? stopped.Reason : null,
        seen.Account is { } account ? new BankAccountAnswer(account.Id.ToString(), account.BankName, account.LastFour) : null);
}

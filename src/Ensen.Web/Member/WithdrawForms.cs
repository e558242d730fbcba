using Ensen.Access;
using Ensen.Banking;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Ensen.Withdrawals;

namespace Ensen.Web.Members;

/// <summary>
/// The form of the page on which money is withdrawn, under the intent that it was given. What needs a proof is done right after it.
/// </summary>
static class WithdrawForms
{
    /// <summary>What the page is told when there is less money than was asked for.</summary>
    public const string Lacking = "lacking";

    const string Page = "/withdraw";

    public static IReadOnlyList<StepUpAct> Acts { get; } =
    [
        new(Spending.Withdrawals, Page, (http, typed, ct) => Send(http, typed, mustProve: true, ct)),
    ];

    public static void Map(IEndpointRouteBuilder member) => member.MapForm("/withdraw", Withdraw).MayProve(Spending.Withdrawals);

    static async Task<IResult> Withdraw(HttpContext http, CancellationToken ct) =>
        await Send(http, SignedByDevice.Typed(http), await SignedByDevice.MustProve(http), ct);

    static async Task<IResult> Send(HttpContext http, IReadOnlyDictionary<string, string> typed, bool mustProve, CancellationToken ct)
    {
        var services = http.RequestServices;
        if (!FormInput.TryIntent(typed.GetValueOrDefault("intent"), out var key)
            || !TypedAmount.TryRead(typed.GetValueOrDefault("amount"), out var yen))
            return Back(http, typed, "AmountMissing");
        BankAccountId? account = Id.TryParse(typed.GetValueOrDefault("account"), out BankAccountId named) ? named : null;
        var payer = await http.Payer(services.GetRequiredService<MemberDirectory>(), ct);
        Answer<WithdrawalBegun, WithdrawRefusal> answer;
        try
        {
            answer = await services.GetRequiredService<Withdraw>().Run(new WithdrawRequest(
                payer, yen, account, http.Proof(), mustProve,
                [IdempotencyKey.Of(payer.MemberId, key, "page withdrawal", yen.Value, account)]), ct);
        }
        catch (Exception e) when (Intents.IsUnknown(e))
        {
            return services.GetRequiredService<Intents>().Unknown(http, IntentKind.Withdrawal, typed["intent"]);
        }
        return answer.Refusal switch
        {
            WithdrawRefusal.None => http.Answer(FormAnswer.Done($"{Page}/{answer.Value!.WithdrawalId}")),
            WithdrawRefusal.StepUpRequired =>
                http.Answer(FormAnswer.RefusedAt(StepUpAct.AddressOf(http, Spending.Withdrawals, typed))),
            WithdrawRefusal.InsufficientBalance => Back(http, typed, Lacking),
            var refusal => Back(http, typed, Problem.Code(refusal.ToString())),
        };
    }

    /// <summary>The next try is another withdrawal: this one's answer is remembered.</summary>
    static IResult Back(HttpContext http, IReadOnlyDictionary<string, string> typed, string fault) =>
        http.Answer(FormAnswer.RefusedAt(http.RequestServices.GetRequiredService<SentBack>().Address(http, Page,
            new Dictionary<string, string>(typed)
            {
                ["fault"] = fault,
                ["intent"] = Id.New(http.RequestServices.GetRequiredService<TimeProvider>()).ToString(),
            })));
}

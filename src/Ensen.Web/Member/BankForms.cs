using Ensen.Banking;
using Ensen.Basics;
using Ensen.Storage;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Members;

/// <summary>The forms of bank accounts: linking one takes a proof of the person, and is done right after it; removing one takes
/// none.</summary>
static class BankForms
{
    const string Page = "/account/bank";

    /// <summary>What is done after a proof.</summary>
    public static IReadOnlyList<StepUpAct> Acts { get; } = [new(LinkBankAccount.Purpose, Page, Link)];

    public static void Map(IEndpointRouteBuilder member)
    {
        member.MapForm("/account/bank", (HttpContext http, CancellationToken ct) => Link(http, SentBack.Typed(http), ct));
        member.MapForm("/account/bank/remove", Remove);
    }

    static async Task<IResult> Link(HttpContext http, IReadOnlyDictionary<string, string> typed, CancellationToken ct)
    {
        var services = http.RequestServices;
        var (member, clock) = (http.MemberId(), services.GetRequiredService<TimeProvider>());
        string? Of(string name) => typed.GetValueOrDefault(name);
        if (!FormInput.TryIntent(Of("once"), out var key))
            return Results.LocalRedirect(Page);
        var account = new TypedBankAccount(Of("bankCode"), Of("branchCode"), Of("kind"), Of("number"), Of("holderKana"));
        var answer = await services.GetRequiredService<LinkBankAccount>().Run(new LinkBankAccountRequest(
            member, account, http.Proof(), RequestDevice.DeviceOf(http), RequestDevice.AddressOf(http),
            IdempotencyKey.Of(member, key, "page bank account", account.BankCode, account.BranchCode, account.Kind, account.Number,
                account.HolderKana)), ct);
        return answer.Refusal switch
        {
            LinkBankAccountRefusal.None => Results.LocalRedirect($"{Page}?told=bank-linked"),
            LinkBankAccountRefusal.StepUpRequired => StepUpAct.Ask(http, LinkBankAccount.Purpose, typed),
            var refusal => Results.LocalRedirect(services.GetRequiredService<SentBack>().Address(http, Page,
                new Dictionary<string, string>(typed)
                {
                    ["fault"] = Problem.Code(refusal.ToString()),
                    ["once"] = Id.New(clock).ToString(),
                })),
        };
    }

    static async Task<IResult> Remove(HttpContext http, [FromForm] string? account, UnlinkBankAccount unlink, CancellationToken ct) =>
        Id.TryParse(account, out BankAccountId id) && (await unlink.Run(http.MemberId(), id, ct)).Accepted
            ? Results.LocalRedirect($"{Page}?told=bank-removed")
            : Results.LocalRedirect(Page);
}

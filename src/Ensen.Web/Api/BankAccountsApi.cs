using Ensen.Banking;
using Ensen.Basics;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary><paramref name="Kind"/>: <c>ordinary</c>, <c>current</c> or <c>savings</c>.</summary>
sealed record BankAccountBody(string BankCode, string BranchCode, string Kind, string Number, string HolderKana);

sealed record BankAccountAnswer(string BankAccountId, string BankName, string LastFour);

/// <summary>The one that charges take from is the first.</summary>
sealed record BankAccountsAnswer(IReadOnlyList<BankAccountAnswer> Items);

/// <summary>The bank accounts that the member has linked.</summary>
static class BankAccountsApi
{
    public static IEnumerable<string> Kinds => Enum.GetValues<BankAccountKind>().Select(BankAccountNumber.NameOf);

    public static void Map(RouteGroupBuilder api)
    {
        var mine = api.MapGroup("/me/bank-accounts").RequireAuthorization(Policies.Member);
        mine.MapGet("", List).Named("listBankAccounts", "The member's linked bank accounts; charges take from the first.")
            .Produces<BankAccountsAnswer>();
        mine.MapPost("", Link)
            .Named("linkBankAccount",
                "Links a bank account of the member's own; takes a Step-Up for `bank`. The member must be verified, and the holder's name in kana be "
                + "theirs. One account is linked to one wallet (already_linked); its owner is told.")
            .RequireRateLimiting(RateLimits.Challenges).MayTakeStepUp().WithMetadata(new ApiSetup.NeedsKey())
            .Produces<BankAccountAnswer>(201).Refuses(400, 409, 422, 429, 503);
        mine.MapDelete("/{id}", Unlink).Named("unlinkBankAccount", "Removes a link; nothing is taken from the account any more.")
            .Produces<BankAccountAnswer>().Refuses(404);
    }

    static async Task<IResult> List(HttpContext context, OwnBankAccounts own, CancellationToken ct) =>
        Results.Ok(new BankAccountsAnswer([.. (await own.Of(context.MemberId(), ct)).Select(Of)]));

    static async Task<IResult> Link(HttpContext context, Body<BankAccountBody> body, LinkBankAccount link, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var member = context.MemberId();
        if (Keys.Key(context, member, "bank account", asked.BankCode, asked.BranchCode, asked.Kind, asked.Number, asked.HolderKana)
            is not { } key)
            return new Problem("key_required");
        var answer = await link.Run(new LinkBankAccountRequest(
            member, new TypedBankAccount(asked.BankCode, asked.BranchCode, asked.Kind, asked.Number, asked.HolderKana), context.Proof(),
            RequestDevice.DeviceOf(context), RequestDevice.AddressOf(context), key), ct);
        Keys.Mark(context, answer);
        return answer.Refusal switch
        {
            LinkBankAccountRefusal.None => Results.Created($"/api/v1/me/bank-accounts/{answer.Value!.Id}", Of(answer.Value)),
            LinkBankAccountRefusal.StepUpRequired => Problem.StepUpRequired,
            LinkBankAccountRefusal.TooManyRequests => Problem.Of(answer.Refusal, await link.ComeAgain(member, ct)),
            var refusal => Problem.Of(refusal),
        };
    }

    static async Task<IResult> Unlink(HttpContext context, string id, UnlinkBankAccount unlink, CancellationToken ct)
    {
        if (!Id.TryParse(id, out BankAccountId account)) return new Problem("not_found");
        var answer = await unlink.Run(context.MemberId(), account, ct);
        return answer.Accepted ? Results.Ok(Of(answer.Value)) : Problem.Of(answer.Refusal);
    }

    static BankAccountAnswer Of(BankAccount account) => new(account.Id.ToString(), account.BankName, account.LastFour);
}

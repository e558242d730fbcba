using Ensen.Access;
using Ensen.Basics;
using Ensen.Codes;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

sealed record CodeAnswer(string Code, string Qr, DateTimeOffset ExpiresAt);

/// <summary>The code that a member shows.</summary>
static class CodesApi
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/codes", Create)
            .Named("showCode",
                "A one-time code for the member to show: digits for a Code 128, and the text of a QR. A till may send either.")
            .RequireAuthorization(Policies.Member).RequireRateLimiting(RateLimits.Codes)
            .Produces<CodeAnswer>(201).Refuses(423, 429).NeedsProgram(Spending.Codes);

    static async Task<IResult> Create(HttpContext context, ShowCode show, CancellationToken ct)
    {
        var caller = context.Caller();
        var answer = await show.Run(context.MemberId(), caller.Session, ct: ct);
        if (answer.Value is not { } code)
            return Problem.Of(answer.Refusal);
        return Results.Created((string?)null, new CodeAnswer(code.Digits, code.Qr, JapanDay.InTokyo(code.ExpiresAt)));
    }
}

using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

sealed record ChallengeBody(string Purpose, string Method);

sealed record ChallengeMade(string ChallengeId, DateTimeOffset ExpiresAt);

sealed record ChallengeAnswerBody(string Password);

/// <summary>How a challenge stands: <c>pending</c>, <c>passed</c>, <c>failed</c> or <c>lapsed</c>.</summary>
sealed record ChallengeAnswer(string Status);

/// <summary>Proving again who one is: a program asks for a challenge, answers it, and sends its id once as header <c>Step-Up</c>.</summary>
static class ChallengesApi
{
    /// <summary>What other ways of the contract are called that this installation has not.</summary>
    static readonly string[] s_notYet = ["call", "passkey", "totp"];

    public static void Map(RouteGroupBuilder api)
    {
        var mine = api.MapGroup("/me/challenges").RequireAuthorization(Policies.Member);
        mine.MapPost("", Begin)
            .Named("beginChallenge",
                "Asks to prove again who the member is, before something that takes it: purpose `limits` or `thaw`, method `password`.")
            .RequireRateLimiting(RateLimits.Challenges).Produces<ChallengeMade>(201).Refuses(400, 422, 429);
        mine.MapPost("/{id}/answer", Answer)
            .Named("answerChallenge",
                "Answers a challenge; it has one answer, and a wrong one fails it. A passed one is sent once as header Step-Up.")
            .RequireRateLimiting(RateLimits.Challenges).Produces<ChallengeAnswer>().Refuses(400, 404, 429);
        mine.MapGet("/{id}", Find).Named("readChallenge", "How a challenge of this session stands.")
            .Produces<ChallengeAnswer>().Refuses(404);
    }

    static async Task<IResult> Begin(HttpContext context, Body<ChallengeBody> body, StepUp stepUp, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (BuiltIn.Catalogue.All<StepUpPurpose>().FirstOrDefault(p => p.Name == asked.Purpose) is not { } purpose)
            return new Problem("invalid_request");
        if (s_notYet.Contains(asked.Method)) return new Problem("not_available");
        if (asked.Method != "password") return new Problem("invalid_request");
        var made = await stepUp.Begin(context.Caller(), purpose, ProofMethod.Password, ct);
        return Results.Created($"/api/v1/me/challenges/{made.Id}", new ChallengeMade(made.Id.ToString(), JapanDay.InTokyo(made.ExpiresAt)));
    }

    static async Task<IResult> Answer(HttpContext context, string id, Body<ChallengeAnswerBody> body, StepUp stepUp,
        MemberDirectory directory, KnownDevices known, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (!Id.TryParse(id, out ChallengeId challenge)) return new Problem("not_found");
        var answer = await stepUp.Answer(context.Caller(), challenge, await context.Typed(asked.Password, directory, known, ct), ct);
        return answer.Accepted ? Results.Ok(Of(answer.Value))
            : Problem.Of(answer.Refusal, answer.Refusal == StepUpRefusal.TooManyRequests ? StepUp.ComeAgain : null);
    }

    static async Task<IResult> Find(HttpContext context, string id, StepUp stepUp, CancellationToken ct) =>
        Id.TryParse(id, out ChallengeId challenge) && await stepUp.Find(context.Caller(), challenge, ct) is { } found
            ? Results.Ok(Of(found))
            : new Problem("not_found");

    static ChallengeAnswer Of(Challenge challenge) => new(challenge.State.ToString().ToLowerInvariant());
}

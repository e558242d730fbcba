using System.Text.Json;
using System.Text.Json.Serialization;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

sealed record ChallengeBody(string Purpose, string Method);

/// <summary>
/// A challenge. <paramref name="Dial"/>: the number to call from the registered telephone, until <c>expiresAt</c>.
/// <paramref name="Options"/>: what to call <c>navigator.credentials.get</c> with.
/// </summary>
sealed record ChallengeMade(string ChallengeId, DateTimeOffset ExpiresAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Dial = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Options = null);

/// <summary>One of them: what the challenge's method asks for.</summary>
sealed record ChallengeAnswerBody(string? Password = null, string? Code = null, JsonElement? Assertion = null);

/// <summary>How a challenge stands: <c>pending</c>, <c>passed</c>, <c>failed</c> or <c>lapsed</c>.</summary>
sealed record ChallengeAnswer(string Status);

/// <summary>Proving again who one is: a program asks for a challenge, answers it, and sends its id once as header <c>Step-Up</c>.</summary>
static class ChallengesApi
{
    /// <summary>
    /// The names of the contract's methods, each with the field of an answer to it; null where the answer comes another way.
    /// </summary>
    static readonly (ProofMethod Method, string Name, Func<ChallengeAnswerBody, string?>? Field)[] s_methods =
    [
        (ProofMethod.Password, "password", body => body.Password),
        (ProofMethod.Call, "call", null),
        (ProofMethod.Passkey, "passkey", body => body.Assertion?.GetRawText()),
        (ProofMethod.Totp, "totp", body => body.Code),
        (ProofMethod.RecoveryCode, "recovery_code", body => body.Code),
    ];

    public static IEnumerable<string> Methods => s_methods.Select(m => m.Name);

    /// <summary>The method of a name of the contract; null when there is none.</summary>
    public static ProofMethod? MethodOf(string name) =>
        Array.Find(s_methods, m => m.Name == name) is { Name: not null } found ? found.Method : null;

    /// <summary>What the contract calls a method.</summary>
    public static string NameOf(ProofMethod method) => Array.Find(s_methods, m => m.Method == method).Name;

    public static IEnumerable<string> Purposes => BuiltIn.Catalogue.All<StepUpPurpose>().Select(p => p.Name);

    public static IEnumerable<string> Statuses => Enum.GetValues<ChallengeState>().Select(Name);

    public static void Map(RouteGroupBuilder api)
    {
        var mine = api.MapGroup("/me/challenges").RequireAuthorization(Policies.Member);
        mine.MapPost("", Begin)
            .Named("beginChallenge",
                "Asks to prove again who the member is, before something that takes it. By `call` the answer has the number to dial: a call from "
                + "the registered telephone passes the challenge and is never answered.")
            .RequireRateLimiting(RateLimits.Challenges).Produces<ChallengeMade>(201).Refuses(400, 422, 429);
        mine.MapPost("/{id}/answer", Answer)
            .Named("answerChallenge",
                "Answers a challenge, by `password`, `code` or `assertion`; it has one answer, and a wrong one fails it. A passed one is sent once as header "
                + "Step-Up. A challenge by call is answered by nobody: its status is told as it is.")
            .RequireRateLimiting(RateLimits.Challenges).Produces<ChallengeAnswer>().Refuses(400, 404, 429);
        mine.MapGet("/{id}", Find).Named("readChallenge", "How a challenge of this session stands.")
            .Produces<ChallengeAnswer>().Refuses(404);
    }

    static async Task<IResult> Begin(HttpContext context, Body<ChallengeBody> body, StepUp stepUp, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (BuiltIn.Catalogue.All<StepUpPurpose>().FirstOrDefault(p => p.Name == asked.Purpose) is not { } purpose)
            return Problem.Invalid("purpose");
        if (MethodOf(asked.Method) is not { } method) return Problem.Invalid("method");
        var begun = await stepUp.Begin(context.Caller(), purpose, method, ct: ct);
        if (begun.Value is not { } made) return Problem.Of(begun.Refusal, begun.Wait);
        return Results.Created($"/api/v1/me/challenges/{made.Id}", new ChallengeMade(
            made.Id.ToString(), JapanDay.InTokyo(made.ExpiresAt), made.Method == ProofMethod.Call ? made.Asks : null,
            made.Method == ProofMethod.Passkey ? ProofByPasskey.OptionsOf(made) : null));
    }

    static async Task<IResult> Answer(HttpContext context, string id, Body<ChallengeAnswerBody> body, StepUp stepUp,
        MemberDirectory directory, KnownDevices known, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (!Id.TryParse(id, out ChallengeId challenge) || await stepUp.Find(context.Caller(), challenge, ct) is not { } found)
            return new Problem("not_found");
        var field = Array.Find(s_methods, m => m.Method == found.Method).Field;
        if (field is null) return Results.Ok(Of(found));
        if (field(asked) is not { } text || !IsOne(asked)) return Problem.Invalid("password", "code", "assertion");
        var answer = await stepUp.Answer(context.Caller(), challenge, await context.Typed(text, directory, known, ct), ct);
        return answer.Value is { } after ? Results.Ok(Of(after)) : Problem.Of(answer.Refusal, answer.Wait);
    }

    static async Task<IResult> Find(HttpContext context, string id, StepUp stepUp, CancellationToken ct) =>
        Id.TryParse(id, out ChallengeId challenge) && await stepUp.Find(context.Caller(), challenge, ct) is { } found
            ? Results.Ok(Of(found))
            : new Problem("not_found");

    static bool IsOne(ChallengeAnswerBody body) =>
        new[] { body.Password is not null, body.Code is not null, body.Assertion is not null }.Count(b => b) == 1;

    static ChallengeAnswer Of(Challenge challenge) => new(Name(challenge.State));

    static string Name(ChallengeState state) => state.ToString().ToLowerInvariant();
}

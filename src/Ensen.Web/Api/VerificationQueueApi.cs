using System.Globalization;
using Ensen.Basics;
using Ensen.Identity;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary>A verification that waits; who it is of is told with a reason. <paramref name="First"/>: what the first person said.</summary>
sealed record QueuedVerificationAnswer(string VerificationId, DateTimeOffset BegunAt, DateTimeOffset LapsesAt, string? First);

sealed record VerificationQueueAnswer(IReadOnlyList<QueuedVerificationAnswer> Items, string? Next);

/// <summary>A verification as an operator with a reason sees it; its pictures are shown on the console's page alone.</summary>
sealed record ViewedVerificationAnswer(string VerificationId, string MemberId, string Status, string? First, string? Name, string? Kana,
    string? BornOn, string? Address, bool Minor, IReadOnlyList<string> Images);

sealed record VerificationDecisionBody(string Decision, string Reason);

/// <summary><paramref name="Decided"/>: it was the second person's word; the first's waits for another person.</summary>
sealed record VerificationDecisionAnswer(string VerificationId, string Status, bool Decided);

/// <summary>The queue of verifications for programs of operators.</summary>
static class VerificationQueueApi
{
    const string Accept = "accept";
    const string Reject = "reject";
    const int UsualRows = 50;
    const int MostRows = 100;

    public static IEnumerable<string> Decisions => [Accept, Reject];

    public static void Map(RouteGroupBuilder api)
    {
        var queue = api.MapGroup("/console/verifications").RequireAuthorization(Policies.Identity);
        queue.MapGet("", List)
            .Named("listVerifications", "Verifications that wait for two persons, the oldest first.")
            .WithPriority(RequestPriority.CanWait).Produces<VerificationQueueAnswer>().Refuses(400);
        queue.MapGet("/{id}", View)
            .Named("viewVerification", "What a member typed for a verification. Takes a reason, and is recorded.")
            .Produces<ViewedVerificationAnswer>().Refuses(400, 404);
        queue.MapPost("/{id}/decisions", Decide)
            .Named("decideVerification",
                "What one person says of a verification, `accept` or `reject`, and why. The second person's decides; the first may not be the second, "
                + "by whichever account (same_person).")
            .Produces<VerificationDecisionAnswer>().Refuses(400, 404, 410, 422);
    }

    static async Task<IResult> List(string? limit, string? before, VerificationQueue queue, CancellationToken ct)
    {
        var (count, after) = (UsualRows, default(VerificationId));
        if (limit is not null && !int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count)
            || count is < 1 or > MostRows || before is not null && !Id.TryParse(before, out after))
            return new Problem("invalid_request");
        var rows = await queue.Waiting(count, after, ct);
        return Results.Ok(new VerificationQueueAnswer(
            [.. rows.Select(row => new QueuedVerificationAnswer(
                row.Id.ToString(), At(row.BegunMs), At(row.LapsesMs), Word(row.FirstAccepts)))],
            rows.Count == count ? rows[^1].Id.ToString() : null));
    }

    static async Task<IResult> View(HttpContext context, string id, string? reason, VerificationQueue queue, CancellationToken ct)
    {
        var answer = await queue.View(Of(id), reason ?? "", context.OperatorId(), ct);
        if (!answer.Accepted) return Problem.Of(answer.Refusal);
        var (found, details) = (answer.Value.Verification, answer.Value.Details);
        return Results.Ok(new ViewedVerificationAnswer(
            found.Id.ToString(), found.Member.ToString(), VerificationsApi.Name(found.State), Word(found.FirstAccepts), details?.Name,
            details?.Kana, details?.BornOn, details?.Address, answer.Value.IsMinor,
            [.. answer.Value.Images.Select(VerificationsApi.Name)]));
    }

    static async Task<IResult> Decide(HttpContext context, string id, Body<VerificationDecisionBody> body, DecideVerification decide,
        CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (asked.Decision is not (Accept or Reject)) return Problem.Invalid("decision");
        var answer = await decide.Run(
            new DecideVerificationRequest(Of(id), asked.Decision == Accept, asked.Reason, context.OperatorId()), ct);
        return answer.Accepted
            ? Results.Ok(new VerificationDecisionAnswer(
                answer.Value.Id.ToString(), VerificationsApi.Name(answer.Value.State), !answer.Value.IsOpen))
            : Problem.Of(answer.Refusal);
    }

    static string? Word(bool? accepts) => accepts is { } yes ? yes ? Accept : Reject : null;

    static VerificationId Of(string id) => Id.TryParse(id, out VerificationId verification) ? verification : default;

    static DateTimeOffset At(long ms) => JapanDay.InTokyo(Instant.OfMilliseconds(ms));
}

using System.Text.Json;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Identity;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Api;

sealed record VerificationBody(string Method, string Name, string Kana, string BornOn, string Address);

/// <summary>
/// How a verification stands: <c>pending</c>, <c>in_review</c>, <c>accepted</c>, <c>rejected</c> or <c>lapsed</c>, and why where it came to
/// nothing. <paramref name="Missing"/>: the pictures that are still to be sent. <paramref name="RecheckOn"/>: from then on it counts no
/// more.
/// </summary>
sealed record VerificationAnswer(string VerificationId, string Method, string Status, string? Reason, IReadOnlyList<string> Missing,
    DateTimeOffset ExpiresAt, string? RecheckOn);

/// <summary>A way to be verified. <paramref name="Available"/>: it may be begun here now.</summary>
sealed record VerificationMethodAnswer(string Code, string? EndsOn, bool Available);

/// <summary>The ways to be verified, and the member's last verification.</summary>
sealed record VerificationsAnswer(IReadOnlyList<VerificationMethodAnswer> Methods, VerificationAnswer? Latest);

/// <summary>
/// What a gateway found: <c>match</c>, <c>different_person</c>, <c>document_expired</c> or <c>unreadable</c>.
/// <paramref name="ValidUntil"/>: the last day of a document that has one.
/// </summary>
sealed record IdentityReportBody(string VerificationId, string Finding, string? ValidUntil = null);

/// <summary>The report was believed, and need not be sent again.</summary>
sealed record IdentityReportAnswer(bool Received);

/// <summary>The member's verification, and where gateways report.</summary>
static class VerificationsApi
{
    const int MostReportBytes = 4_096;

    public static IEnumerable<string> Statuses => ["pending", "in_review", "accepted", "rejected", "lapsed"];

    public static IEnumerable<string> Findings => Enum.GetValues<IdentityFinding>().Select(HearIdentityReport.CodeOf);

    public static void Map(RouteGroupBuilder api)
    {
        var mine = api.MapGroup("/me/verifications").RequireAuthorization(Policies.Member);
        mine.MapGet("", List).Named("listVerificationMethods", "The ways to be verified, the best first, and the member's last verification.")
            .Produces<VerificationsAnswer>();
        mine.MapPost("", Begin)
            .Named("beginVerification",
                "Begins to verify who the member is. By `image` the pictures are sent next, each to its address; by the others a gateway is asked. "
                + "One is under way at a time (in_progress); one that nobody answers lapses and can be begun again.")
            .RequireRateLimiting(RateLimits.Challenges).WithMetadata(new ApiSetup.NeedsKey())
            .Produces<VerificationAnswer>(201).Refuses(400, 409, 422, 429);
        mine.MapGet("/{id}", Find).Named("readVerification", "How a verification of the member's stands.")
            .Produces<VerificationAnswer>().Refuses(404);
        mine.MapPut("/{id}/images/{side}", AddImage)
            .Named("sendVerificationImage",
                "A picture of the document or the face: side `front`, `back` or `face`, the body a JPEG or PNG of at most 5,000,000 bytes. It is kept "
                + "encrypted and shown to nobody but the operators who decide. With front and face the verification is in review.")
            .RequireRateLimiting(RateLimits.Challenges).WithMetadata(new RequestSizeLimitAttribute(AddEvidence.MostBytes + 1))
            .Produces<VerificationAnswer>().Refuses(400, 404, 410, 429);
        api.MapPost("/gateways/identity/reports", Hear)
            .Named("reportIdentity",
                "The gateway that reads cards reports what it found. Signed as Standard Webhooks 1.0 has it, by the headers webhook-id, "
                + "webhook-timestamp and webhook-signature. It answers the same whether or not anybody waited for the report.")
            .AllowAnonymous().Accepts<IdentityReportBody>("application/json").Produces<IdentityReportAnswer>().Refuses(400, 401, 403);
    }

    static async Task<IResult> List(HttpContext context, OwnVerifications own, ExternalGateways outside, AddEvidence evidence,
        Programme programme, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var latest = await own.Latest(context.MemberId(), ct);
        var methods = IdentityMethods.All.Select(method =>
        {
            var rules = method.Rules(programme.Identity);
            return new VerificationMethodAnswer(rules.Code, rules.End?.ToString(),
                !rules.HasEnded(JapanDay.Of(now)) && (method == IdentityMethod.Image || outside.Has(Gateway.Identity)));
        });
        return Results.Ok(new VerificationsAnswer([.. methods], latest is null ? null : await Of(latest, evidence, programme, ct)));
    }

    static async Task<IResult> Begin(HttpContext context, Body<VerificationBody> body, BeginVerification begin, AddEvidence evidence,
        Programme programme, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var member = context.MemberId();
        if (Keys.Key(context, member, "verification", asked.Method, asked.Name, asked.Kana, asked.BornOn, asked.Address) is not { } key)
            return new Problem("key_required");
        var answer = await begin.Run(new BeginVerificationRequest(
            member, asked.Method, new PersonalDetails(asked.Name, asked.Kana, asked.BornOn, asked.Address), key), ct);
        Keys.Mark(context, answer);
        return answer.Accepted
            ? Results.Created($"/api/v1/me/verifications/{answer.Value.Id}", await Of(answer.Value, evidence, programme, ct))
            : answer.Refusal == BeginVerificationRefusal.TooManyRequests ? Problem.Of(answer.Refusal, await begin.ComeAgain(member, ct))
            : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> Find(HttpContext context, string id, OwnVerifications own, AddEvidence evidence, Programme programme,
        CancellationToken ct) =>
        Id.TryParse(id, out VerificationId verification) && await own.Find(context.MemberId(), verification, ct) is { } found
            ? Results.Ok(await Of(found, evidence, programme, ct))
            : new Problem("not_found");

    static async Task<IResult> AddImage(HttpContext context, string id, string side, AddEvidence evidence, Programme programme,
        CancellationToken ct)
    {
        if (!Id.TryParse(id, out VerificationId verification) || SideOf(side) is not { } which) return new Problem("not_found");
        if (await Read(context.Request, AddEvidence.MostBytes, ct) is not { } image) return new Problem("invalid_image");
        var answer = await evidence.Run(new AddEvidenceRequest(context.MemberId(), verification, which, image), ct);
        return answer.Accepted ? Results.Ok(await Of(answer.Value, evidence, programme, ct)) : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> Hear(HttpContext context, [FromKeyedServices(Gateway.Identity)] ReportSignature signature,
        HearIdentityReport hear, CancellationToken ct)
    {
        if (await Read(context.Request, MostReportBytes, ct) is not { } body)
            return new Problem("invalid_request");
        var name = context.Request.Headers[ReportSignature.IdHeader].ToString();
        if (!signature.IsGenuine(name, context.Request.Headers[ReportSignature.TimestampHeader],
            context.Request.Headers[ReportSignature.SignatureHeader], body))
            return new Problem("unauthenticated");
        if (Parse(body) is not { } report || HearIdentityReport.FindingOf(report.Finding) is not { } finding
            || report.ValidUntil is { } day && (day == IdentityMethodRules.Never || !IdentityMethodRules.IsDay(day)))
            return new Problem("invalid_request");
        if (Id.TryParse(report.VerificationId, out VerificationId id))
            await hear.Run(new IdentityReport(name, id, finding, report.ValidUntil), ct);
        return Results.Ok(new IdentityReportAnswer(Received: true));
    }

    static async Task<VerificationAnswer> Of(Verification found, AddEvidence evidence, Programme programme, CancellationToken ct) => new(
        found.Id.ToString(), found.Method.Rules(programme.Identity).Code, Name(found.State), found.Reason,
        [.. (await evidence.Missing(found, ct)).Select(Name)], JapanDay.InTokyo(Instant.OfMilliseconds(found.LapsesMs)), found.RecheckOn);

    /// <summary>The contract's word.</summary>
    internal static string Name(VerificationState state) => state switch
    {
        VerificationState.Collecting or VerificationState.Asked => "pending",
        VerificationState.InReview => "in_review",
        VerificationState.Accepted => "accepted",
        VerificationState.Rejected => "rejected",
        VerificationState.Lapsed => "lapsed",
    };

    internal static string Name(EvidenceSide side) => side.ToString().ToLowerInvariant();

    internal static EvidenceSide? SideOf(string? name) =>
        Enum.GetValues<EvidenceSide>().Cast<EvidenceSide?>().FirstOrDefault(side => Name(side!.Value) == name);

    /// <summary>Null: longer than that.</summary>
    static async Task<byte[]?> Read(HttpRequest request, int most, CancellationToken ct)
    {
        if (request.ContentLength > most)
            return null;
        try
        {
            using var buffer = new MemoryStream();
            var piece = new byte[16 * 1024];
            while (await request.Body.ReadAsync(piece, ct) is > 0 and var length)
            {
                if (buffer.Length + length > most)
                    return null;
                buffer.Write(piece, 0, length);
            }
            return buffer.ToArray();
        }
        catch (BadHttpRequestException)
        {
            return null;
        }
    }

    static IdentityReportBody? Parse(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ApiTypes.Of<IdentityReportBody>());
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

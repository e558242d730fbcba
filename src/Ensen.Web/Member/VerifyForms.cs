using Ensen.Basics;
using Ensen.Identity;
using Ensen.Storage;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Members;

/// <summary>The forms of a verification: what the member types, and the pictures.</summary>
static class VerifyForms
{
    const string Page = "/account/verify";

    /// <summary>A picture of each side, and what a form has around them.</summary>
    const long MostFormBytes = 3L * AddEvidence.MostBytes + 64 * 1024;

    public static void Map(IEndpointRouteBuilder member)
    {
        member.MapForm("/account/verify", Begin);
        member.MapForm("/account/verify/pictures", Send).WithMetadata(new RequestSizeLimitAttribute(MostFormBytes));
    }

    static async Task<IResult> Begin(
        HttpContext http, [FromForm] string? once, [FromForm] string? method, [FromForm] string? name, [FromForm] string? kana,
        [FromForm] string? bornOn, [FromForm] string? address, BeginVerification begin, SentBack sentBack, TimeProvider clock,
        CancellationToken ct)
    {
        var typed = new PersonalDetails(name ?? "", kana ?? "", bornOn ?? "", address ?? "");
        var faults = PersonalDetails.Faults(typed, JapanDay.Of(clock.GetUtcNow()));
        if (faults.Count > 0 || !FormInput.TryIntent(once, out var key))
            return Results.LocalRedirect(sentBack.Address(
                http, Page, ("faults", string.Join(' ', faults.Select(fault => Problem.Code(fault.ToString()))))));
        var member = http.MemberId();
        var answer = await begin.Run(new BeginVerificationRequest(member, method ?? "", typed,
            IdempotencyKey.Of(member, key, "page verification", method, typed.Name, typed.Kana, typed.BornOn, typed.Address)), ct);
        return Results.LocalRedirect(answer.Accepted || answer.Refusal == BeginVerificationRefusal.InProgress ? Page
            : sentBack.Address(http, Page, ("fault", Problem.Code(answer.Refusal.ToString())), ("once", Id.New(clock).ToString())));
    }

    static async Task<IResult> Send(HttpContext http, OwnVerifications own, AddEvidence evidence, SentBack sentBack, CancellationToken ct)
    {
        var member = http.MemberId();
        if (await own.Latest(member, ct) is not { State: VerificationState.Collecting } latest)
            return Results.LocalRedirect(Page);
        foreach (var side in Enum.GetValues<EvidenceSide>())
        {
            if (http.Request.Form.Files.GetFile(side.ToString()) is not { Length: > 0 } file)
                continue;
            using var image = new MemoryStream();
            if (file.Length <= AddEvidence.MostBytes)
                await file.CopyToAsync(image, ct);
            var answer = await evidence.Run(new AddEvidenceRequest(member, latest.Id, side, image.ToArray()), ct);
            if (!answer.Accepted)
                return Results.LocalRedirect(sentBack.Address(http, Page, ("fault", Problem.Code(answer.Refusal.ToString()))));
        }
        return Results.LocalRedirect(Page);
    }
}

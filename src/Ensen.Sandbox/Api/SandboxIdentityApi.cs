using System.Text.Json.Nodes;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Identity;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Ui;

namespace Ensen.Sandbox.Api;

/// <summary>
/// How the reader of cards takes its next orders: <c>match</c>, <c>different_person</c>, <c>late</c>, <c>late_different_person</c>,
/// <c>twice</c> or <c>never</c>.
/// </summary>
sealed record SandboxReaderBody(string Answer, int Times = 1, int Seconds = 2);

sealed record SandboxReaderAnswer(string Answer, int Times);

/// <summary>A report of the reader's; the same <paramref name="Report"/> twice is one report.</summary>
sealed record SandboxReportBody(string VerificationId, string Finding, string? Report = null, string? ValidUntil = null);

sealed record SandboxReportAnswer(bool Ended);

sealed record SandboxPicturesBody(string VerificationId);

sealed record SandboxPicturesAnswer(string VerificationId, bool InReview);

/// <summary>Plays the reader of cards, and the camera of a member who has none.</summary>
sealed class SandboxIdentityApi(SandboxGateways world, AddEvidence evidence, Database db)
{
    static readonly (string Answer, FaultMode Mode)[] s_answers =
    [
        ("match", FaultMode.Accept), ("different_person", FaultMode.Refuse), ("late", FaultMode.LateAccept),
        ("late_different_person", FaultMode.LateRefuse), ("twice", FaultMode.Twice), ("never", FaultMode.TimeOutThenAccept),
    ];

    public static void Map(ISandboxEndpoints api)
    {
        api.Post<SandboxReaderBody, SandboxReaderAnswer>(
            "/identity",
            new("setReader", "How the reader of IC chips and certificates takes its next orders: match, different_person, late, "
                + "late_different_person, twice or never.",
                Example: new JsonObject { ["answer"] = "late", ["times"] = 1, ["seconds"] = 5 }),
            (context, asked, ct) => Of(context).Set(asked, ct));
        api.Post<SandboxReportBody, SandboxReportAnswer>(
            "/identity-reports",
            new("reportAsReader", "The reader reports what it found, now. Ended: a verification ended by it.",
                Example: new JsonObject { ["verificationId"] = "ver_01m7zzf3wkf3sbtpmq2dxjb7rd", ["finding"] = "match" }),
            (context, asked, ct) => Of(context).Report(asked, ct));
        api.Post<SandboxPicturesBody, SandboxPicturesAnswer>(
            "/identity-pictures",
            new("sendSpecimens", "Sends drawn pictures of nobody's document and face for a verification that waits for pictures.",
                Example: new JsonObject { ["verificationId"] = "ver_01m7zzf3wkf3sbtpmq2dxjb7rd" }),
            (context, asked, ct) => Of(context).Send(asked, ct));
    }

    static SandboxIdentityApi Of(HttpContext context) => context.RequestServices.GetRequiredService<SandboxIdentityApi>();

    async Task<SandboxAnswer<SandboxReaderAnswer>> Set(SandboxReaderBody asked, CancellationToken ct)
    {
        if (Array.Find(s_answers, a => a.Answer == asked.Answer) is not { Answer: not null } known || asked.Times is < 0 or > 100
            || asked.Seconds is < 0 or > 3_600)
            return new(null, "invalid_request");
        await world.Moods.Set(Gateway.Identity, known.Mode, asked.Times, TimeSpan.FromSeconds(asked.Seconds), ct);
        return new(new SandboxReaderAnswer(asked.Answer, asked.Times));
    }

    async Task<SandboxAnswer<SandboxReportAnswer>> Report(SandboxReportBody asked, CancellationToken ct)
    {
        if (!Id.TryParse(asked.VerificationId, out VerificationId id) || HearIdentityReport.FindingOf(asked.Finding) is not { } finding
            || asked.Report is { Length: 0 or > 200 }
            || asked.ValidUntil is { } day && (day == IdentityMethodRules.Never || !IdentityMethodRules.IsDay(day)))
            return new(null, "invalid_request");
        return new(new SandboxReportAnswer(await world.Identity.Say(id, finding, asked.Report, asked.ValidUntil, ct)));
    }

    async Task<SandboxAnswer<SandboxPicturesAnswer>> Send(SandboxPicturesBody asked, CancellationToken ct)
    {
        if (!Id.TryParse(asked.VerificationId, out VerificationId id)) return new(null, "invalid_request");
        Verification? found;
        await using (var connection = await db.Connect(ct))
            found = await Verifications.Find(connection, id);
        if (found is null) return new(null, "not_found");
        foreach (var side in Enum.GetValues<EvidenceSide>())
        {
            var sent = await evidence.Run(new AddEvidenceRequest(found.Member, id, side, SpecimenPicture.Draw(side)), ct);
            if (sent is { Accepted: true, Value.State: VerificationState.InReview })
                return new(new SandboxPicturesAnswer(asked.VerificationId, InReview: true));
            if (!sent.Accepted)
                return new(null, sent.Refusal == AddEvidenceRefusal.NotFound ? "not_found" : "lapsed");
        }
        return new(new SandboxPicturesAnswer(asked.VerificationId, InReview: false));
    }
}

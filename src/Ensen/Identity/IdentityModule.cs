using Ensen.Basics;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Identity;

/// <summary>Who a member is by their papers: verifications, their evidence, and the two persons who decide.</summary>
public static class IdentityModule
{
    public static Module Module { get; } = new("Identity")
    {
        Declares =
        [
            Schema.Of(typeof(IdentityModule)),
            PersonalTable.Exported("verification", "verifications", "member = @member")
                .Id<VerificationId>("id", "verificationId").Word("method", n => ((IdentityMethod)n).ToString())
                .Word("state", n => ((VerificationState)n).ToString()).Text("reason").Moment("begun_ms").Moment("lapses_ms")
                .Moment("ended_ms").Text("recheck_on").Moment("recheck_told_ms")
                .Without("member", "details", "first_by", "first_accepts", "first_reason", "first_ms", "second_by", "second_accepts",
                    "second_reason")
                .Unreadable(
                    "state = case when state in (1, 2, 3) then 6 else state end, ended_ms = coalesce(ended_ms, @now), "
                    + "reason = case when state in (1, 2, 3) then 'left' else reason end, first_reason = null, second_reason = null",
                    "how and by whom members were verified: until the record of a member who left is swept, seven years later"),
            PersonalTable.Exported("verification_image", "verificationPictures",
                "verification in (select id from verification where member = @member)")
                .Number("side").Text("content_type").Moment("at_ms").Without("verification", "image")
                .Erased(),
            IdPrefix.Of<VerificationId>(),
            new OutboxWork(VerificationWork.Kind, services => services.GetRequiredService<VerificationWork>().Start()),
            Job.Of<LapseVerifications>("verifications", "verifications lapse, and members are told that a re-check is due",
                TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), (lapse, ct) => lapse.Run(ct)),
            Job.Of<HearIdentityReport>("old identity reports", "reports that are too old to be believed are forgotten", TimeSpan.FromHours(6),
                TimeSpan.FromMinutes(30), (hear, ct) => hear.Tidy(ct)),
        ],
        Services = services => services
            .AddSingleton<BeginVerification>()
            .AddSingleton<AddEvidence>()
            .AddSingleton<EndVerification>()
            .AddSingleton<HearIdentityReport>()
            .AddSingleton<VerificationWork>()
            .AddSingleton<VerificationQueue>()
            .AddSingleton<DecideVerification>()
            .AddSingleton<LapseVerifications>()
            .AddSingleton<OwnVerifications>()
            .AddSingleton<VerifiedIdentity>(),
    };
}

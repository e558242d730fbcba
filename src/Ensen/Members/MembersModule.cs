using Ensen.Access;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Members;

/// <summary>Who a member is: name, addresses, password.</summary>
public static class MembersModule
{
    public static Module Module { get; } = new("Members")
    {
        Declares =
        [
            Schema.Of(typeof(MembersModule)),
            .. MembersKept.All,
            IdPrefix.Of<MemberId>(ownersTable: "member"),
            IdPrefix.Of<RecoveryId>(),
            Possession.Purpose,
            ChangeTelephone.Purpose, ChangeTelephone.Shown, ChangeMail.Purpose,
            Job.Of<ChangeTelephone>("old telephone numbers", "numbers that members have changed are forgotten", TimeSpan.FromHours(6),
                TimeSpan.FromMinutes(30), (c, ct) => c.Tidy(ct)),
            Job.Of<ChangeMail>("old changes of address", "addresses that members have changed are free for others", TimeSpan.FromHours(1),
                TimeSpan.FromMinutes(30), (c, ct) => c.Tidy(ct)),
            Job.Of<ConfirmMail>("old registrations", "what was typed for links that have lapsed is forgotten", TimeSpan.FromHours(6),
                TimeSpan.FromMinutes(30), (c, ct) => c.Tidy(ct)),
            Job.Of<ProofByCall>("old calls", "calls that nobody waits for any more are forgotten", TimeSpan.FromHours(6),
                TimeSpan.FromMinutes(30), (c, ct) => c.Tidy(ct)),
            Job.Of<ToldNotices>("old notices", "that members were told something two years ago is forgotten", TimeSpan.FromHours(6),
                TimeSpan.FromMinutes(30), (n, ct) => n.Tidy(ct)),
            Job.Of<CarryOnRecoveries>("recoveries", "members who have lost everything are mailed the link back",
                TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(30), (r, ct) => r.Run(ct)),
            ChangePassword.Purpose,
            ChangeMail.Undoable,
            new OutboxWork(AskPasswordReset.Kind, services => services.GetRequiredService<ExternalGateways>().Has(Gateway.Mail)
                ? services.GetRequiredService<AskPasswordReset>().Send : null),
            Job.Of<AskPasswordReset>("old reset links", "links that lapsed are forgotten", TimeSpan.FromHours(6), TimeSpan.FromMinutes(30),
                (r, ct) => r.Tidy(ct)),
        ],
        Services = services => services
            .AddSingleton<MemberDirectory>()
            .AddSingleton<LowCaps>()
            .AddSingleton<EndDevices>()
            .AddSingleton<MemberKeys>()
            .AddSingleton<MemberProofs>()
            .AddSingleton<Register>()
            .AddSingleton<ChangeProfile>()
            .AddSingleton<ChangeTelephone>()
            .AddSingleton<ChangeMail>()
            .AddSingleton<ChangePassword>()
            .AddSingleton<SignIn>()
            .AddSingleton<OpenMemberSession>()
            .AddSingleton<SecondFactors>()
            .AddSingleton<SecondStep>()
            .AddSingleton<AskPasswordReset>()
            .AddSingleton<ResetPassword>()
            .AddSingleton<CarryOnRecoveries>()
            .AddSingleton<StopRecovery>()
            .AddSingleton<ConfirmMail>()
            .AddSingleton<IFactorOwner, MemberFactors>()
            .AddSingleton<SignInByPasskey>()
            .AddSingleton<CopiedDevice>()
            .AddSingleton<Preferences>()
            .AddSingleton<ProofByCall>()
            .AddSingleton<IProofMethod>(p => p.GetRequiredService<ProofByCall>())
            .AddSingleton<HearCall>()
            .AddSingleton<IProofMethod, ProofByRecoveryCode>()
            .AddSingleton<ToldNotices>()
            .AddSingleton<MailBounces>(),
    };
}

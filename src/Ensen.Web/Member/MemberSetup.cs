using Ensen.Wallet;

namespace Ensen.Web.Members;

/// <summary>What the member's pages need beside themselves: the forms that move value, the stream, the downloads.</summary>
static class MemberSetup
{
    public static void AddMember(this IServiceCollection services) =>
        services.AddSingleton<ChargeLimits>().AddSingleton<PayTickets>().AddSingleton<Receivers>().AddSingleton<Intents>()
            .AddSingleton<IScannedCodes, ScannedCodes>();

    public static void MapMember(this IEndpointRouteBuilder routes)
    {
        var member = routes.MapGroup("").RequireAuthorization(Policies.Member);
        PayForms.Map(member);
        SendForms.Map(member);
        LinkForms.Map(member);
        RequestForms.Map(member);
        ChargeForms.Map(member);
        AutoChargeForms.Map(member);
        WithdrawForms.Map(member);
        RewardForms.Map(member);
        AccountForms.Map(member);
        ProfileForms.Map(member);
        ContactForms.Map(member);
        SafetyForms.Map(member);
        PasswordForms.Map(member);
        StepUpForms.Map(member);
        PasskeyForms.Map(member);
        FactorForms.Map(member);
        VerifyForms.Map(member);
        BankForms.Map(member);
        TransitForms.Map(member);
        CreditCardForms.Map(member);
        PointCardForms.Map(member);
        LeaveForms.Map(member);
        CampaignForms.Map(member);
        Intents.Map(routes);
        MemberStream.Map(routes);
        Downloads.Map(routes);
    }
}

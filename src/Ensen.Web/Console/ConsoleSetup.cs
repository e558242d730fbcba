using Ensen.Staff;
using Ensen.Web.Own;
using Ensen.Web.Session;

namespace Ensen.Web.Rooms;

/// <summary>The console: where operators work.</summary>
static class ConsoleSetup
{
    public static void MapConsole(this IEndpointRouteBuilder app)
    {
        var own = app.MapGroup("").RequireAuthorization(Policies.Operator);
        new OwnFactorForms("/console/account", async (http, ct) => (await http.RequestServices.GetRequiredService<Operators>()
            .Find(http.OperatorId(), ct))?.SignInName ?? "").Map(own);
        SignInForms.Map(app.MapGroup("").AllowAnonymous(), app.MapGroup("").RequireAuthorization(Policies.Operator));
        MemberForms.Map(
            app.MapGroup("").RequireAuthorization(Policies.Support), app.MapGroup("").RequireAuthorization(Policies.Security));
        RecoveryForms.Map(app.MapGroup("").RequireAuthorization(Policies.Security));
        CorrectionForms.Map(app.MapGroup("").RequireAuthorization(Policies.Corrections));
        CampaignForms.Map(app.MapGroup("").RequireAuthorization(Policies.Campaigns));
        PointUseForms.Map(app.MapGroup("").RequireAuthorization(Policies.Campaigns));
        GoodwillForms.Map(app.MapGroup("").RequireAuthorization(Policies.Corrections));
        ApplicationForms.Map(app.MapGroup("").RequireAuthorization(Policies.Corrections));
        PayOutForms.Map(app.MapGroup("").RequireAuthorization(Policies.Corrections));
        CatalogueForms.Map(app.MapGroup("").RequireAuthorization(Policies.Corrections));
        PointsCsv.Map(app.MapGroup("").RequireAuthorization(Policies.Audit));
        ReportsCsv.Map(app.MapGroup("").RequireAuthorization(Policies.Accounting));
        VerificationForms.Map(app.MapGroup("").RequireAuthorization(Policies.Identity));
        CardForms.Map(app.MapGroup("").RequireAuthorization(Policies.Security));
        PurchaseFileForms.Map(app.MapGroup("").RequireAuthorization(Policies.Security));
        StaffForms.Map(app.MapGroup("").RequireAuthorization(Policies.Staff));
    }
}

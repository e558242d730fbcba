using Ensen.Web.Session;

namespace Ensen.Web.Rooms;

/// <summary>The console: where operators work.</summary>
static class ConsoleSetup
{
    public static void AddConsole(this IServiceCollection services) => services.AddSingleton<JoinSecret>();

    public static void MapConsole(this IEndpointRouteBuilder app)
    {
        SignInForms.Map(app.MapGroup("").AllowAnonymous(), app.MapGroup("").RequireAuthorization(Policies.Operator));
        MemberForms.Map(
            app.MapGroup("").RequireAuthorization(Policies.Support), app.MapGroup("").RequireAuthorization(Policies.Security));
        CorrectionForms.Map(app.MapGroup("").RequireAuthorization(Policies.Corrections));
        VerificationForms.Map(app.MapGroup("").RequireAuthorization(Policies.Identity));
        StaffForms.Map(app.MapGroup("").RequireAuthorization(Policies.Staff));
    }
}

using Ensen.Access;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Web.Start;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Ensen.Web.Session;

/// <summary>Everything about who is asking, in two lines of the program.</summary>
public static class SessionSetup
{
    /// <summary>Needs a <see cref="Database"/>, the programme, the outbox and the clock.</summary>
    public static WebApplicationBuilder AddSessions(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton<Sessions>();
        services.TryAddSingleton<AttemptLimiter>();
        services.TryAddSingleton<Guesses>();
        services.TryAddSingleton<HashLine>(_ => new HashLine());
        services.TryAddSingleton<DeviceOwners>();
        services.TryAddSingleton<KnownDevices>();
        services.AddSingleton<RegistrationUnderWay>();
        services.TryAddSingleton<MemberDirectory>();
        services.TryAddSingleton<Operators>();
        services.TryAddSingleton<Stores>();
        services.TryAddSingleton<ShopAccounts>();
        services.TryAddSingleton<ShopAccesses>();
        services.TryAddSingleton<Passkeys>();
        services.TryAddSingleton<FactorOwners>();
        services.TryAddSingleton<UsePasskey>();

        services.AddIdentityCore<PasskeyUser>().AddUserStore<PasskeyUsers>();
        services.AddScoped<IPasskeyHandler<PasskeyUser>, PasskeyHandler<PasskeyUser>>();
        services.AddSingleton<IConfigureOptions<IdentityPasskeyOptions>>(provider => new ConfigureOptions<IdentityPasskeyOptions>(
            o => PasskeySite.Configure(o, provider.GetRequiredService<Settings>())));
        services.AddScoped<PasskeyCeremonies>();
        services.AddSingleton<OfferedSecret>();
        services.AddSingleton<IProofMethod, ProofByPasskey>();

        services.AddAuthentication(Policies.Member)
            .AddScheme<SessionSchemeOptions, SessionScheme>(Policies.Member, o => (o.Kind, o.SignInPath) = (SubjectKind.Member, "/sign-in"))
            .AddScheme<SessionSchemeOptions, SessionScheme>(
                Policies.Till, o => (o.Kind, o.SignInPath) = (SubjectKind.Till, "/till/sign-in"))
            .AddScheme<SessionSchemeOptions, SessionScheme>(
                Policies.PointTill, o => (o.Kind, o.SignInPath) = (SubjectKind.PointTill, "/point-till/sign-in"))
            .AddScheme<SessionSchemeOptions, SessionScheme>(
                Policies.Merchant, o => (o.Kind, o.SignInPath) = (SubjectKind.Merchant, "/shop/sign-in"))
            .AddScheme<SessionSchemeOptions, SessionScheme>(
                Policies.Operator, o => (o.Kind, o.SignInPath) = (SubjectKind.Operator, "/console/sign-in"));
        services.AddAuthorization(options =>
        {
            foreach (var (name, kinds) in Policies.Kinds)
                options.AddPolicy(name, new AuthorizationPolicyBuilder([.. kinds.Select(Policies.Name).Distinct()])
                    .RequireAuthenticatedUser()
                    .RequireClaim(Policies.KindClaim, kinds.Select(Policies.Name).Distinct())
                    .AddRequirements([.. Policies.RoleOf(name) is { } role ? new[] { new RoleNeeded(role) } : []])
                    .AddRequirements([.. Policies.ShopRightOf(name) is { } right ? new[] { new ShopRightNeeded(right) } : []])
                    .Build());
        });

        services.AddDataProtection().SetApplicationName("ensen");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(
                o => o.XmlRepository = new DataProtectionKeys(provider.GetRequiredService<Database>())));
        services.AddSingleton<ISecretProtection, SecretProtection>();
        services.AddAntiforgery(options => options.SuppressXFrameOptionsHeader = true);
        services.Replace(ServiceDescriptor.Singleton<IAntiforgery, FormTokens>());
        return builder;
    }

    /// <summary>Stands before everything that answers with pages or JSON.</summary>
    public static WebApplication UseSessions(this WebApplication app)
    {
        app.Use(next => context => SecurityHeaders.SameOrigin(context, next));
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.Use(next => context => Forms.Tokens(context, next));
        app.Use(next => context => SecurityHeaders.MeantForm(context, next));
        return app;
    }
}

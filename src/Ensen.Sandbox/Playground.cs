using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ensen.Access;
using Ensen.Gateways;
using Ensen.Operations;
using Ensen.Sandbox.Api;
using Ensen.Sandbox.Gateways;
using Ensen.Sandbox.Pages;
using Ensen.Sandbox.Town;
using Ensen.Sandbox.Walk;
using Ensen.Storage;
using Ensen.Ui;

namespace Ensen.Sandbox;

/// <summary>The sandbox as a whole: what Ensen.Web is given of it.</summary>
public sealed class Playground : ISandbox
{
    static readonly IReadOnlyDictionary<SandboxPlace, Type> s_pieces = new Dictionary<SandboxPlace, Type>
    {
        [SandboxPlace.Foot] = typeof(WalkFoot),
        [SandboxPlace.Start] = typeof(Ways),
        [SandboxPlace.UnderShownCode] = typeof(TakeHere),
        [SandboxPlace.UnderAtmNumbers] = typeof(ToAtm),
        [SandboxPlace.UnderPassword] = typeof(PasswordHere),
        [SandboxPlace.UnderDial] = typeof(CallHere),
        [SandboxPlace.UnderMail] = typeof(MailHere),
    };

    public Assembly Assembly => typeof(Playground).Assembly;

    public Basics.Module Module => SandboxModule.Module;

    public void Add(IServiceCollection services, bool on)
    {
        services.AddSingleton(p => new MovableClock(p.GetRequiredService<DatabaseClock>()));
        if (!on)
            return;
        services.AddSingleton<TimeProvider>(p => p.GetRequiredService<MovableClock>());
        services.AddSingleton(p => new AuthenticatorClock(p.GetRequiredService<DatabaseClock>()));
        services.AddSingleton<SandboxGateways>().AddSingleton<SandboxDeposit>().AddSingleton<CreateVerifiedMember>()
            .AddSingleton<CreateOperator>().AddSingleton<CreateShopAccount>().AddSingleton<MoveClock>();
        services.AddSingleton(p => p.GetRequiredService<SandboxGateways>().Outside);
        services.AddSingleton(p => new RecordsKey(
            SandboxRecordsKey.Load(p.GetRequiredService<Database>()).GetAwaiter().GetResult().Public));
        services.AddSingleton<SandboxStores>();
        services.AddSingleton<DemoTown>().AddSingleton<SandboxApi>().AddSingleton<SandboxIdentityApi>().AddSingleton<SandboxCentresApi>()
            .AddSingleton<SandboxRewardsApi>()
            .AddSingleton<SandboxTransitApi>()
            .AddSingleton<SandboxGates>().AddSingleton<SandboxGatesApi>()
            .AddSingleton<SandboxCreditCardsApi>()
            .AddSingleton<SandboxPayOutAccounts>().AddSingleton<SandboxPayOutsApi>()
            .AddSingleton<SandboxBusinessesApi>()
            .AddSingleton<SandboxPointCards>().AddSingleton<SandboxPointCardsApi>()
            .AddSingleton<IPointCardIssuers>(p => p.GetRequiredService<SandboxPointCards>());
        services.AddSingleton(new SandboxPieces(s_pieces));
        services.AddScoped<WalkForms>();
    }

    public async Task<TimeProvider> Clock(IServiceProvider services, Database db, CancellationToken ct)
    {
        var clock = services.GetRequiredService<MovableClock>();
        await clock.Load(db, ct);
        return clock;
    }

    public Task MakeTown(IServiceProvider services, CancellationToken ct) =>
        TownStart.Make(services.GetRequiredService<DemoTown>(), ct);

    public Task Run(IServiceProvider services, CancellationToken ct) =>
        services.GetRequiredService<MovableClock>().Follow(
            services.GetRequiredService<Loops>(), services.GetRequiredService<Database>(), ct);

    public JsonSerializerContext Json(JsonSerializerOptions rules) => new SandboxJson(rules);

    public void MapApi(ISandboxEndpoints api) => SandboxApi.Map(api);

    public void MapForms(IEndpointRouteBuilder app) => app.MapSandbox();

    public Task Notice(HttpContext context, RequestDelegate next) => WalkProgress.Notice(context, next);
}

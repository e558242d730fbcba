using Ensen.Web.Edge;

namespace Ensen.Web.Api;

/// <summary>The contract's endpoints under <c>/api/v1</c>, in one place.</summary>
static class ApiSetup
{
    public static void AddApi(this WebApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(o =>
        {
            foreach (var (place, types) in ApiTypes.All.Index())
                o.SerializerOptions.TypeInfoResolverChain.Insert(place, types);
        });
        builder.Services.AddOpenApi(ApiDocument.Describe);
        builder.WebHost.ConfigureKestrel(o => o.Limits.MaxRequestBodySize = 64 * 1024);
        builder.Services.AddSingleton<RefusedOrders>();
        RateLimits.Add(builder.Services);
    }

    public static void MapApi(this WebApplication app)
    {
        app.UseRateLimiter();
        app.MapOpenApi();
        var api = app.MapGroup("/api/v1").DisableAntiforgery();
        WalletApi.Map(api);
        ChargesApi.Map(api);
        TagsApi.Map(api);
        PaymentsApi.Map(api);
        CodesApi.Map(api);
        TillApi.Map(api);
        PointTillApi.Map(api);
        PointCardsApi.Map(api);
        RefundsApi.Map(api);
        TransfersApi.Map(api);
        LinksApi.Map(api);
        WithdrawalsApi.Map(api);
        AutoChargeApi.Map(api);
        RequestsApi.Map(api);
        ReceiptsApi.Map(api);
        PointsApi.Map(api);
        RewardsApi.Map(api);
        PointsReportApi.Map(api);
        ReportsApi.Map(api);
        SalesApi.Map(api);
        StaffApi.Map(api);
        GoodwillApi.Map(api);
        PointUsesApi.Map(api);
        SettlementsApi.Map(api);
        PayOutsApi.Map(api);
        BusinessApi.Map(api);
        ChallengesApi.Map(api);
        OwnLimitsApi.Map(api);
        FreezeApi.Map(api);
        FactorsApi.Map(api);
        TelephoneApi.Map(api);
        PasskeysApi.Map(api);
        PasswordApi.Map(api);
        SessionsApi.Map(api);
        DevicesApi.Map(api);
        RegistrationsApi.Map(api);
        ProfileApi.Map(api);
        ContactApi.Map(api);
        VerificationsApi.Map(api);
        BankAccountsApi.Map(api);
        TransitApi.Map(api);
        CreditCardsApi.Map(api);
        ExportApi.Map(api);
        LeavingApi.Map(api);
        ConsoleApi.Map(api);
        VerificationQueueApi.Map(api);
        MerchantApplicationsApi.Map(api);
        RecoveriesApi.Map(api);
        CampaignsApi.Map(api);
        ConsoleCardsApi.Map(api);
        if (BuiltIn.SandboxIfOn(app.Services.GetRequiredService<Settings>()) is { } sandbox)
            SandboxEndpoints.Map(api, sandbox);
        api.Map("/{**nowhere}", () => new Problem("not_found")).WithOrder(int.MaxValue).ExcludeFromDescription();
    }

    /// <summary>Marks an endpoint that moves value: it wants a key, and every refusal of the contract may come.</summary>
    public static RouteHandlerBuilder MovesValue<TAnswer>(this RouteHandlerBuilder endpoint)
    {
        endpoint.WithMetadata(new NeedsKey()).Produces<TAnswer>(201);
        endpoint.AddEndpointFilter(RefusedOrders.Count);
        return endpoint.Refuses(400, 404, 409, 410, 422, 423, 429, 503);
    }

    /// <summary>What the documentation calls the endpoint, and says of it.</summary>
    public static RouteHandlerBuilder Named(this RouteHandlerBuilder endpoint, string name, string summary) =>
        endpoint.WithName(name).WithSummary(summary);

    /// <summary>The statuses of the problems that may come, beside those that every endpoint behind a policy has.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
            endpoint.Produces<ProblemAnswer>(status, "application/problem+json");
        return endpoint;
    }

    /// <summary>What the endpoint does may take a proof of the person, as header <c>Step-Up</c>.</summary>
    public static RouteHandlerBuilder MayTakeStepUp(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new MayNeedStepUp());

    public sealed class MayNeedStepUp;

    /// <summary>
    /// At a till's browser the endpoint wants the store's PIN; without the right one it answers 401 <c>step_up_required</c>.
    /// </summary>
    public static RouteHandlerBuilder MayTakePin(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new MayNeedPin());

    public sealed class MayNeedPin;

    /// <summary>The endpoint requires an <c>Idempotency-Key</c>.</summary>
    public sealed class NeedsKey;
}

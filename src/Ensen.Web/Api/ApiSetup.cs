using Ensen.Ledger;

namespace Ensen.Web.Api;

/// <summary>The contract's endpoints under <c>/api/v1</c>, in one place.</summary>
static class ApiSetup
{
    public static void AddApi(this WebApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        builder.Services.AddOpenApi(ApiDocument.Describe);
        builder.WebHost.ConfigureKestrel(o => o.Limits.MaxRequestBodySize = 64 * 1024);
        Limits.Add(builder.Services);
    }

    public static void MapApi(this WebApplication app)
    {
        app.UseRateLimiter();
        app.MapOpenApi();
        var api = app.MapGroup("/api/v1").DisableAntiforgery().AddEndpointFilter(Unavailable);
        WalletApi.Map(api);
        ChargesApi.Map(api);
        TagsApi.Map(api);
        PaymentsApi.Map(api);
        CodesApi.Map(api);
        TillApi.Map(api);
        RefundsApi.Map(api);
        TransfersApi.Map(api);
        ReceiptsApi.Map(api);
        if (app.Services.GetRequiredService<Settings>().Sandbox)
            SandboxApi.Map(api);
        api.MapFallback(() => new Problem("not_found"));
    }

    /// <summary>Marks an endpoint that moves value: it wants a key, and every refusal of the contract may come.</summary>
    public static RouteHandlerBuilder MovesValue<TAnswer>(this RouteHandlerBuilder endpoint)
    {
        endpoint.WithMetadata(new NeedsKey()).Produces<TAnswer>(201);
        foreach (var status in (int[])[400, 401, 403, 404, 409, 410, 422, 423, 429, 503])
            endpoint.ProducesProblem(status);
        return endpoint;
    }

    /// <summary>When the books cannot be reached the caller is told to ask again with the same key; nothing is guessed.</summary>
    static async ValueTask<object?> Unavailable(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception e) when (e is LedgerUnavailableException or TimeoutException or Npgsql.NpgsqlException { IsTransient: true })
        {
            return new Problem("try_again", TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>The endpoint requires an <c>Idempotency-Key</c>.</summary>
    public sealed class NeedsKey;
}

using Ensen.Tests.Support;
using Ensen.Ui.Session;
using Ensen.Web;
using Ensen.Web.Api;
using Ensen.Web.Session;
using Ensen.Web.Observability;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ensen.Tests.Web;

/// <summary>Every address that the program answers, as the program itself maps them.</summary>
static class Addresses
{
    static readonly Lazy<IReadOnlyList<RouteEndpoint>> s_all = new(Read);

    public static IReadOnlyList<RouteEndpoint> All => s_all.Value;

    /// <summary>What a browser opens: pages, and what pages ask for or link to. Not the API, not the framework's own files.</summary>
    public static IEnumerable<RouteEndpoint> Opened => All.Where(address =>
        Accepts(address, "GET") && !PathOf(address).StartsWith("/api/", StringComparison.Ordinal) && !PathOf(address)
            .StartsWith("/_framework", StringComparison.Ordinal));

    public static bool Accepts(RouteEndpoint address, string method) =>
        address.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(method) ?? true;

    public static string PathOf(RouteEndpoint address) => "/" + address.RoutePattern.RawText!.TrimStart('/');

    /// <summary>The kinds of sessions that are let in; null when everybody is.</summary>
    public static IEnumerable<string>? PolicyOf(RouteEndpoint address) =>
        address.Metadata.GetMetadata<IAllowAnonymous>() is not null
            || address.Metadata.GetOrderedMetadata<IAuthorizeData>() is not [.., { Policy: { } policy }]
            ? null
            : Policies.Kinds[policy].Select(Policies.Name);

    static List<RouteEndpoint> Read()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = ["--database", "sqlite::memory:", "--Ensen:Sandbox=true"],
            ContentRootPath = Repository.WebFolder,
            ApplicationName = typeof(ApiSetup).Assembly.GetName().Name,
        });
        builder.AddEnsen();
        builder.AddSessions();
        builder.AddApi();
        builder.AddPages();
        var app = builder.Build();
        app.MapApi();
        app.MapPages();
        app.MapObservability();
        return [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];
    }
}

using System.Net;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Members;
using Ensen.Ui.Session;
using Ensen.Web.Session;
using Ensen.Web.Texts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ensen.Tests.Web.Session;

/// <summary>A real server with a few doors behind each policy, so that what guards them is seen from outside.</summary>
sealed class Door : IAsyncDisposable
{
    readonly WebApplication _app;

    Door(Club club, WebApplication app) => (Club, _app) = (club, app);

    public Club Club { get; }
    public IServiceProvider Services => _app.Services;
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary><paramref name="proxies"/>: as the setting of that name.</summary>
    public static async Task<Door> Open(Engine engine, string? proxies = null, Programme? programme = null)
    {
        var club = await Club.Open(engine, programme);
        return new Door(club, await Start(club, proxies));
    }

    /// <summary>A second node on the same database.</summary>
    public async Task<Door> SecondNode()
    {
        var club = Club.SecondNode();
        return new Door(club, await Start(club));
    }

    /// <summary>A browser (or a program) of its own, with its own cookies; it follows no redirects.</summary>
    public HttpClient Browser(CookieContainer? cookies = null) =>
        new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies ?? new CookieContainer() })
        { BaseAddress = Address };

    public static HttpRequestMessage As(string token, HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new("Bearer", token);
        return request;
    }

    static async Task<WebApplication> Start(Club club, string? proxies = null)
    {
        var named = Proxies.Read(proxies).ShouldNotBeNull();
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddEnsen(SandboxModule.Catalogue, _ => club.Db, club.Programme);
        // The database is the club's, which disposes it.
        builder.Services.AddSingleton(club.Db);
        builder.Services.AddSingleton(club.Outbox);
        builder.Services.AddSingleton<TimeProvider>(club.Clock);
        builder.Services.AddTexts();
        builder.AddSessions();
        builder.Services.AddProxies(named);
        var app = builder.Build();
        app.UseProxies(named);
        app.Use(next => context => SecurityHeaders.Headers(context, next));
        app.UseSessions();
        app.MapGet("/api/v1/wallet", (HttpContext http) => http.MemberId()).RequireAuthorization(Policies.Member);
        app.MapGet("/api/v1/till", (HttpContext http) => http.TillStoreId()).RequireAuthorization(Policies.Till);
        app.MapPost("/api/v1/refund", (HttpContext http) => http.Caller().Owner).RequireAuthorization(Policies.Store);
        app.MapGet("/home", (HttpContext http) => http.MemberId()).RequireAuthorization(Policies.Member);
        app.MapGet("/till", (HttpContext http) => http.TillStoreId()).RequireAuthorization(Policies.Till);
        app.MapPost("/change", (HttpContext http) => http.MemberId()).RequireAuthorization(Policies.Member);
        app.MapGet("/", () => "open to all");
        app.MapGet("/from", (HttpContext http) => $"{http.Request.Scheme} {RequestDevice.AddressOf(http)}");
        app.MapGet("/moved", (HttpContext http, string? to) =>
            Results.Redirect(to ?? $"{http.Request.Scheme}://{http.Request.Host}/home?a=1"));
        app.MapPost("/sign-in", async (HttpContext http, SignIn signIn, string email, string password, string? from) =>
        {
            var known = http.RequestServices.GetRequiredService<KnownDevices>();
            var answer = await signIn.Run(
                new SignInRequest(email, password, RequestDevice.DeviceOf(http), from ?? RequestDevice.AddressOf(http), await known.Of(http, http.RequestAborted)));
            http.Response.Headers.RetryAfter = answer.Refusal == SignInRefusal.TooManyRequests
                ? $"{Math.Ceiling(answer.Wait!.Value.TotalSeconds)}" : "";
            if (answer.Session is not { } session)
                return Results.StatusCode(answer.Refusal == SignInRefusal.TooManyRequests ? 429 : 401);
            await http.SignInWith(session);
            await known.Remember(http, session.Caller.Owner, session.Caller.Session);
            return Results.Ok();
        });
        app.MapPost("/sign-out", (HttpContext http) => http.SignOutOf(SubjectKind.Member));
        await app.StartAsync();
        return app;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Club.DisposeAsync();
    }
}

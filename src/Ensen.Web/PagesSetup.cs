using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Ensen.Basics;
using Ensen.Identity;
using Ensen.Web.Companies;
using Ensen.Web.Counters;
using Ensen.Web.Rooms;
using Ensen.Web.Edge;
using Ensen.Web.Members;
using Ensen.Web.Session;
using Ensen.Web.Shop;
using Ensen.Web.Start;
using Ensen.Web.Texts;
using Ensen.Web.Till;
using Ensen.Web.Welcome;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Ensen.Web;

/// <summary>Pages for people: languages, files with long lives, small answers.</summary>
static class PagesSetup
{
    public static void AddPages(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.WebHost.ConfigureKestrel(o => o.AddServerHeader = false);
        // Whoever comes without a session is no news: a line for each of them is a log that anybody fills.
        builder.Logging.AddFilter(typeof(SessionScheme).FullName, LogLevel.Warning);
        services.AddRazorComponents();
        services.AddSingleton<PageFiles>();
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All)); // Japanese travels as itself, not as five-digit entities.
        services.AddTexts();
        services.AddHttpContextAccessor();
        services.AddSingleton<SentBack>();
        // What is sent in a form stays in memory: pictures of people's documents lie in no temporary file.
        services.Configure<FormOptions>(o => o.MemoryBufferThreshold = 2 * AddEvidence.MostBytes);
        services.AddMember();
        services.TryAddSingleton(SandboxPieces.None);
        services.Configure<RequestLocalizationOptions>(options =>
        {
            options.DefaultRequestCulture = new RequestCulture(Languages.Default.Culture);
            options.SupportedCultures = [.. Languages.Served.Select(l => l.Culture)];
            options.SupportedUICultures = options.SupportedCultures;
            options.RequestCultureProviders =
            [
                new QueryStringRequestCultureProvider { QueryStringKey = "lang", UIQueryStringKey = "lang" },
                new CookieRequestCultureProvider { CookieName = "ensen-language" },
                new AcceptLanguageHeaderRequestCultureProvider(),
            ];
        });
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "image/svg+xml"];
        });
        services.Configure<BrotliCompressionProviderOptions>(o => o.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(o => o.Level = CompressionLevel.Fastest);
    }

    /// <summary>Files first: they need neither a session nor a language.</summary>
    public static void UseFiles(this WebApplication app)
    {
        var files = app.Services.GetRequiredService<PageFiles>();
        app.Use(next => context => SecurityHeaders.Headers(context, next));
        app.Use(next => context => Heads.AsGet(context, next));
        app.UseRouting();
        app.UseWhen(context => !StartSetup.IsOrder(context), asking =>
        {
            asking.Use(next => context => PageFiles.Find(context, next));
            asking.Use(next => context => files.Send(context, next));
            asking.UseResponseCompression();
            asking.UseStaticFiles(new StaticFileOptions
            {
                FileProvider = files.Files,
                OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = files.Keep(file.Context),
            });
        });
        app.UseRequestLocalization();
        app.UseTroublePages();
        app.Use(next => context => Forms.Readable(context, next));
        app.Use(next => context => StartSetup.First(context, next));
        if (BuiltIn.SandboxIfOn(app.Services.GetRequiredService<Settings>()) is { } sandbox)
            app.Use(next => context => sandbox.Notice(context, next));
    }

    public static void MapPages(this WebApplication app)
    {
        app.MapScenes();
        ReceiptFiles.Map(app);
        app.MapWelcome();
        app.MapMember();
        app.MapTill();
        app.MapPointTill();
        app.MapShop();
        app.MapBusiness();
        app.MapConsole();
        var pages = app.MapRazorComponents<Shell>().AddAdditionalAssemblies(typeof(PagesSetup).Assembly);
        if (BuiltIn.SandboxIfOn(app.Services.GetRequiredService<Settings>()) is not { } sandbox)
            return;
        sandbox.MapForms(app);
        pages.AddAdditionalAssemblies(sandbox.Assembly);
    }
}

using Ensen.Web;
using Ensen.Web.Api;
using Ensen.Web.Commands;
using Ensen.Web.Session;
using Ensen.Web.Observability;

try
{
    return await CommandLine.Run(args, Compose, Serve);
}
catch (Exception e) when (CommandLine.Explain(e) is { } words)
{
    await Console.Error.WriteLineAsync(words);
    return 2;
}

WebApplication Compose()
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = Settings.Home(args) });
    builder.AddEnsen();
    builder.AddSessions();
    builder.AddApi();
    builder.AddPages();
    return builder.Build();
}

static async Task Serve(WebApplication app)
{
    await app.Prepare();
    app.UseProxies(app.Services.GetRequiredService<Settings>().Proxies);
    app.UseFiles();
    app.UseObservability();
    app.UseSessions();
    app.MapApi();
    app.MapPages();
    app.MapObservability();
    await app.RunAsync();
}

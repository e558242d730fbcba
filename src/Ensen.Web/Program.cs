using Ensen.Web;
using Ensen.Web.Api;
using Ensen.Web.Session;
using Ensen.Web.Watching;

try
{
    if (Manual.Run(args) is { } told)
        return told;
    if (ReceiptCommand.Run(args) is { } checkedReceipt)
        return checkedReceipt;

    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = Settings.Home(args) });
    builder.AddEnsen();
    builder.AddSessions();
    builder.AddApi();
    builder.AddPages();

    var app = builder.Build();
    if (await Commands.Run(app, args) is { } exitCode)
        return exitCode;

    await app.Prepare();
    app.UseProxies(app.Services.GetRequiredService<Settings>().Proxies);
    app.UseFiles();
    app.UseWatching();
    app.UseSessions();
    app.MapApi();
    app.MapPages();
    app.MapWatching();
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (Commands.Explain(e) is { } words)
{
    await Console.Error.WriteLineAsync(words);
    return 2;
}

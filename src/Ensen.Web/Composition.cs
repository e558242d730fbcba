using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Operations;
using Ensen.Settlement;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Members;
using Ensen.Web.Observability;
using Ensen.Web.Session;
using Ensen.Web.Start;
using OpenTelemetry.Metrics;

namespace Ensen.Web;

/// <summary>The product as a web server: what its configuration says stands before the defaults of <see cref="Product"/>.</summary>
static class Composition
{
    public static void AddEnsen(this WebApplicationBuilder builder)
    {
        var settings = Settings.Read(builder);
        var services = builder.Services;
        services.AddSingleton(settings);
        services.AddEnsen(BuiltIn.Catalogue, _ => OpenDatabase(settings.Database), settings.Programme);
        services.AddSingleton(new SettingValues(Said(builder.Configuration)));
        services.AddSingleton(p => new DatabaseClock(settings.Machine, p.GetRequiredService<ILogger<DatabaseClock>>()));
        services.AddSingleton<TimeProvider>(p => p.GetRequiredService<DatabaseClock>());
        services.AddSingleton(p => RealOutside(p, settings));
        services.AddSingleton(p => new ReportSignature(settings.ReportKeys, p.GetRequiredService<TimeProvider>()));
        services.AddKeyedSingleton(
            Gateway.Identity, (p, _) => new ReportSignature(settings.IdentityReportKeys, p.GetRequiredService<TimeProvider>()));
        services.AddProxies(settings.Proxies);
        services.AddSingleton<OneHistory>().AddSingleton<MovementNotes>().AddSingleton<LiveFeeds>().AddSingleton<Streams>();
        // Last: where the sandbox is on, its clock and its gateways stand before the others.
        BuiltIn.Sandbox?.Add(services, settings.Sandbox);
        services.AddHostedService<Background>();
        builder.AddObservability();
    }

    static Func<string, string?> Said(IConfiguration configuration) => name =>
        NodeSettings.Given(configuration, name) is not { } said ? null
        : name == LedgerModule.Roots.Name ? Settings.Rooted(said)
        : said;

    /// <summary>The gateways that this installation has been given; whatever it has none of is not set up, and nobody pretends.</summary>
    static ExternalGateways RealOutside(IServiceProvider services, Settings settings)
    {
        var outside = ExternalGateways.Nobody;
        if (settings.Mail is { } smtp)
            outside = outside with
            {
                Mail = new SmtpMail(smtp, services.GetRequiredService<MailIds>(), services.GetRequiredService<ILogger<SmtpMail>>()),
            };
        return settings.Telephone is { } telephone ? outside with { Telephone = telephone } : outside;
    }

    public static Database OpenDatabase(string address, bool toRead = false)
    {
        try
        {
            return toRead ? Database.OpenToRead(address, BuiltIn.Catalogue) : Database.Open(address, BuiltIn.Catalogue);
        }
        catch (ArgumentException e)
        {
            throw new UnusableDatabaseException(e.Message, e);
        }
    }

    /// <summary>Brings the database up to date and tells the outbox what its work is; the demo town is made on a first start.</summary>
    public static async Task Prepare(this WebApplication app)
    {
        var services = app.Services;
        services.GetRequiredService<MeterProvider>(); // It counts from the start, not from the first look.
        WebMeter.Begin();
        var db = services.GetRequiredService<Database>();
        await db.Migrate(app.Lifetime.ApplicationStopping);
        var roots = services.GetRequiredService<RootFolder>();
        await roots.Begin(db, app.Lifetime.ApplicationStopping);
        db.Notifications.Start(services.GetRequiredService<Loops>());
        await services.GetRequiredService<DatabaseClock>().Load(db);
        await services.Clock(db, app.Lifetime.ApplicationStopping);
        services.StartOutbox();
        await InstallationKey.Load(services, app.Lifetime.ApplicationStopping);
        SecretProtection.Warm(services);
        services.GetRequiredService<RecordsKey>();
        var settings = services.GetRequiredService<Settings>();
        if (settings.DemoTown && BuiltIn.SandboxIfOn(settings) is { } sandbox)
            await sandbox.MakeTown(services, app.Lifetime.ApplicationStopping);
        await roots.Publish(db);
        var outside = services.GetRequiredService<ExternalGateways>();
        if (outside.Missing is { Count: > 0 } missing)
            app.Logger.LogWarning("Not set up here: {Gateways}.{Consequences} Payments, refunds and transfers work.",
                string.Join(", ", missing.Select(g => g.ToString().ToLowerInvariant())),
                string.Concat(missing.Select(Consequence).Distinct()));
        app.PrintLinks();
    }

    static string Consequence(Gateway missing) => missing switch
    {
        Gateway.Mail => " Without mail no member can confirm an address.",
        Gateway.Telephone => " Without a telephone nobody proves anything by a call.",
        Gateway.Rewards => " Rewards cannot be ordered (not_available).",
        Gateway.PayOuts => " Merchants are settled and not paid out; their money waits.",
        Gateway.Deposits => " Companies cannot pay in.",
        Gateway.Transit => " Without the company of transit cards no card can be linked or charged.",
        Gateway.CreditCard => " Without the company of credit cards none can be linked.",
        Gateway.Identity => " Without a reader of cards members are verified by pictures alone, for as long as those are taken.",
        _ => " Charges from a source that is not set up are refused (not_available).",
    };

    /// <summary>The time that the books of this database are told; where a sandbox is built in, moved as far as it was.</summary>
    public static async Task<TimeProvider> Clock(this IServiceProvider services, Database db, CancellationToken ct = default) =>
        BuiltIn.Sandbox is { } sandbox ? await sandbox.Clock(services, db, ct) : services.GetRequiredService<DatabaseClock>();

    /// <summary>What runs beside the requests: the outbox, the jobs, the clock of other nodes.</summary>
    sealed class Background(
        Loops loops, Database db, Settings settings, DatabaseClock time, Outbox outbox, Jobs jobs, StorageMeter storage, WalletMeter wallet,
        SettlementMeter settlement, IServiceProvider services) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            List<Task> all =
            [
                outbox.Dispatch(loops, stoppingToken),
                jobs.Run(loops, stoppingToken),
                time.Follow(loops, db, stoppingToken),
                loops.Run("backlogs", "the numbers of what waits (outbox, unknown outcomes) are true", LookOut, stoppingToken),
            ];
            if (BuiltIn.SandboxIfOn(settings) is { } sandbox)
                all.Add(sandbox.Run(services, stoppingToken));
            // None of them ends before it is told to. Should one, this ends with its fault, and the host says so and stops: better than a
            // node that only seems to work.
            await await Task.WhenAny(all);
            if (!stoppingToken.IsCancellationRequested)
                throw new InvalidOperationException("Background work ended that goes on for as long as the node lives.");
            await Task.WhenAll(all);
        }

        /// <summary>What only the database knows is looked at now and then, and not whenever somebody asks for the numbers.</summary>
        async Task LookOut(Loop loop, CancellationToken ct)
        {
            await storage.Look(ct);
            await wallet.Look(ct);
            await settlement.Look(ct);
            await Task.Delay(TimeSpan.FromSeconds(5), ct);
        }
    }
}

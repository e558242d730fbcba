using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Ensen.Access;
using Ensen.AutoCharges;
using Ensen.Banking;
using Ensen.Basics;
using Ensen.Businesses;
using Ensen.Campaigns;
using Ensen.Cards;
using Ensen.Centres;
using Ensen.Codes;
using Ensen.Compliance;
using Ensen.CreditCards;
using Ensen.Gateways;
using Ensen.Identity;
using Ensen.Joining;
using Ensen.Ledger;
using Ensen.Links;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Notices;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Requests;
using Ensen.Rewards;
using Ensen.Sales;
using Ensen.Settlement;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Transit;
using Ensen.Wallet;
using Ensen.Withdrawals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ensen;

/// <summary>
/// The product: its modules in their order, and the one call by which web, commands, town, simulation and tests compose it.
/// </summary>
public static class Product
{
    public static IReadOnlyList<Module> Modules { get; } =
    [
        StorageModule.Module,
        GatewaysModule.Module,
        LedgerModule.Module,
        AccessModule.Module,
        MembersModule.Module,
        NoticesModule.Module,
        MerchantsModule.Module,
        PointsModule.Module,
        CodesModule.Module,
        StaffModule.Module,
        IdentityModule.Module,
        BankingModule.Module,
        CampaignsModule.Module,
        WalletModule.Module,
        LinksModule.Module,
        RequestsModule.Module,
        WithdrawalsModule.Module,
        AutoChargesModule.Module,
        CentresModule.Module,
        CardsModule.Module,
        RewardsModule.Module,
        TransitModule.Module,
        CreditCardsModule.Module,
        BusinessesModule.Module,
        SettlementModule.Module,
        JoiningModule.Module,
        OperationsModule.Module,
        SalesModule.Module,
        ComplianceModule.Module,
    ];

    /// <summary>
    /// The catalogue is made before anything else of this assembly runs. A module's file names what its verbs declare, and those name the
    /// module's numbers, so that each begins the other: two threads that began at two ends of such a circle would each be let in by the
    /// runtime before the other was ready, and read what is not made yet. Here one thread makes all, and the others wait for it.
    /// </summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Whoever uses this assembly cannot begin anything of it before this.")]
    internal static void Begin() => RuntimeHelpers.RunClassConstructor(typeof(Product).TypeHandle);

    /// <summary>What the product declares, without a sandbox.</summary>
    public static Catalogue Catalogue { get; } = new(Modules);

    /// <summary>
    /// Registers the features of all modules. The host then registers what is its own and stands before the defaults: time, logging,
    /// gateways, and <see cref="SettingValues"/> for what its configuration says.
    /// </summary>
    public static IServiceCollection AddEnsen(this IServiceCollection services, Catalogue catalogue,
        Func<IServiceProvider, Database> database, Programme programme)
    {
        services.TryAdd(ServiceDescriptor.Singleton(typeof(ILogger<>), typeof(NullLogger<>)));
        services.AddSingleton(catalogue).AddSingleton(database).AddSingleton(programme);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(SettingValues.Defaults);
        foreach (var module in catalogue.Modules)
            module.Services(services);
        return services;
    }

    /// <summary>Tells the outbox who does which work. Called once a node, before its work is dispatched.</summary>
    public static void StartOutbox(this IServiceProvider services)
    {
        var outbox = services.GetRequiredService<Outbox>();
        foreach (var work in services.GetRequiredService<Catalogue>().All<OutboxWork>())
            if (work.Start(services) is { } run)
                outbox.On(work.Name, run);
    }
}

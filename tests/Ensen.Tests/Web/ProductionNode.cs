using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web;

/// <summary>
/// A node as it is run for people, on PostgreSQL: errors say no more than they may. Its database can be taken away; whoever does so gives
/// it back before the test ends.
/// </summary>
public sealed class ProductionNode : IAsyncLifetime
{
    TestDatabase _database = null!;
    Tunnel _tunnel = null!;

    internal Tunnel Way => _tunnel;
    internal Visits Visits { get; private set; } = null!;
    public WebApp App { get; private set; } = null!;

    /// <summary>Follows no redirect, and keeps no cookie.</summary>
    public HttpClient Http { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.Create(Engine.Postgres);
        _tunnel = new Tunnel(_database.Address);
        App = await WebApp.Start(_tunnel.Address, "--environment=Production", "--Ensen:Sandbox=true");
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        { BaseAddress = new Uri(App.Address) };
        Visits = await Visits.Prepare(App);
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (App is not null)
            await App.DisposeAsync();
        if (_tunnel is not null)
            await _tunnel.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }
}

/// <summary>The tests that share the node, one after the other.</summary>
[CollectionDefinition(nameof(ProductionNode))]
public sealed class OnProductionNode : ICollectionFixture<ProductionNode>;

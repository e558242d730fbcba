using Ensen.Access;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Tests.Members;

namespace Ensen.Tests.Merchants;

/// <summary>One node with stores on a fresh database.</summary>
sealed class Street : IAsyncDisposable
{
    readonly Club _club;

    Street(Club club)
    {
        _club = club;
        Stores = new Stores(Db, Clock);
        Pins = new Pins(Db, club.Guesses, club.Hashes, Clock);
        Tills = new Tills(Db, Stores, Pins, club.Sessions, Clock);
        Tags = new Tags(Db, Clock);
        Opening = new OpenStore(Db, Clock);
    }

    public Database Db => _club.Db;
    public Gateways.HandClock Clock => _club.Clock;
    public Sessions Sessions => _club.Sessions;
    public Stores Stores { get; }
    public Pins Pins { get; }
    public Tills Tills { get; }
    public Tags Tags { get; }
    public OpenStore Opening { get; }

    public static async Task<Street> Open(Engine engine) => new(await Club.Open(engine));

    /// <summary>Another node on the same database.</summary>
    public Street SecondNode() => new(_club.SecondNode());

    public async Task<OpenedStore> Store(string name = "麺や 大正", string? tillPin = null, string? refundPin = null, MerchantId? merchant = null) =>
        (await Opening.Run(new OpenStoreRequest("大正商店", name, Area: "Taisho", Category: "ramen", TillPin: tillPin, RefundPin: refundPin, Merchant: merchant))).Value!;

    public ValueTask DisposeAsync() => _club.DisposeAsync();
}

using Ensen.Access;
using Ensen.Basics;
using Ensen.Cards;
using Ensen.Codes;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Transit;
using Ensen.Wallet;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Simulation.Worlds;

/// <summary>
/// One process of the product: its features and its ledger over the shared store. When it dies, everything in it is gone, whatever it
/// was doing, and nobody who asked it is answered.
/// </summary>
sealed class Node
{
    static readonly Programme s_programme = new() { Transit = new TransitRules { LapseMonths = Audit.Rules.LapseMonths } };
    static readonly RecordsKey s_records = new(RecordsKey.MakePair().Public);

    readonly Place _place;
    readonly List<Action> _mourners = [];
    ServiceProvider _services = null!;
    int _busy;

    public Node(Loop loop, string name) => _place = new Place(loop, name);

    public string Name => _place.Name;
    public bool IsDead => _place.IsDead;
    public bool IsBusy => _busy > 0;
    public bool Is(Place place) => place == _place;

    public MovableClock Clock { get; private set; } = null!;
    public CodeKeys Keys { get; private set; } = null!;
    public NodeDatabase Db { get; private set; } = null!;
    public GeneralLedger Ledger => Get<GeneralLedger>();
    public Outbox Outbox => Get<Outbox>();
    public Stores Stores => Get<Stores>();
    public Tags Tags => Get<Tags>();
    public Sessions Sessions => Get<Sessions>();
    public ShowCode ShowCode => Get<ShowCode>();
    public ResolvePayee Meet => Get<ResolvePayee>();
    public Pay Pay => Get<Pay>();
    public TakePayment Take => Get<TakePayment>();
    public Refund Refund => Get<Refund>();
    public Transfer Transfer => Get<Transfer>();
    public Charge Charge => Get<Charge>();
    public SandboxDeposit Deposit => Get<SandboxDeposit>();
    public Balances Balances => Get<Balances>();
    public History History => Get<History>();
    public StoreDay StoreDay => Get<StoreDay>();
    public CloseDays Days => Get<CloseDays>();
    public MoveClock MoveClock => Get<MoveClock>();

    public T Get<T>()
        where T : notnull =>
        _services.GetRequiredService<T>();

    public JapanDay Today => JapanDay.Of(Clock.GetUtcNow());

    /// <summary>Starts the program, composed as everywhere, over a store, a clock and an outside that the simulation holds.</summary>
    public Task Start(World world) => Call(async () =>
    {
        Db = new NodeDatabase(world.Store, this, world.Weather, world.Planted.Catalogue(world.Store.Catalogue));
        Clock = new MovableClock(world.Loop.Clock);
        await Clock.Load(world.Store);
        Keys = await CodeKeys.Load(world.Store);
        var (outside, issuers) = world.Outside.As(this);
        _services = new ServiceCollection()
            .AddEnsen(Db.Catalogue, _ => Db, world.Planted.Programme(s_programme))
            .AddSingleton(Keys)
            .AddSingleton(Clock)
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton(world.Planted.Outside(outside))
            .AddSingleton(world.Planted.Issuers(issuers))
            .AddSingleton<ISecretProtection, InTheOpen>()
            .AddSingleton(new CardKeys(new byte[CardKeys.KeyBytes]))
            .AddSingleton(new CardNumberKey(new byte[CardNumberKey.KeyBytes]))
            .AddSingleton<SandboxDeposit>()
            .AddSingleton(s_records)
            .AddSingleton<MoveClock>()
            .AddSingleton(_ => new GeneralLedger(Db, Clock, [.. world.LedgerStores(this)], writer => writer()))
            .BuildServiceProvider();
        _ = Ledger; // Its writers are there before anybody asks, as in a real node.
        _services.StartOutbox();
        return true;
    });

    /// <summary>Asks the node from outside.</summary>
    public Task<T> Call<T>(Func<Task<T>> work) => _place.Call(work, _mourners.Add);

    /// <summary>
    /// Dies at once, and whoever awaits this never goes on. It lives on while somebody in it has a transaction open: a real process
    /// would take its connections with it, and this one cannot.
    /// </summary>
    public async Task Die()
    {
        if (IsBusy)
            return;
        Kill();
        await Place.Yield();
    }

    public void Kill()
    {
        if (IsDead)
            return;
        _place.Die();
        foreach (var mourner in _mourners)
            mourner();
    }

    /// <summary>Nobody looks into a simulated database for secrets.</summary>
    sealed class InTheOpen : ISecretProtection
    {
        public byte[] Protect(byte[] secret, SecretUse use) => secret;

        public byte[] Unprotect(byte[] secret, SecretUse use) => secret;
    }

    /// <summary>Between its taking and its disposal a transaction is open.</summary>
    public Transaction Busy()
    {
        _busy++;
        return new Transaction(this);
    }

    public sealed class Transaction(Node node) : IDisposable
    {
        bool _ended;

        public void Dispose()
        {
            if (!_ended)
                node._busy--;
            _ended = true;
        }
    }
}

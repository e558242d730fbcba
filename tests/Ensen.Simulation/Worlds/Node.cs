using Ensen.Basics;
using Ensen.Codes;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Wallet;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ensen.Simulation.Worlds;

/// <summary>
/// One process of the product: its features and its ledger over the shared store. When it dies, everything in it is gone, whatever it
/// was doing, and nobody who asked it is answered.
/// </summary>
sealed class Node
{
    readonly Place _place;
    readonly List<Action> _mourners = [];
    int _busy;

    public Node(Loop loop, string name) => _place = new Place(loop, name);

    public string Name => _place.Name;
    public bool IsDead => _place.IsDead;
    public bool IsBusy => _busy > 0;
    public bool Is(Place place) => place == _place;

    public MovableClock Clock { get; private set; } = null!;
    public CodeKeys Keys { get; private set; } = null!;
    public NodeDatabase Db { get; private set; } = null!;
    public GeneralLedger Ledger { get; private set; } = null!;
    public Outbox Outbox { get; private set; } = null!;
    public Stores Stores { get; private set; } = null!;
    public Tags Tags { get; private set; } = null!;
    public Sessions Sessions { get; private set; } = null!;
    public ShowCode ShowCode { get; private set; } = null!;
    public ResolvePayee Meet { get; private set; } = null!;
    public Pay Pay { get; private set; } = null!;
    public TakePayment Take { get; private set; } = null!;
    public Refund Refund { get; private set; } = null!;
    public Transfer Transfer { get; private set; } = null!;
    public ChargeWork ChargeWork { get; private set; } = null!;
    public Charge Charge { get; private set; } = null!;
    public SandboxDeposit Deposit { get; private set; } = null!;
    public Balances Balances { get; private set; } = null!;
    public History History { get; private set; } = null!;
    public StoreDay StoreDay { get; private set; } = null!;
    public CloseDays Days { get; private set; } = null!;
    public MoveClock MoveClock { get; private set; } = null!;

    public JapanDay Today => JapanDay.Of(Clock.GetUtcNow());

    /// <summary>Starts the program: what is composed here is what the web's composition composes.</summary>
    public Task Start(World world) => Call(async () =>
    {
        var programme = world.Planted.Programme(new Programme());
        Db = new NodeDatabase(world.Store, this, world.Weather);
        Clock = new MovableClock(world.Loop.Clock);
        await Clock.Load(world.Store);
        Keys = await CodeKeys.Load(world.Store);
        Ledger = new GeneralLedger(Db, Clock, [.. world.LedgerStores(this)], writer => writer());
        Outbox = new Outbox(Db, Clock, NullLogger<Outbox>.Instance);
        var outside = world.Outside.As(this);
        ChargeWork = new ChargeWork(Db, outside, new ChargeOutcome(Db, Ledger, programme, Clock), programme);
        ChargeWork.Start(Outbox);

        var (directory, tries) = (new MemberDirectory(Db, Clock), new AttemptLimiter(Db, Clock));
        Sessions = new Sessions(Db, programme, Clock);
        Stores = new Stores(Db, Clock);
        Tags = new Tags(Db, Clock);
        ShowCode = new ShowCode(Db, programme, Clock);
        Meet = new ResolvePayee(Stores, Tags, Keys, Clock);
        Pay = new Pay(Db, Ledger, programme, Clock);
        Take = new TakePayment(Db, Stores, ShowCode, directory, Sessions, tries, Pay, new RefusedAtTill(Db), programme, Clock);
        Refund = new Refund(Db, Ledger, programme, Clock);
        Transfer = new Transfer(Db, Ledger, programme, Clock);
        Charge = new Charge(Db, Ledger, Outbox, outside, programme, Clock);
        Deposit = new SandboxDeposit(Charge, programme, Clock);
        Balances = new Balances(Db, programme, Clock);
        History = new History(Db);
        StoreDay = new StoreDay(Db, Clock);
        Days = new CloseDays(Db, new Expire(Db, Ledger, Clock), new CloseSeals(Db, new RootFolder(null), Clock), new Months(Db, programme, Clock), ShowCode, tries, Sessions, Clock, NullLogger<CloseDays>.Instance);
        MoveClock = new MoveClock(Db, Clock, Outbox, Days);
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

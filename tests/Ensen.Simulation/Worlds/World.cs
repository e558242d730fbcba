using System.Globalization;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Simulation.Worlds;

/// <summary>
/// Everything that one seed decides: the loop, the store, the nodes on it, the network, the outside, the weather, and what was planted.
/// </summary>
sealed class World
{
    const double DeathInAStep = 0.0008;

    readonly Node?[] _nodes = new Node?[2];
    readonly List<string> _steps = [];
    readonly Dictionary<Guid, string> _names = [];
    int _started;

    public World(int seed, Database store, Planted planted, bool calm = false)
    {
        (Seed, Store, Planted, RandomSource, IsCalm) = (seed, store, planted, new Random(seed), calm);
        var start = new DateTimeOffset(2025, 10, 1, 3, 0, 0, TimeSpan.Zero).AddDays(RandomSource.Next(150))
            .AddMinutes(RandomSource.Next(1_440));
        // The town, the order of steps and the ids each follow the seed by themselves: what the town does hangs on answers alone, not on
        // how many steps they took.
        Loop = new Loop(new Random(seed ^ 0x100000), start, hasWires: store.Engine == Engine.Postgres)
        {
            Before = MaybeDie,
            SilenceOfTheAsked = calm ? TimeSpan.FromSeconds(5) : TimeSpan.FromMilliseconds(100),
        };
        Ids = new Random(seed ^ 0x200000);
        var elsewhere = new Random(seed ^ 0x300000);
        Loop.Clock.Belongs(Loop);
        _clocks = new ClocksSeen(Loop.Clock);
        Weather = new Weather(elsewhere);
        Network = new Network(Loop, elsewhere);
        Outside = new OutsideWorld(Loop, elsewhere, Weather, Network);
    }

    public int Seed { get; }
    public Database Store { get; }
    public Planted Planted { get; }
    public Random RandomSource { get; }
    public Random Ids { get; }
    public Loop Loop { get; }
    public Weather Weather { get; }
    public Network Network { get; }
    public OutsideWorld Outside { get; }
    public IReadOnlyList<string> Steps => _steps;
    /// <summary>Nothing goes wrong, and people do one thing after the other: then every store must give the same answers.</summary>
    public bool IsCalm { get; }

    /// <summary>What time it is at the nodes: one may not have heard yet that another's clock was moved.</summary>
    public (DateTimeOffset Earliest, DateTimeOffset Latest) Times
    {
        get
        {
            var times = _everyNode.Select(n => n.Clock.GetUtcNow()).ToList();
            return (_everyNode.Where(n => !n.IsDead).Select(n => n.Clock.GetUtcNow()).DefaultIfEmpty(times.Max()).Min(), times.Max());
        }
    }

    readonly List<Node> _everyNode = [];
    readonly ClocksSeen _clocks;

    /// <summary>How the nodes' clocks stood since a moment of the world's own time.</summary>
    public IReadOnlyList<Window> TimesSince(long began)
    {
        _clocks.Look(_nodes);
        return _clocks.Since(began);
    }

    public void Note(string step) => _steps.Add(string.Create(CultureInfo.InvariantCulture, $"{Now:yyyy-MM-dd HH:mm:ss.fff} {step}"));

    DateTimeOffset Now =>
        JapanDay.InTokyo(_nodes.FirstOrDefault(n => n is { IsDead: false })?.Clock?.GetUtcNow() ?? Loop.Clock.GetUtcNow());

    public void Name(Guid id, string name) => _names[id] = name;

    public string NameOf(Guid id) => _names.GetValueOrDefault(id, id.ToString());

    /// <summary>A node that lives; a dead one is started again when it is its turn.</summary>
    public async Task<Node> SomeNode()
    {
        var at = IsCalm ? 0 : RandomSource.Next(_nodes.Length);
        if (_nodes[at] is { IsDead: false } node)
            return node;
        if (_nodes[1 - at] is { IsDead: false } other && RandomSource.Next(2) == 0)
            return other;
        var fresh = new Node(Loop, $"node {(char)('A' + at)}{++_started}");
        await fresh.Start(this);
        if (_nodes[at] is { IsDead: false } sooner)
        {
            fresh.Kill();
            return sooner;
        }
        _everyNode.Add(fresh);
        return _nodes[at] = fresh;
    }

    /// <summary>All nodes hear of a clock that was moved on one of them.</summary>
    public async Task TellTime()
    {
        foreach (var node in _nodes)
            if (node is { IsDead: false })
                await node.Clock.Load(Store);
    }

    public IEnumerable<LedgerStore> LedgerStores(Node node)
    {
        var own = new OwnSeals();
        LedgerStore Real(short lane) => Store switch
        {
            SqliteDatabase sqlite => new SqliteStore(sqlite, own, lane),
            PostgresDatabase postgres => new PostgresStore(postgres, own),
            _ => throw new NotSupportedException(),
        };
        var writers = 1 + (IsCalm ? 0 : RandomSource.Next(2));
        for (var i = 0; i < writers; i++)
        {
            var lane = (short)((node.Name[5] - 'A') * 2 + i);
            var real = Real(lane);
            _open.Add(real);
            yield return new FaultyStore(Planted.Into(real, this, node), () => Planted.Into(Real(lane), this, node), node, Weather,
                Network);
        }
    }

    readonly List<LedgerStore> _open = [];

    /// <summary>The end of the world: every node stops, every connection closes.</summary>
    public async Task End()
    {
        foreach (var node in _nodes)
            node?.Kill();
        foreach (var store in _open)
            await store.DisposeAsync();
    }

    void MaybeDie(Place place)
    {
        _clocks.Look(_nodes);
        if (IsCalm)
            return;
        foreach (var node in _nodes)
            if (node is { IsDead: false, IsBusy: false } && node.Is(place) && Weather.Dies(DeathInAStep))
            {
                Note($"{node.Name} dies");
                node.Kill();
            }
    }
}

using Dapper;
using Ensen.Basics;
using Ensen.Cards;
using Ensen.Links;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Rewards;
using Ensen.Sandbox;
using Ensen.Settlement;
using Ensen.Simulation.Audit;
using Ensen.Storage;
using Ensen.Transit;
using Ensen.Wallet;
using Ensen.Withdrawals;

namespace Ensen.Simulation.Worlds;

/// <summary>
/// One seed: a town and its year. Some days pass, some people set out at once, some things go wrong; then all is quiet and the auditor
/// looks. At the end whatever is open is resolved and the whole year is looked through.
/// </summary>
sealed class Year
{
    readonly World _world;
    readonly Auditor _auditor;
    readonly Place _town;
    Town? _settled;
    int _lastNight;
    DateTimeOffset _linksLooked;
    int _dayBefore;

    Year(World world)
    {
        _world = world;
        _auditor = new Auditor(world);
        _town = new Place(world.Loop, "town");
        _dayBefore = JapanDay.Of(world.Loop.Clock.GetUtcNow()).Number;
    }

    /// <summary>Plays a seed. Null when all is well, else what is wrong, with the steps that led to it.</summary>
    public static Played Play(int seed, Database store, Planted? planted = null, bool calm = false)
    {
        var world = new World(seed, store, planted ?? Planted.Nothing, calm);
        RandomSource.Follow(world.Ids);
        var year = new Year(world);
        Exception? wrong = null;
        try
        {
            world.Loop.Run(year.Live, year._town);
        }
        catch (Exception e)
        {
            wrong = e;
        }
        try
        {
            world.End().GetAwaiter().GetResult();
        }
        finally
        {
            RandomSource.Follow(null);
        }
        return new Played(seed, wrong, world.Steps, year._auditor.Answers, world.Loop.Steps, world.Weather.Seen);
    }

    async Task Live()
    {
        var town = _settled = await Town.Settle(_world, _auditor);
        var errands = new Errands(_world, town);
        var rounds = _world.RandomSource.Next(8, 18);
        for (var round = 0; round < rounds; round++)
        {
            PassTime();
            var began = _world.Loop.Clock.Ticks;
            if (!_world.IsCalm && _world.RandomSource.Next(3) > 0)
                _world.Weather.Storm(1 + _world.RandomSource.Next(5), 0.02 + _world.RandomSource.NextDouble() * 0.15);
            var out_ = new List<Task<IReadOnlyList<Deed>>>();
            for (var people = 1 + _world.RandomSource.Next(_world.IsCalm ? 1 : 4); people > 0; people--)
            {
                out_.Add(errands.Some());
                if (_world.IsCalm)
                    await out_[^1];
            }
            if (_world.RandomSource.Next(4) == 0)
                await HearWhatComesBack();
            if (_world.RandomSource.Next(3) == 0)
                out_.Add(BeginDays(town));
            if (_world.RandomSource.Next(4) == 0)
                await MeetMerchants(town);
            await Look([.. (await Task.WhenAll(out_)).SelectMany(d => d)], began);
        }
        await Resolve();
        await ResolveCards(town);
        await ResolvePayOuts();
        await _auditor.Close(await _world.SomeNode());
    }

    /// <summary>Minutes, hours, days or weeks; now and then to the last moment of a day, or to about when a link's time is over.</summary>
    void PassTime()
    {
        var clock = _world.Loop.Clock;
        var ends = _auditor.Books.Links.Values.Where(l => l.End == LinkEnd.None && l.Until > _world.Times.Latest).Select(l => l.Until).ToList();
        if (_world.RandomSource.Next(5) == 0 && ends.Count > 0)
            clock.Pass(ends.Min().AddMinutes(_world.RandomSource.Next(23 * 60)) - _world.Times.Latest);
        else
            clock.Pass(_world.RandomSource.Next(5) switch
            {
                0 => TimeSpan.FromMinutes(_world.RandomSource.Next(90)),
                1 => TimeSpan.FromHours(_world.RandomSource.Next(30)),
                2 => TimeSpan.FromDays(_world.RandomSource.Next(12)),
                _ => TimeSpan.FromDays(_world.RandomSource.Next(45)),
            });
        if (_world.RandomSource.Next(4) == 0)
            clock.Pass(JapanDay.Of(clock.GetUtcNow())
                .Next.Start - clock.GetUtcNow() - TimeSpan.FromMilliseconds(_world.RandomSource.Next(1, 20)));
    }

    /// <summary>The night's work, by itself or because somebody moves the sandbox's clock.</summary>
    async Task<IReadOnlyList<Deed>> BeginDays(Town town)
    {
        var client = new Client(_world, "night");
        var by = TimeSpan.FromHours(_world.RandomSource.Next(1, 24 * 40));
        var hasMoved = _world.RandomSource.Next(2) > 0;
        var day = !hasMoved
            ? await client.Ask("begins the days", async node =>
            {
                var today = node.Today;
                await node.Days.Run();
                await node.Get<CloseSettlements>().Run();
                await node.Get<ReturnLink>().Run();
                return today;
            })
            : await client.Ask($"moves the clock by {by}", async node => JapanDay.Of((await node.MoveClock.Run(by)).Value!.Now));
        var night = new Night(day.Number, hasMoved ? client.Windows[^1].From : client.Sent);
        return hasMoved ? [
            night, new RidesRun(client.Attempts, client.Answered, client.Answered, client.LastStep),
            new PurchasesRun(client.Attempts, client.Days, client.Answered, client.Answered),
            .. Errands.LookedAfter(town, client, client.Windows[^1].From),
        ] : [night];
    }

    /// <summary>Waits until all is quiet, learns what became of open charges, and lets the auditor judge.</summary>
    async Task Look(List<Deed> deeds, long since)
    {
        _world.Weather.Clear();
        do
        {
            await _world.Network.Silence();
            await _world.Loop.Quiet(TimeSpan.FromSeconds(5));
        }
        while (!_world.Network.IsSilent);
        await _world.TellTime();
        var node = await _world.SomeNode();
        if (_world.RandomSource.Next(2) == 0)
            await node.Call(() => node.Outbox.RunDue(CancellationToken.None));
        await _world.Loop.Quiet(TimeSpan.FromMilliseconds(1));

        var charges = _auditor.Books.Charges.Where(c => c.Value.Open).Select(c => c.Key)
            .Concat(deeds.OfType<Request>().Where(r => r is { Said: "taken on", Accepted: true }).Select(r => r.Entry))
            .Where(id => _auditor.Books.Charges.GetValueOrDefault(id) is not { Open: false }).Distinct().ToList();
        foreach (var id in charges)
            if (await node.Call(() => node.Charge.Read(new ChargeId(id))) is { State: not ChargeState.Requested } ended)
                deeds.Add(Ended(id, ended));

        var links = _auditor.Books.Links.Where(l => l.Value.End == LinkEnd.None).Select(l => (Id: l.Key, l.Value.From))
            .Concat((_settled?.Links ?? []).Where(l => !_auditor.Books.Links.ContainsKey(l.Id)).Select(l => (l.Id, From: l.From.Id))).ToList();
        foreach (var (id, from) in links)
            if (await node.Call(() => node.Get<MoneyLinks>().Of(new MemberId(from), new LinkId(id))) is { State: LinkState.Lapsed })
                deeds.Add(new LinkLapsed(id, from));
            else if (IsOverdue(id, deeds))
                throw new DiscrepancyException($"{_world.NameOf(from)}'s link {id} was not given back when its time was over");

        // A night lets every lot lapse by itself, whose day is over; also one that was empty until something of this moment gave back to it:
        // a refund, a receipt that was cancelled, an order or a charge of a card of which nothing came.
        var parties = deeds.OfType<Request>().SelectMany(r => r.Parties).ToHashSet();
        var lots = _auditor.Books.Purses.SelectMany(p => p.Value.Lots.Keys.Select(term => (Member: p.Key, Term: term)))
            .Union(_auditor.Books.Bills.Where(b => parties.Contains(b.Key.ToString()))
                .SelectMany(b => b.Value.LotParts.Select(l => (b.Value.Member, l.Term))))
            .Union(MayComeBack(_auditor.Books)).ToList();
        foreach (var night in deeds.OfType<Night>().ToList())
        {
            deeds.Remove(night);
            deeds.AddRange(lots.Where(l => l.Term > 0 && l.Term < night.Day).Select(l => new Lapsed(l.Member, l.Term)));
            deeds.AddRange(CameIn(night.Day, deeds));
            _lastNight = Math.Max(_lastNight, night.Day);
            _linksLooked = night.LinksLooked > _linksLooked ? night.LinksLooked : _linksLooked;
        }
        _dayBefore = node.Today.Number;
        var runs = deeds.OfType<RidesRun>().ToList();
        deeds.RemoveAll(d => d is RidesRun);
        deeds.AddRange(RidesRun.Postings(runs, deeds, _auditor.Books));
        var looks = deeds.OfType<PurchasesRun>().ToList();
        deeds.RemoveAll(d => d is PurchasesRun);
        deeds.AddRange(PurchasesRun.Postings(looks, deeds, _auditor.Books));
        deeds.AddRange(await Outcomes(node, deeds, DaysSince(since)));
        var left = await Sweep(node);
        await _auditor.Judge(Proofs.WithFreezes(deeds), node);
        await _auditor.LookForTraces(left);
    }

    IReadOnlyCollection<int> DaysSince(long began) =>
        [.. _world.TimesSince(began).SelectMany(w => new[] { w.From, w.To }).Select(t => JapanDay.Of(t).Number).Distinct().Order()];

    /// <summary>
    /// Its time ended after links were looked through last, and before they were now; it was there already when everybody set out. (What is
    /// made by a clock that is days behind, which no real one is, ends in a time that was looked through.)
    /// </summary>
    bool IsOverdue(Guid link, List<Deed> deeds) =>
        _auditor.Books.Links.TryGetValue(link, out var sent) && sent.Until > _linksLooked
        && deeds.OfType<Night>().Any(n => sent.Until <= n.LinksLooked)
        && !deeds.OfType<Request>().Any(r => r.Parties.Contains(link.ToString()));

    static IEnumerable<(Guid Member, int Term)> MayComeBack(Books books) =>
    [
        .. books.Exchanges.Values.Where(e => !e.IsBack).SelectMany(e => e.Parts.Select(p => (e.Member, p.Term))),
        .. books.Slips.Values.Where(s => s is { IsAward: false, Cancelled: null }).SelectMany(s => s.Parts.Select(p => (s.Member, p.Term))),
        .. books.Loads.Values.Where(l => l.Open).SelectMany(l => l.Parts.Select(p => (l.Member, p.Term))),
    ];

    /// <summary>
    /// A night releases all that was pending and in the books when it began; what was paid meanwhile, perhaps. A day begins once.
    /// </summary>
    IEnumerable<Deed> CameIn(int night, List<Deed> deeds)
    {
        var books = _auditor.Books;
        foreach (var (payment, bill) in books.Bills.OrderBy(b => b.Key))
            if (bill is { IsPending: true, Gift: > 0 } && bill.PendingUntil <= night)
                yield return new CameIn(payment, [bill.Member.ToString()], Must: night > _lastNight);
        if (books.PendingDays > 0 && night >= Rules.Later(_dayBefore, books.PendingDays))
            foreach (var paid in deeds.OfType<Request>().Where(r => r.Accepted && r.Entry != Guid.Empty && !books.Bills.ContainsKey(r.Entry)).ToList())
                yield return new CameIn(paid.Entry, [.. paid.Parties.Where(p => Guid.TryParse(p, out _))], Must: false);
    }

    /// <summary>Who has left lately: what came of them on another node a moment after is erased by the product's own job.</summary>
    async Task<IReadOnlyCollection<Guid>> Sweep(Node node)
    {
        await using var connection = await _world.Store.Connect();
        var unswept = (await connection.QueryAsync<Guid>("select member from former_member where swept_ms is null")).AsList();
        if (unswept.Count > 0)
            await node.Call(() => node.Get<FormerMembers>().Run());
        return unswept;
    }

    Settled Ended(Guid id, Charged ended)
    {
        var arrived = ended.State == ChargeState.Completed ? ended.Amount.Value : 0;
        if (_auditor.Books.Charges.GetValueOrDefault(id) is not { CountsOn: 0 } && _world.Outside.Given(id) is { } given
            && given != arrived)
            throw new DiscrepancyException($"charge {id} ended with {arrived}; the outside gave {given}");
        return new Settled(id, arrived);
    }

    /// <summary>Issuers that have not answered are asked once more, and every member looks at their cards: they stand as outside.</summary>
    async Task ResolveCards(Town town)
    {
        var node = await _world.SomeNode();
        await node.Call(async () =>
        {
            await node.Get<MigratePointCard>().CarryOn();
            return true;
        });
        var today = node.Today.Number;
        await Look([.. town.PointCards.Where(c => c is { AskedAs: not null, Lapsed: false })
            .Select(c => new Audit.CardMigrated(c.AskedAs!.Value, c.AskedBy!.Id, c.Points, [today], IsSure: true))],
            _world.Loop.Clock.Ticks);
        if (_world.Outside.ClosedPoints != -_auditor.Books.Sums.GetValueOrDefault("IssuerClearing"))
            throw new DiscrepancyException($"issuers gave up {_world.Outside.ClosedPoints} points; the auditor's cards brought others");
        foreach (var who in town.Residents)
        {
            var shown = (await node.Call(() => node.Get<OwnPointCards>().Reload(who.Payer.MemberId))).Select(c => c.Masked).Order();
            var own = town.PointCards.Where(c => c.Owner == who && !c.Lapsed).Select(c => "****" + c.Number[^4..]).Distinct().Order();
            if (!shown.SequenceEqual(own))
                throw new DiscrepancyException(
                    $"{who.Name} has the cards {string.Join(' ', shown)}; outside they are {string.Join(' ', own)}");
        }
    }

    /// <summary>Of what the bank has paid something comes back, and whoever asks the bank now and then hears of it.</summary>
    async Task HearWhatComesBack()
    {
        _world.Outside.LetSomethingComeBack(_world.Times.Latest);
        await new Client(_world, "night").Ask("asks the bank what came back", async node =>
        {
            await node.Get<PayOutFileWork>().AskAgain();
            return true;
        });
    }

    /// <summary>A merchant gets a bank account, or another one.</summary>
    async Task MeetMerchants(Town town)
    {
        var shop = town.Shops[_world.RandomSource.Next(town.Shops.Count)].Store;
        await new Client(_world, "two operators").Ask($"give {shop.Name} an account", async node =>
            await new SandboxPayOutAccounts(node.Db, node.Get<PayOutAccounts>(), node.Clock).MakeUp(shop.Merchant, CancellationToken.None));
    }

    /// <summary>The bank is asked until it has answered every file, and once more for what came back.</summary>
    async Task ResolvePayOuts()
    {
        for (var tries = 0; tries < 20; tries++)
        {
            _world.Loop.Clock.Pass(TimeSpan.FromMinutes(20));
            var node = await _world.SomeNode();
            await node.Call(async () =>
            {
                await node.Outbox.RunDue(CancellationToken.None);
                await node.Get<PayOutFileWork>().AskAgain();
                return true;
            });
            await Look([], _world.Loop.Clock.Ticks);
        }
    }

    /// <summary>Nobody does anything new; the resolver asks until every outcome is known.</summary>
    async Task Resolve()
    {
        for (var hours = 0; hours < 12 && IsSomethingOpen(); hours++)
        {
            _world.Loop.Clock.Pass(TimeSpan.FromMinutes(10 + hours * 5));
            var node = await _world.SomeNode();
            await node.Call(() => node.Outbox.RunDue(CancellationToken.None));
            await Look([], _world.Loop.Clock.Ticks);
        }
        if (_auditor.Books.Charges.FirstOrDefault(c => c.Value.Open) is { Value: not null } open)
            throw new DiscrepancyException($"charge {open.Key} by {open.Value.Source} never ended");
        if (IsSomethingOpen())
            throw new DiscrepancyException("an order of a reward, points on their way to a card, or a withdrawal never ended");
    }

    bool IsSomethingOpen() =>
        _auditor.Books.Charges.Values.Any(c => c.Open) || _auditor.Books.Loads.Values.Any(l => l.Open)
        || _auditor.Books.Withdrawals.Values.Any(w => w.Open) || _isOrderOpen;

    bool _isOrderOpen;

    /// <summary>
    /// What became, unasked, of orders of rewards and of points on their way to cards; the outside has its own word in it.
    /// </summary>
    async Task<IReadOnlyList<Deed>> Outcomes(Node node, IReadOnlyList<Deed> deeds, IReadOnlyCollection<int> days)
    {
        var (found, outside, books) = (new List<Deed>(), _world.Outside, _auditor.Books);
        var asked = deeds.OfType<Request>().Where(r => r.Accepted).ToList();
        _isOrderOpen = false;
        foreach (var (id, member) in books.Exchanges.Where(e => !e.Value.IsBack).Select(e => (e.Key, e.Value.Member))
            .Concat(asked.Where(r => r.Said.StartsWith("ordered", StringComparison.Ordinal))
                .Select(r => (r.Entry, Guid.Parse(r.Parties[0]))))
            .Where(e => books.Exchanges.GetValueOrDefault(e.Item1) is not { IsBack: true }).Distinct().ToList())
        {
            var order = await node.Call(() => node.Get<RewardOrders>().Find(new MemberId(member), new RewardOrderId(id)))
                ?? throw new DiscrepancyException($"order {id} is nowhere");
            _isOrderOpen |= order.State is RewardOrderState.Ordered or RewardOrderState.Cancelling;
            if (order.State == RewardOrderState.Cancelled)
                found.Add(new RewardCameBack(id, member, days));
            if (order.State == RewardOrderState.Cancelled && outside.IsIssued(id))
                throw new DiscrepancyException($"order {id} came back, and what was issued for it can be used");
            if (order.State is RewardOrderState.Issued or RewardOrderState.Used && !outside.IsIssued(id))
                throw new DiscrepancyException($"order {id} stands as {order.State}, and the partner has issued nothing");
        }
        await using var connection = await _world.Store.Connect();
        foreach (var (id, member) in books.Loads.Where(l => l.Value.Open).Select(l => (l.Key, l.Value.Member))
            .Concat(asked.Where(r => r.Said == "on its way").Select(r => (r.Entry, Guid.Parse(r.Parties[0]))))
            .Where(l => books.Loads.GetValueOrDefault(l.Item1) is not { Open: false }).Distinct().ToList())
            if (await TransitCharges.Find(connection, new TransitChargeId(id)) is { State: not TransitChargeState.Requested and var state })
                found.Add(new LoadEnded(id, member, state == TransitChargeState.Completed, days));
        foreach (var (id, member) in books.Withdrawals.Where(w => w.Value.Open).Select(w => (w.Key, w.Value.Member))
            .Concat(asked.Where(r => r.Said.StartsWith("withdrawn", StringComparison.Ordinal))
                .Select(r => (r.Entry, Guid.Parse(r.Parties[0]))))
            .Where(w => books.Withdrawals.GetValueOrDefault(w.Item1) is not { Open: false }).Distinct().ToList())
            if (await OwnWithdrawals.Find(connection, new WithdrawalId(id)) is { Ended: { } ended })
            {
                found.Add(new WithdrawalOver(id, member, ended == WithdrawalEnding.Paid));
                if (outside.HasCredited(id) != (ended == WithdrawalEnding.Paid))
                    throw new DiscrepancyException($"withdrawal {id} ended as {ended}; the bank has paid it: {outside.HasCredited(id)}");
            }
        return found;
    }

    /// <summary>The lots of all days before this one have lapsed, and the links whose time was over.</summary>
    sealed record Night(int Day, DateTimeOffset LinksLooked) : Deed
    {
        public override IEnumerable<Books> Happen(Books books) => [books];

        public override IEnumerable<string> Touches(Books books) => [];
    }
}

/// <summary>How a seed went.</summary>
sealed record Played(
    int Seed, Exception? Wrong, IReadOnlyList<string> Steps, IReadOnlyList<string> Answers, int LoopSteps, IReadOnlyList<Fault> Faults)
{
    public string Report => $"seed {Seed} failed; ENSEN_SIM_SEED={Seed} plays it again\n{string.Join('\n', Steps)}\n{Wrong}";
}

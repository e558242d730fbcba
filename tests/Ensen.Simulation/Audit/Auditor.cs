using Dapper;
using Ensen.Campaigns;
using Ensen.Cards;
using Ensen.Centres;
using Ensen.CreditCards;
using Ensen.Ledger;
using Ensen.Links;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Rewards;
using Ensen.Simulation.Worlds;
using Ensen.Storage;
using Ensen.Transit;
using Ensen.Wallet;
using Ensen.Withdrawals;

namespace Ensen.Simulation.Audit;

/// <summary>
/// Looks for an order in which everything that was answered since the last time could have happened one after the other, such that the
/// product then says what the auditor's own books say: each purse, each lot, each line of each statement, the operator's sums.
/// </summary>
sealed partial class Auditor(World world)
{
    const int MostTries = 500_000;
    const int LinesAtOnce = 60;

    readonly HashSet<(Guid Member, Guid Entry)> _seen = [];
    readonly HashSet<string> _deadEnds = [];
    int _tries;
    string? _nearest;

    public Books Books { get; private set; } = new();

    /// <summary>Everything that was asked, with its answer, in the order in which it was judged.</summary>
    public List<string> Answers { get; } = [];

    /// <summary>The campaign was opened with so many points, which are pending for so many days, and gives at the point till or not.</summary>
    public void Announce(long budget, int pendingDays, bool atTills) => Books = Books.Add("PointLiability", -budget) with
    {
        CampaignLeft = budget,
        PendingDays = pendingDays,
        GivesAtTills = atTills,
    };

    /// <summary>So many of a reward are there.</summary>
    public void Offer(string reward, long stock) => Books = Books with { Stock = Books.Stock.SetItem(reward, stock) };

    /// <summary>A member's credit card was linked in that month.</summary>
    public void LinkCredit(Guid member, int month) =>
        Books = Books with { Purchases = Books.Purchases.SetItem(member, new CardPurchases(month)) };

    /// <summary>A member's transit card was linked.</summary>
    public void Link(string card, Guid member, DateTimeOffset at) =>
        Books = Rules.AddLink(Books, card, new CardLink(member, at, Rules.MonthOf(at)));

    public void Enrol(Guid member, bool verified) => Books = Books.With(member, new Purse(verified));

    /// <summary>Judges what happened. Throws <see cref="DiscrepancyException"/> when no order explains it.</summary>
    public async Task Judge(IReadOnlyList<Deed> deeds, Node node)
    {
        try
        {
            await Look(deeds, node);
        }
        catch (DiscrepancyException) when (world.Store.Engine == Engine.Postgres)
        {
            // On real wires quiet is only a guess: what was still under way has arrived by now.
            await world.Loop.Quiet(TimeSpan.FromSeconds(5));
            await Look(deeds, node);
        }
    }

    async Task Look(IReadOnlyList<Deed> deeds, Node node)
    {
        var said = await Read(node, LinesAtOnce);
        var after = Books with { OnceBefore = Books.Once, Going = [.. deeds.OfType<Leaving>().Where(l => l.HasLeft).Select(l => l.Member)] };
        var chains = Apart(deeds);
        foreach (var chain in chains)
        {
            (_tries, _nearest) = (0, null);
            _deadEnds.Clear();
            after = Search(after, chain, 0, chain[0].All, said, isLast: chain == chains[^1]) ?? throw new DiscrepancyException(_nearest is null
                ? "no order of what happened explains all answers:\n" + string.Join('\n', chain.SelectMany(p => p.Deeds))
                : $"{_nearest}\nwhatever the order of:\n{string.Join('\n', chain.SelectMany(p => p.Deeds))}");
        }
        if ((Difference(after, said, after.Purses.Keys) ?? DifferenceOfSums(after, said)) is { } difference)
            throw new DiscrepancyException($"{difference}\nafter:\n{string.Join('\n', deeds)}");
        Books = after;
        Answers.AddRange(deeds.Select(d => d.Words()));
        foreach (var (member, lines) in said.Lines)
            _seen.UnionWith(lines.Select(l => (member, l.EntryId.Value)));
    }

    /// <summary>
    /// Deeds that touch nothing in common are looked at apart: the orders of a few are soon tried, those of many are not. Those with files of
    /// purchases come last and one after the other: what cannot be taken back for a correction stands in the sums alone, not at the member,
    /// so what explains one member's statement may have to be given up for the next one's.
    /// </summary>
    List<List<Together>> Apart(IReadOnlyList<Deed> deeds)
    {
        var groups = new List<(HashSet<string> Parties, List<Deed> Deeds)>();
        foreach (var deed in deeds)
        {
            var (parties, together) = (deed.Touches(Books).Where(p => p != Guid.Empty.ToString()).ToHashSet(), new List<Deed>());
            foreach (var group in groups.Where(g => g.Parties.Overlaps(parties)).ToList())
            {
                groups.Remove(group);
                parties.UnionWith(group.Parties);
                together.AddRange(group.Deeds);
            }
            groups.Add((parties, [.. together, deed]));
        }
        var apart = groups.Select(g => new Together([.. Books.Purses.Keys.Where(m => g.Parties.Contains(m.ToString()))], g.Deeds))
            .ToLookup(t => t.Deeds.Exists(d => d is PurchasesFed));
        List<List<Together>> chains = [.. apart[false].Select(t => new List<Together> { t })];
        return apart[true].Any() ? [.. chains, [.. apart[true]]] : chains;
    }

    /// <summary>Deeds whose order matters, and whose statements show it.</summary>
    sealed record Together(List<Guid> Members, List<Deed> Deeds)
    {
        public ulong All => (1UL << Deeds.Count) - 1;
    }

    /// <param name="at">Those of the chain that are looked at; the ones before are explained.</param>
    /// <param name="left">Their deeds that have not happened yet, a bit each.</param>
    /// <param name="isLast">Nothing happens after this chain: all sums are as the books have them.</param>
    Books? Search(Books books, List<Together> chain, int at, ulong left, Readout said, bool isLast)
    {
        var (members, deeds) = chain[at];
        if (left == 0)
        {
            var isEnd = at == chain.Count - 1;
            var difference = Difference(books, said, members) ?? (isEnd && isLast ? DifferenceOfSums(books, said) : null);
            _nearest ??= difference;
            return difference is not null ? null : isEnd ? books : Search(books, chain, at + 1, chain[at + 1].All, said, isLast);
        }
        // The same deeds in another order that left everybody as here: it came to nothing then.
        if (!_deadEnds.Add($"{at} {left} {AccountState(books, [.. chain.SelectMany(t => t.Members)])}"))
            return null;
        for (var i = 0; i < deeds.Count && _tries < MostTries; i++)
        {
            // Of several deeds that are the same the first is taken: whichever it is, it comes to the same.
            if ((left >> i & 1) == 0 || IsTwin(deeds, left, i))
                continue;
            _tries++;
            foreach (var after in deeds[i].Happen(books))
                if (Unsaid(books, after, said) is { } line)
                    _nearest ??= line;
                else if (Search(after, chain, at, left & ~(1UL << i), said, isLast) is { } found)
                    return found;
        }
        return null;
    }

    static bool IsTwin(List<Deed> deeds, ulong left, int of)
    {
        for (var i = 0; i < of; i++)
            if ((left >> i & 1) != 0 && deeds[i].Equals(deeds[of]))
                return true;
        return false;
    }

    static string AccountState(Books books, List<Guid> members) => books.CampaignLeft.ToString(System.Globalization.CultureInfo.InvariantCulture)
        + string.Join(',', members.Select(m => books.Purchases.GetValueOrDefault(m)).Select(p => $"{p?.Owed} {p?.Reckoned.Values.Sum()} {p?.Items.Count}"))
        + string.Join(',', books.Rides.Values.Select(r => $"{r.Links.Count} {string.Join('/', r.Links.Select(l => string.Join(' ', l.Ends)))}"))
        + string.Join(',', books.Companies.Values) + books.Transfers.Values.Count(t => t.IsPaid)
        + string.Join(',', books.Phones.Values.Select(p => p.OutBy)) + string.Join('|', members.Select(m => books.Purses[m]).Select(p => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{p.Money} {p.Prepaid} {p.OfCampaign} {p.Pending} {p.FrozenByOperator} {p.FrozenBySelf} {p.Left} {p.Own} {p.Ahead} {p.LowUntil} {string.Join(',', p.Used.OrderBy(u => u.Key, StringComparer.Ordinal))} {string.Join(',', p.Lots)} {string.Join(',', p.Later)} {string.Join(',', p.Lines.TakeLast(12).Order(StringComparer.Ordinal))}")));

    /// <summary>A line that this deed wrote and no statement has: the order is wrong, and need not be followed to its end.</summary>
    string? Unsaid(Books before, Books after, Readout said)
    {
        foreach (var (member, purse) in after.Purses)
        {
            var known = before.Purses[member].Lines.Count;
            foreach (var line in purse.Lines.Skip(known))
                if (!said.New[member].Contains(line))
                    return $"{world.NameOf(member)}'s statement has no line \"{line}\" but\n  {string.Join("\n  ", said.New[member])}";
        }
        return null;
    }

    string? Difference(Books books, Readout said, IEnumerable<Guid> members)
    {
        foreach (var member in members)
        {
            var purse = books.Purses[member];
            var wallet = said.Wallets[member];
            if ((wallet.Money.Value, wallet.Prepaid.Value) != (purse.Money, purse.Prepaid))
                return $"{world.NameOf(member)} holds money {wallet.Money} and prepaid {wallet.Prepaid}; the auditor says {purse.Money} and {purse.Prepaid}";
            var lots = string.Join(", ", wallet.Lots.Select(l => $"{l.Points} to {l.ExpiresOn.Number}"));
            var own = string.Join(", ", purse.Lots.Where(l => l.Key >= said.Day).Select(l => $"{l.Value} to {(l.Key == Rules.CampaignLot ? Rules.CampaignLastDay : l.Key)}"));
            if (lots != own)
                return $"{world.NameOf(member)} has lots [{lots}]; the auditor says [{own}]";
            if (!purse.Left && DifferenceOfCaps(member, purse, said) is { } ofCaps)
                return ofCaps;
            if (Rules.CardsOf(books, member) is var cards && said.TransitCards[member] != cards)
                return $"{world.NameOf(member)} has the transit cards [{said.TransitCards[member]}]; the auditor says [{cards}]";
            var known = Books.Purses[member].Lines.Count;
            var mine = purse.Lines.Skip(known).Order(StringComparer.Ordinal).ToList();
            var theirs = said.New[member];
            if (!mine.SequenceEqual(theirs))
                return $"{world.NameOf(member)}'s statement has\n  {string.Join("\n  ", theirs)}\nthe auditor's\n  {string.Join("\n  ", mine)}";
        }
        return null;
    }

    /// <summary>What the wallet says of caps and freezes; of whoever has left nobody asks.</summary>
    string? DifferenceOfCaps(Guid member, Purse purse, Readout said)
    {
        var wallet = said.Wallets[member];
        var capped = purse.Between(said.From, said.To, said.To).ToList();
        if (!capped.Exists(p => (wallet.Left.PerMovement, wallet.Left.Today, wallet.Left.ThisMonth) == Rules.PayLeft(p, said.Day)
            && wallet.Caps.PerDay == Rules.PayCapOfDay(p)))
            return $"{world.NameOf(member)} may still pay {wallet.Left}, {wallet.Caps.PerDay} a day; the auditor says {string.Join(" or ", capped.Select(p => Rules.PayLeft(p, said.Day)))}";
        var ahead = said.Caps[member].Ahead is { Caps: var caps, From: var from }
            ? (caps.PerPayment, caps.PerDay, caps.PerMonth, from) : default((long, long, long, DateTimeOffset)?);
        if (!capped.Exists(p => Rules.Ahead(p) == ahead))
            return $"{world.NameOf(member)}'s caps are to be {ahead}; the auditor says {string.Join(" or ", capped.Select(p => Rules.Ahead(p)))}";
        if (wallet.Frozen != purse.Frozen)
            return $"{world.NameOf(member)} is frozen: {wallet.Frozen}; the auditor says {purse.Frozen}";
        return null;
    }

    string? DifferenceOfSums(Books books, Readout said)
    {
        foreach (var (name, sum) in Sums(books))
            if (Of(name, said) != sum)
                return $"{name} sums to {Of(name, said)}; the auditor says {sum}";
        return null;
    }

    /// <summary>
    /// What stores took is owed to them, or was settled: due, carried, fee, tax, on its way, paid. Together it is what they took.
    /// </summary>
    Int128 Of(string name, Readout said) =>
        (name == "Payable" ? s_taken : [name]).Aggregate((Int128)0, (sum, n) => sum + said.Balance.Of(Type(n)));

    static readonly string[] s_taken =
        ["Payable", "MerchantDue", "MerchantCarried", "MerchantFees", "FeeTax", "PayOutTransit", "PayOutBank"];

    AccountType Type(string name) => world.Store.Catalogue.All<AccountType>().Single(t => t.Name == name);

    static IEnumerable<(string Name, long Sum)> Sums(Books books) =>
    [
        .. new[] { "Payable", "PointFunding", "PointLiability", "Breakage", "BankClearing", "CardClearing", "AtmClearing", "Suspense",
            "CentrePayable", "RewardSales", "TransitClearing", "IssuerClearing",
            "CreditCardClearing", "DepositClearing" }
            .Select(n => (n, books.Sums.GetValueOrDefault(n))),
        ("Money", books.Purses.Values.Sum(p => p.Money)),
        ("Prepaid", books.Purses.Values.Sum(p => p.Prepaid)),
        ("Points", books.Purses.Values.Sum(p => p.Lots.Where(l => l.Key is not (Rules.CampaignLot or 0)).Sum(l => l.Value))),
        ("CampaignPoints", books.Purses.Values.Sum(p => p.Lots.GetValueOrDefault(Rules.CampaignLot))),
        ("PendingPoints", books.Purses.Values.Sum(p => p.Later.Values.Sum())),
        ("ChargeOnlyPoints", books.Purses.Values.Sum(p => p.Lots.GetValueOrDefault(0))),
        ("CampaignBudget", books.CampaignLeft),
        ("WithdrawalTransit", books.Withdrawals.Values.Where(w => w.Open).Sum(w => w.Amount)),
        ("BusinessMoney", books.Companies.Values.Sum(c => c.Holds)),
        ("LinkHeld", books.Links.Values.Where(l => l.End == LinkEnd.None).Sum(l => l.Amount)),
    ];

    // Entries that nobody asked for, or whose ids are not answered, are compared by what they did.
    static readonly HashSet<EntryKind> s_unnamed =
    [
        EntryKind.Charge, EntryKind.Expiry, EntryKind.Leaving, EntryKind.PointAward, EntryKind.PointSpending, EntryKind.PointCancellation,
        EntryKind.RewardReturn, EntryKind.RidePoints, EntryKind.TransitCharge, EntryKind.TransitReturn, EntryKind.CardMigration,
        EntryKind.PointsReleased, EntryKind.CreditCardPoints, EntryKind.CreditCardTakeBack, EntryKind.LinkReturn,
        EntryKind.WithdrawalReturn,
    ];

    static string Line(StatementLine l) => Purse.Line(s_unnamed.Contains(l.Kind) ? l.Kind.ToString() : $"{l.Kind} {l.EntryId.Value}",
        l.AccountType.ToString(), l.Term, l.Amount, l.BalanceAfter);

    async Task<Readout> Read(Node node, int lines)
    {
        var wallets = new Dictionary<Guid, WalletBalance>();
        var caps = new Dictionary<Guid, CapsInForce>();
        var cards = new Dictionary<Guid, string>();
        var statements = new Dictionary<Guid, IReadOnlyList<StatementLine>>();
        await using var connection = await world.Store.Connect();
        var from = node.Clock.GetUtcNow();
        foreach (var (member, purse) in Books.Purses)
        {
            wallets[member] = await node.Call(() => node.Balances.Of(new Payer(new MemberId(member), purse.Verified)));
            caps[member] = await node.Call(() => node.Get<ChangeOwnCaps>().Read(new Payer(new MemberId(member), purse.Verified)));
            cards[member] = string.Join(' ', (await node.Call(() => node.Get<OwnTransitCards>().Of(new MemberId(member))))
                .Select(c => c.Masked + (c.Lapsed ? " lapsed" : "")).Order(StringComparer.Ordinal));
            statements[member] = await Statement.Of(connection, world.Store.Catalogue, member, null, lines);
        }
        var unseen = statements.ToDictionary(
            s => s.Key, s => s.Value.Where(l => !_seen.Contains((s.Key, l.EntryId))).Select(Line).Order(StringComparer.Ordinal).ToList());
        return new Readout(node.Today.Number, from, node.Clock.GetUtcNow(), wallets, caps, cards, statements, unseen,
            await TrialBalance.Read(connection, world.Store.Catalogue));
    }

    /// <summary>
    /// Looks for rows of those who have left, by what each module says is erased, after the product has looked itself once more. What they
    /// were refused is forgotten with them. Throws <see cref="DiscrepancyException"/> when something is left.
    /// </summary>
    public async Task LookForTraces(IReadOnlyCollection<Guid> left)
    {
        await using var connection = await world.Store.Connect();
        foreach (var member in left)
        {
            // What is found by an address is found no more without it: tests of their own look for those rows.
            foreach (var table in world.Store.Catalogue.All<PersonalTable>().Where(t => t.Leaving is { What: WhenLeft.Erased }))
                if (table.Leaving!.Where is { Length: > 0 } where && !where.Contains("@address", StringComparison.Ordinal)
                    && !where.Contains("@attempt", StringComparison.Ordinal)
                    && await connection.ExecuteScalarAsync<long>($"select count(*) from {table.Name} where {where}",
                        new { member, number = new MemberId(member).ToString(), now = 0L }) is var rows and > 0)
                    throw new DiscrepancyException($"{world.NameOf(member)} has left, and {table.Name} has {rows} rows of them");
            if (!Books.Purses[member].Left)
                throw new DiscrepancyException($"{world.NameOf(member)} has left without anybody asking for it");
            Books = Rules.Forget(Books, member);
        }
    }

    /// <summary>
    /// At the end of the year: every history, every store's total, every charge against the outside, and the product's own verification.
    /// </summary>
    public async Task Close(Node node)
    {
        foreach (var (member, purse) in Books.Purses)
        {
            var items = new List<HistoryItem>();
            while (await node.Call(() => node.History.Of(new MemberId(member), items.LastOrDefault()?.EntryId, 40)) is { Count: > 0 } page)
                items.AddRange(page);
            if (items.Sum(i => i.Yen.Value) != purse.Yen || items.Sum(i => i.Points.Value) != purse.Lots.Values.Sum())
                throw new DiscrepancyException(
                    $"{world.NameOf(member)}'s history sums to {items.Sum(i => i.Yen.Value)} yen and {items.Sum(i => i.Points.Value)} points; the auditor says {purse.Yen} and {purse.Lots.Values.Sum()}");
            var entries = purse.Lines.Count(l => l.StartsWith("Charge", StringComparison.Ordinal));
            if (items.Count(i => i.Kind == EntryKind.Charge) != entries)
                throw new DiscrepancyException(
                    $"{world.NameOf(member)}'s history has {items.Count(i => i.Kind == EntryKind.Charge)} charges; the auditor counts {entries}");
        }
        foreach (var (id, top) in Books.Charges.Where(c => c.Value.CountsOn != 0))
            if (world.Outside.Given(id) is null or > 0 && top.Open)
                throw new DiscrepancyException($"charge {id} was given by {top.Source} and never booked");
        var arrived = Books.Sums.GetValueOrDefault("TransitClearing");
        if (world.Outside.Loaded != arrived)
            throw new DiscrepancyException($"the transit company put {world.Outside.Loaded} on cards; the auditor says {arrived}");
        var withdrawn = Books.Withdrawals.Values.Where(w => w.IsPaid).Sum(w => w.Amount);
        if (world.Outside.Credited != withdrawn)
            throw new DiscrepancyException($"the bank paid {world.Outside.Credited} to members; the auditor says {withdrawn}");
        await using var connection = await world.Store.Connect();
        foreach (var store in Books.Bills.Values.GroupBy(b => b.Store))
        {
            var payable = await connection.ExecuteScalarAsync<long>(
                """
                select cast(coalesce(sum(balance), 0) as bigint)
                  + (select cast(coalesce(sum(paid - refunded + corrected + late), 0) as bigint) from settlement_store where store = @Key)
                from account
                where owner = @Key and account_type = 10
                """,
                new { store.Key });
            if (payable != store.Sum(b => b.Amount - b.Refunded))
                throw new DiscrepancyException(
                    $"store {store.Key} is owed {payable}; the auditor says {store.Sum(b => b.Amount - b.Refunded)}");
        }
        await LookAtSettlements(connection);
        await LookAtCompanies(connection);
        var ends = new Dictionary<long, byte[]>();
        foreach (var (lane, number, previous, hash) in await connection.QueryAsync<(long, long, byte[], byte[])>("select cast(lane as bigint), number, previous, hash from seal order by lane, number"))
        {
            if (!previous.AsSpan().SequenceEqual(ends.GetValueOrDefault(lane, new byte[32])))
                throw new DiscrepancyException($"seal {number} of lane {lane} does not name the one before it");
            ends[lane] = hash;
        }
        var verdict = await new Verify(world.Store).Run();
        if (!verdict.Holds)
            throw new DiscrepancyException(
                "verify: " + string.Join("; ", verdict.Checks.SelectMany(c => c.Broken.Select(b => $"{c.Check}: {b}"))));
    }

    sealed record Readout(
        int Day, DateTimeOffset From, DateTimeOffset To, Dictionary<Guid, WalletBalance> Wallets, Dictionary<Guid, CapsInForce> Caps,
        Dictionary<Guid, string> TransitCards, Dictionary<Guid, IReadOnlyList<StatementLine>> Lines,
        Dictionary<Guid, List<string>> New, TrialBalance Balance);
}

/// <summary>The product and the auditor disagree.</summary>
sealed class DiscrepancyException(string message) : Exception(message);

using System.Data.Common;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Businesses;
using Ensen.Campaigns;
using Ensen.Codes;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Simulation.Worlds;
using Ensen.Storage;
using Ensen.Wallet;
using Place = Ensen.Simulation.Worlds.Place;

namespace Ensen.Simulation.Faults;

/// <summary>The rules that are taken out one at a time. A new one for each seed.</summary>
static partial class PlantedFaults
{
    public static IReadOnlyDictionary<string, Func<Planted>> All { get; } = new Dictionary<string, Func<Planted>>(OfPoints())
    {
        ["a balance is written without looking whether somebody moved first"] = () =>
            new InStore(s => new Twisted(s) { Writing = Blindly }),
        ["an idempotency key is forgotten"] = () =>
            new InStore(s => new Twisted(s) { Knowing = k => k.IdempotencyKeys.Clear(), Writing = (c, _) => Do(c.IdempotencyKeys.Clear) }),
        ["points are taken from the lot that lapses last"] = () => new InStore(s => new Twisted(s)
        {
            Knowing = k =>
            {
                foreach (var position in k.AccountState.Positions)
                    position.TermOrder = Comparer<int>.Create((a, b) => b.CompareTo(a));
            },
        }),
        ["a retry does not look whether its entry arrived"] = () => new InStore(s => new Twisted(s) { Knowing = k => k.Entries.Clear() }),
        ["a seal does not name the one before it"] = () => new InStore(s => new Twisted(s) { Writing = (c, _) => Do(() => Unlink(c)) }),
        ["the answer is given before the commit"] = () => new InStore((s, w, n) => new AnswersFirst(s)),
        ["a code or a touch pays twice"] = () => new InStore(s => new Twisted(s)
        {
            Asking = w => w.SingleUses.RemoveWhere(f => IsCode(f.Kind)),
            Writing = (c, _) => Do(() => c.SingleUses.RemoveAll(f => IsCode(f.SingleUse.Kind))),
        }),
        ["a cap is not counted"] = () => new InStore(s => new Twisted(s) { Writing = (c, _) => Do(c.SpendingLimits.Clear) }),
        ["a refusal is not remembered"] = () =>
            new InStore(s => new Twisted(s) { Writing = (c, _) => Do(() => c.IdempotencyKeys.RemoveAll(o => o.Answer is ['!', ..])) }),
        ["refunds may be a yen too much"] = () => new InStore(s => new Twisted(s) { Writing = (c, _) => Do(() => RefundOneLess(c)) }),
        ["a refund's row gives back a point more"] = () => new InStore(s => new Twisted(s) { Writing = (c, _) => Do(() => RefundPointMore(c)) }),
        ["a refund's row names another payment"] = () => new InStore(s => new Twisted(s) { Writing = (c, _) => Do(() => MoveRefunds(c)) }),
        ["points are returned to another lot"] = () =>
            new InStore(s => new Twisted(s) { Writing = (c, store) => ReturnLater(c, store, EntryKind.Refund) }),
        ["half a batch is left behind"] = () => new InStore((s, w, n) => new Tearing(s, w)),
        ["1 point for 199 yen"] = () => new ByRule(p => p with { Points = p.Points with { YenPerPoint = 199 } }),
        ["a cap of the day is a yen too high"] = () => new ByRule(p => p with
        {
            Payments = p.Payments with
            {
                Verified = p.Payments.Verified with { PerDay = 500_001 },
                Unverified = p.Payments.Unverified with { PerDay = 50_001, PerPayment = 50_001 }
            },
        }),
        ["a transfer may be a yen too much"] = () =>
            new ByRule(p => p with { Transfers = p.Transfers with { PerDay = 100_001, PerTransfer = 100_001 } }),
        ["the balance cap is a thousand yen too high"] = () => new ByRule(p => p with { BalanceCap = p.BalanceCap + 1_000 }),
        ["what is on its way is not counted"] = () => new InStore(s => new Twisted(s)
        {
            Knowing = k =>
            {
                foreach (var position in k.AccountState.Positions)
                    position.SeesArriving = false;
            },
        }),
        ["two nodes do not take turns at an owner"] = () => new InStore(s => new Twisted(s)
        {
            Writing = (c, _) =>
                Do(() => c.Entries.Any(e => e.Kind == EntryKind.Payment) ? 0
                : c.SpendingLimits.RemoveAll(a => a.After.Kind == LimitKind.Pay)),
        }),
        ["a raised cap holds at once"] = () => new InStore(s => new Twisted(s)
        {
            Knowing = k =>
            {
                foreach (var position in k.AccountState.Positions)
                    if (position.SpendingLimit(LimitKind.Pay) is { Raised: { } raised } limit)
                        position.Load(limit with { Raised = raised with { From = DateTimeOffset.MinValue } });
            },
        }),
        ["a freeze is passed by what was decided before it"] = () => new InStore(s => new Twisted(s) { Writing = PassFreezes }),
        ["low caps are forgotten on a new phone"] = () => new ByRule(p => p with { Membership = p.Membership with { NewDeviceHours = 0 } }),
        ["a phone that was thrown out still pays"] = () => new StaysIn(),
        ["a refund or a transfer reaches whoever has left"] = () => new InStore(s => new Twisted(s)
        {
            Knowing = k =>
            {
                foreach (var position in k.AccountState.Positions)
                    position.SeesLeaving = false;
            },
        }),
        ["the points of whoever leaves are not written off as breakage"] = () =>
            new InStore(s => new Twisted(s) { Writing = (c, _) => Do(() => KeepPointsOfLeavers(c)) }),
        ["a payment or a charge that was decided before a leaving passes after it"] = () =>
            new InStore(s => new Twisted(s) { Writing = PassLeavings }),
        ["a table is forgotten when somebody leaves"] = () => new Forgets("session"),
        ["a campaign gives beyond its budget"] = () => new InStore(s => new Twisted(s)
        {
            Knowing = k =>
            {
                foreach (var pool in k.AccountState.Pools)
                    pool.SeesItsFloor = false;
            },
        }),
        ["what a member got of a campaign is not counted"] = () => new InStore(s => new Twisted(s)
        {
            Writing = (c, _) => Do(() => c.SpendingLimits.RemoveAll(l => l.After.Kind == LimitKind.CampaignInAll)),
        }),
        ["an approval counts twice"] = () => new InStore((s, w, n) => new Twisted(s)
        {
            Asking = _ => n.Get<ApproveBusinessTransfer>().SeesApprovals = false,
        }),
        ["whoever made a transfer approves it"] = () => new InStore((s, w, n) => new Twisted(s)
        {
            Asking = _ => n.Get<ApproveBusinessTransfer>().SeesPeople = false,
        }),
        ["a person alone pays a yen more than one may"] = () => new ByRule(p => p with { Businesses = new BusinessRules { AloneADay = 100_001 } }),
        ["a refund leaves what its part got of a campaign"] = () => new InStore((s, w, n) => new Twisted(s)
        {
            Asking = _ => n.Refund.TakesGiftsBack = false,
        }),
        ["a refund takes what is pending for points that can be spent"] = () => new InStore((s, w, n) => new Twisted(s)
        {
            Asking = _ => n.Refund.SeesPending = false,
        }),
        ["a shown code lives two minutes too long"] = () => new ByRule(p => p with { Codes = p.Codes with { LifeSeconds = 420 } }),
    };

    static bool IsCode(SingleUseKind kind) =>
        kind == SingleUseKind.CodeUsed || kind == SingleUseKind.OrderPaid || kind == SingleUseKind.TagTouched;

    static Task Do(Action change)
    {
        change();
        return Task.CompletedTask;
    }

    static Task Do(Func<int> change)
    {
        change();
        return Task.CompletedTask;
    }

    /// <summary>Whatever stands there now is called "before".</summary>
    static async Task Blindly(WriteSet writes, LedgerStore store)
    {
        var reads = new ReadSet();
        reads.Owners.UnionWith([.. writes.Guarded.Select(g => g.Owner), .. writes.SpendingLimits.Select(a => a.After.Owner)]);
        var now = (await store.Load(reads, CancellationToken.None)).AccountState;
        for (var i = 0; i < writes.Guarded.Count; i++)
            if (writes.Guarded[i] is { Exists: true } g)
                writes.Guarded[i] = g with { Before = now.Of(g.Owner).Balance(g.AccountType, g.Term) };
        for (var i = 0; i < writes.SpendingLimits.Count; i++)
            if (writes.SpendingLimits[i] is { After: var a })
                writes.SpendingLimits[i] = new LimitChange(now.Of(a.Owner).SpendingLimit(a.Kind).Version > 0,
                    a with { Version = now.Of(a.Owner).SpendingLimit(a.Kind).Version });
    }

    /// <summary>Whose owner was frozen meanwhile is written as if nothing had been.</summary>
    static async Task PassFreezes(WriteSet writes, LedgerStore store)
    {
        var reads = new ReadSet();
        reads.Owners.UnionWith(writes.SpendingLimits.Select(a => a.After.Owner));
        var now = (await store.Load(reads, CancellationToken.None)).AccountState;
        for (var i = 0; i < writes.SpendingLimits.Count; i++)
            if (writes.SpendingLimits[i] is { After: var a } && now.Of(a.Owner).IsFrozen)
                writes.SpendingLimits[i] = new LimitChange(now.Of(a.Owner).SpendingLimit(a.Kind).Version > 0,
                    a with { Version = now.Of(a.Owner).SpendingLimit(a.Kind).Version });
    }

    /// <summary>What somebody left behind is written where what points will cost stands, and no breakage comes of it.</summary>
    static void KeepPointsOfLeavers(WriteSet writes)
    {
        foreach (var leaving in writes.Entries.Where(e => e.Kind == EntryKind.Leaving))
        {
            var at = writes.Postings.FindIndex(p => p.EntryId == leaving.Id && p.AccountType == AccountType.Breakage);
            if (at < 0)
                continue;
            var lost = writes.Postings[at];
            writes.Postings[at] = lost with { AccountType = AccountType.PointLiability };
            writes.Open[(lost.Owner, AccountType.Breakage, lost.Term)] -= lost.Amount;
            var kept = (lost.Owner, AccountType.PointLiability, lost.Term);
            writes.Open[kept] = writes.Open.GetValueOrDefault(kept) + lost.Amount;
        }
    }

    /// <summary>Whose owner has left meanwhile is written as if they had not; their lots are what they would have become.</summary>
    static async Task PassLeavings(WriteSet writes, LedgerStore store)
    {
        var reads = new ReadSet();
        reads.Owners.UnionWith(writes.SpendingLimits.Select(a => a.After.Owner));
        var now = (await store.Load(reads, CancellationToken.None)).AccountState;
        for (var i = 0; i < writes.SpendingLimits.Count; i++)
            if (writes.SpendingLimits[i] is { After: var a } && now.Of(a.Owner).HasLeft)
                writes.SpendingLimits[i] = new LimitChange(now.Of(a.Owner).SpendingLimit(a.Kind).Version > 0,
                    a with { Version = now.Of(a.Owner).SpendingLimit(a.Kind).Version });
        for (var i = 0; i < writes.Guarded.Count; i++)
            if (writes.Guarded[i] is { Exists: true } g && now.Of(g.Owner).HasLeft)
                writes.Guarded[i] = g with { Before = now.Of(g.Owner).Balance(g.AccountType, g.Term) };
    }

    static void Unlink(WriteSet writes)
    {
        if (writes.Seal is { } seal)
            writes.SealAs(seal.Lane, new SealHead(seal.Number - 1, new byte[32], seal.AtMs),
                DateTimeOffset.FromUnixTimeMilliseconds(seal.AtMs));
    }

    static void RefundOneLess(WriteSet writes)
    {
        if (!writes.Details.TryGetValue(RefundRow.Table, out var rows))
            return;
        for (var i = 0; i < rows.Count; i++)
            rows[i] = (RefundRow)rows[i] with { AmountYen = ((RefundRow)rows[i]).AmountYen - 1.Yen() };
    }

    /// <summary>A point more and a yen less: the sum is right, and the postings are not the row's.</summary>
    static void RefundPointMore(WriteSet writes)
    {
        if (writes.Details.TryGetValue(RefundRow.Table, out var rows) && rows[0] is RefundRow { Yen.Value: > 0 } row)
            rows[0] = row with { Points = row.Points + 1.Points(), PointsTakenBack = row.PointsTakenBack };
    }

    static void MoveRefunds(WriteSet writes)
    {
        if (writes.Details.TryGetValue(RefundRow.Table, out var rows))
            rows[0] = (RefundRow)rows[0] with { PaymentId = new PaymentId(((RefundRow)rows[0]).EntryId) };
    }

    /// <summary>Points that entries of this kind give back go to a lot of their own that lives for ever.</summary>
    static async Task ReturnLater(WriteSet writes, LedgerStore store, EntryKind kind)
    {
        const int Far = 20991231;
        var refunds = writes.Entries.Where(e => e.Kind == kind).Select(e => e.Id).ToHashSet();
        for (var i = 0; i < writes.Postings.Count; i++)
        {
            if (writes.Postings[i] is not { Amount: > 0 } p || p.AccountType != AccountType.Points || !refunds.Contains(p.EntryId))
                continue;
            var at = writes.Guarded.FindIndex(g => g.Owner == p.Owner && g.AccountType == AccountType.Points && g.Term == p.Term);
            if (at < 0 || writes.Guarded.Any(g => g.Owner == p.Owner && g.Term == Far))
                continue;
            writes.Postings[i] = p with { Term = Far };
            var was = writes.Guarded[at];
            writes.Guarded[at] = was with { After = was.After - p.Amount };
            if (writes.Guarded[at].After == was.Before)
                writes.Guarded.RemoveAt(at);
            var reads = new ReadSet();
            reads.Owners.Add(p.Owner);
            var far = (await store.Load(reads, CancellationToken.None)).AccountState.Of(p.Owner).Balance(AccountType.Points, Far);
            writes.Guarded.Add(new GuardedChange(p.Owner, AccountType.Points, Far, far > 0, far, far + p.Amount));
        }
    }

    sealed class ByRule(Func<Programme, Programme> rule) : Planted
    {
        public override Programme Programme(Programme programme) => rule(programme);
    }

    /// <summary>A module has not said that a table is a member's.</summary>
    sealed class Forgets(string table) : Planted
    {
        public override Catalogue Catalogue(Catalogue catalogue) => new([.. catalogue.Modules.Select(module => new Module(module.Name)
        {
            Declares = [.. module.Declares.Where(thing => thing is not PersonalTable || thing.Name != table)],
            Services = module.Services,
        })]);
    }

    /// <summary>The end of a session does not last.</summary>
    sealed class StaysIn : Planted
    {
        public override Task ThrownOut(Node node, SessionId session) => node.Db.Transact(tx => tx.Connection!.ExecuteAsync(
            "update session set ended_ms = null where id = @session", new { session }, tx));
    }

    sealed class InStore(Func<LedgerStore, World, Node, LedgerStore> twist) : Planted
    {
        public InStore(Func<LedgerStore, LedgerStore> twist) : this((store, _, _) => twist(store))
        {
        }

        public override LedgerStore Into(LedgerStore store, World world, Node node) => twist(store, world, node);
    }

    /// <summary>Says that it is done, and does it a little later.</summary>
    sealed class AnswersFirst(LedgerStore store) : Twisted(store)
    {
        Task _writing = Task.CompletedTask;

        public override async Task<LoadedState> Load(ReadSet reads, CancellationToken ct)
        {
            await _writing;
            return await Store.Load(reads, ct);
        }

        public override Task Commit(WriteSet writes, Func<DbTransaction, CancellationToken, Task>? alongside, CancellationToken ct)
        {
            _writing = Write(writes, alongside);
            return Task.CompletedTask;
        }

        async Task Write(WriteSet writes, Func<DbTransaction, CancellationToken, Task>? alongside)
        {
            for (var turns = 0; turns < 6; turns++)
                await Place.Yield();
            try
            {
                await Store.Commit(writes, alongside, CancellationToken.None);
            }
            catch (MovedException)
            {
                // Too late: the answer is given.
            }
        }
    }

    /// <summary>A transaction that dies half way and leaves its history without its balances.</summary>
    sealed class Tearing(LedgerStore store, World world) : Twisted(store)
    {
        public override async Task Commit(WriteSet writes, Func<DbTransaction, CancellationToken, Task>? alongside, CancellationToken ct)
        {
            if (!world.Weather.Strikes(Fault.Torn))
            {
                await Store.Commit(writes, alongside, ct);
                return;
            }
            writes.Guarded.Clear();
            await Store.Commit(writes, alongside, ct);
            throw new IOException("the transaction died half way");
        }
    }
}

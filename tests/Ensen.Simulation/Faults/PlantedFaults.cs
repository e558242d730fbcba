using System.Data.Common;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Simulation.Worlds;
using Ensen.Wallet;

namespace Ensen.Simulation.Faults;

/// <summary>The rules that are taken out one at a time. A new one for each seed.</summary>
static class PlantedFaults
{
    public static IReadOnlyDictionary<string, Func<Planted>> All { get; } = new Dictionary<string, Func<Planted>>
    {
        ["a balance is written without looking whether somebody moved first"] = () => new InStore(s => new Twisted(s) { Writing = Blindly }),
        ["a once-only key is forgotten"] = () => new InStore(s => new Twisted(s) { Knowing = k => k.Once.Clear(), Writing = (c, _) => Do(c.Once.Clear) }),
        ["points are taken from the lot that lapses last"] = () => new InStore(s => new Twisted(s)
        {
            Knowing = k =>
            {
                foreach (var position in k.Standing.Positions)
                    position.LotOrder = Comparer<int>.Create((a, b) => b.CompareTo(a));
            },
        }),
        ["a retry does not look whether its entry arrived"] = () => new InStore(s => new Twisted(s) { Knowing = k => k.Entries.Clear() }),
        ["a seal does not name the one before it"] = () => new InStore(s => new Twisted(s) { Writing = (c, _) => Do(() => Unlink(c)) }),
        ["the answer is given before the commit"] = () => new InStore((s, w, n) => new AnswersFirst(s)),
        ["a code or a touch pays twice"] = () => new InStore(s => new Twisted(s)
        {
            Asking = w => w.Facts.RemoveWhere(f => IsCode(f.Kind)),
            Writing = (c, _) => Do(() => c.Facts.RemoveAll(f => IsCode(f.Fact.Kind))),
        }),
        ["a cap is not counted"] = () => new InStore(s => new Twisted(s) { Writing = (c, _) => Do(c.Allowances.Clear) }),
        ["a refusal is not remembered"] = () => new InStore(s => new Twisted(s) { Writing = (c, _) => Do(() => c.Once.RemoveAll(o => o.Answer is ['!', ..])) }),
        ["refunds may be a yen too much"] = () => new InStore(s => new Twisted(s) { Writing = (c, _) => Do(() => RefundOneLess(c)) }),
        ["a refund's row names another payment"] = () => new InStore(s => new Twisted(s) { Writing = (c, _) => Do(() => MoveRefunds(c)) }),
        ["points are returned to another lot"] = () => new InStore(s => new Twisted(s) { Writing = ReturnLater }),
        ["half a batch is left behind"] = () => new InStore((s, w, n) => new Tearing(s, w)),
        ["1 point for 199 yen"] = () => new ByRule(p => p with { Points = p.Points with { YenPerPoint = 199 } }),
        ["a cap of the day is a yen too high"] = () => new ByRule(p => p with
        {
            Payments = p.Payments with { Verified = p.Payments.Verified with { PerDay = 500_001 }, Unverified = p.Payments.Unverified with { PerDay = 50_001, PerPayment = 50_001 } },
        }),
        ["a transfer may be a yen too much"] = () => new ByRule(p => p with { Transfers = p.Transfers with { PerDay = 100_001, PerTransfer = 100_001 } }),
        ["the balance cap is a thousand yen too high"] = () => new ByRule(p => p with { BalanceCap = p.BalanceCap + 1_000 }),
        ["what is on its way is not counted"] = () => new InStore(s => new Twisted(s)
        {
            Knowing = k =>
            {
                foreach (var position in k.Standing.Positions)
                    position.SeesArriving = false;
            },
        }),
        ["two nodes do not take turns at an owner"] = () => new InStore(s => new Twisted(s)
        {
            Writing = (c, _) => Do(() => c.Entries.Any(e => e.Kind == EntryKind.Payment) ? 0 : c.Allowances.RemoveAll(a => a.After.Kind == AllowanceKind.Pay)),
        }),
        ["a shown code lives two minutes too long"] = () => new ByRule(p => p with { Codes = p.Codes with { LifeSeconds = 420 } }),
    };

    static bool IsCode(FactKind kind) => kind is FactKind.CodeUsed or FactKind.OrderPaid or FactKind.TagTouched;

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
    static async Task Blindly(Changes changes, LedgerStore store)
    {
        var wanted = new Wanted();
        wanted.Owners.UnionWith([.. changes.Guarded.Select(g => g.Owner), .. changes.Allowances.Select(a => a.After.Owner)]);
        var now = (await store.Load(wanted, CancellationToken.None)).Standing;
        for (var i = 0; i < changes.Guarded.Count; i++)
            if (changes.Guarded[i] is { Exists: true } g)
                changes.Guarded[i] = g with { Before = now.Of(g.Owner).Balance(g.Book, g.Term) };
        for (var i = 0; i < changes.Allowances.Count; i++)
            if (changes.Allowances[i] is { After: var a })
                changes.Allowances[i] = new AllowanceChange(now.Of(a.Owner).Allowance(a.Kind).Version > 0, a with { Version = now.Of(a.Owner).Allowance(a.Kind).Version });
    }

    static void Unlink(Changes changes)
    {
        if (changes.Seal is { } seal)
            changes.SealAs(seal.Lane, new SealHead(seal.Number - 1, new byte[32], seal.AtMs), DateTimeOffset.FromUnixTimeMilliseconds(seal.AtMs));
    }

    static void RefundOneLess(Changes changes)
    {
        if (!changes.Riders.TryGetValue(RefundRow.Table, out var rows))
            return;
        for (var i = 0; i < rows.Count; i++)
            rows[i] = (RefundRow)rows[i] with { AmountYen = ((RefundRow)rows[i]).AmountYen - 1 };
    }

    static void MoveRefunds(Changes changes)
    {
        if (changes.Riders.TryGetValue(RefundRow.Table, out var rows))
            rows[0] = (RefundRow)rows[0] with { PaymentId = ((RefundRow)rows[0]).EntryId };
    }

    /// <summary>Points of a refund go to a lot of their own that lives for ever.</summary>
    static async Task ReturnLater(Changes changes, LedgerStore store)
    {
        const int Far = 20991231;
        var refunds = changes.Entries.Where(e => e.Kind == EntryKind.Refund).Select(e => e.Id).ToHashSet();
        for (var i = 0; i < changes.Postings.Count; i++)
        {
            if (changes.Postings[i] is not { Book: Book.Points, Amount: > 0 } p || !refunds.Contains(p.EntryId))
                continue;
            var at = changes.Guarded.FindIndex(g => g.Owner == p.Owner && g.Book == Book.Points && g.Term == p.Term);
            if (at < 0 || changes.Guarded.Any(g => g.Owner == p.Owner && g.Term == Far))
                continue;
            changes.Postings[i] = p with { Term = Far };
            var was = changes.Guarded[at];
            changes.Guarded[at] = was with { After = was.After - p.Amount };
            if (changes.Guarded[at].After == was.Before)
                changes.Guarded.RemoveAt(at);
            var wanted = new Wanted();
            wanted.Owners.Add(p.Owner);
            var far = (await store.Load(wanted, CancellationToken.None)).Standing.Of(p.Owner).Balance(Book.Points, Far);
            changes.Guarded.Add(new GuardedChange(p.Owner, Book.Points, Far, far > 0, far, far + p.Amount));
        }
    }

    sealed class ByRule(Func<Programme, Programme> rule) : Planted
    {
        public override Programme Programme(Programme programme) => rule(programme);
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

        public override async Task<Known> Load(Wanted wanted, CancellationToken ct)
        {
            await _writing;
            return await Store.Load(wanted, ct);
        }

        public override Task Commit(Changes changes, Func<DbTransaction, CancellationToken, Task>? alongside, CancellationToken ct)
        {
            _writing = Write(changes, alongside);
            return Task.CompletedTask;
        }

        async Task Write(Changes changes, Func<DbTransaction, CancellationToken, Task>? alongside)
        {
            for (var turns = 0; turns < 6; turns++)
                await Place.Yield();
            try
            {
                await Store.Commit(changes, alongside, CancellationToken.None);
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
        public override async Task Commit(Changes changes, Func<DbTransaction, CancellationToken, Task>? alongside, CancellationToken ct)
        {
            if (!world.Weather.Strikes(Fault.Torn))
            {
                await Store.Commit(changes, alongside, ct);
                return;
            }
            changes.Guarded.Clear();
            await Store.Commit(changes, alongside, ct);
            throw new IOException("the transaction died half way");
        }
    }
}

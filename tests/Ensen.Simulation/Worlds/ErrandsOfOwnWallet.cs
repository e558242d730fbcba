using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Simulation.Audit;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Simulation.Worlds;

/// <summary>What stops and bounds a wallet: freezes of operators and of its member, thaws, the member's own caps.</summary>
sealed partial class Errands
{
    /// <summary>The operator freezes a member, or thaws; what the member did stays.</summary>
    async Task<IReadOnlyList<Deed>> Operate()
    {
        var (who, frozen) = (Somebody, RandomSource.Next(5) == 0);
        var client = new Client(world, "operator");
        var seen = await client.Ask($"sets {who.Name} to frozen {frozen}", async node =>
        {
            var by = Decider.Operator("operator");
            await node.Db.Transact(async tx =>
            {
                var now = node.Clock.Now();
                foreach (var inForce in (await Restrictions.Hold(tx, node.Db.Catalogue, who.Id, now)).Where(r => r.By == by))
                    await Restrictions.Lift(tx, inForce, new Lifting(now, by, "thawed"));
                if (frozen)
                    await Restrictions.Add(
                        tx, new Restriction(Id.New<RestrictionId>(now), who.Id, RestrictionKind.Frozen, "frozen", by, now, null));
                return true;
            });
            return await Movements(node, who);
        });
        return Unheard.Before(frozen ? new Froze(who.Id, BySelf: false, seen) : new OperatorThawed(who.Id), client.Attempts);
    }

    /// <summary>A member freezes the own wallet, now and then while paying from it.</summary>
    async Task<IReadOnlyList<Deed>> Freeze()
    {
        var who = Somebody;
        async Task<IReadOnlyList<Deed>> Press()
        {
            var client = new Client(world, who.Name);
            var seen = await client.Ask("freezes the own wallet", async node =>
            {
                await node.Get<Thaw>().Freeze(who.Payer.MemberId, "phone");
                return await Movements(node, who);
            });
            return Unheard.Before(new Froze(who.Id, BySelf: true, seen), client.Attempts);
        }
        if (world.IsCalm || RandomSource.Next(3) == 0)
            return await Press();
        var (shop, amount) = (SomeShop, SomeAmount());
        var printed = await new Client(world, who.Name).Ask(
            $"scans the code of {shop.Store.Name}", node => node.Meet.ByQr(ResolvePayee.PrintedCode(shop.Store)));
        var deeds = await Task.WhenAll(Pay(who, shop, printed.Value!, amount, 0), Press());
        return [.. deeds.SelectMany(d => d)];
    }

    /// <summary>The ids of what moved last, as the member sees it.</summary>
    static async Task<HashSet<Guid>> Movements(Node node, Resident who) =>
        [.. (await node.History.Of(who.Payer.MemberId, null, 40)).Select(item => item.EntryId.Value)];

    async Task<IReadOnlyList<Deed>> Thaw()
    {
        var (who, proven) = (Somebody, RandomSource.Next(4) > 0);
        var client = new Client(world, who.Name);
        var answer = await client.Ask($"thaws the own wallet, proven {proven}", async node => await node.Get<Thaw>().Run(
            new ThawRequest(who.Payer.MemberId, await Prove(node, who, proven, Ensen.Operations.Thaw.Purpose), "phone")));
        return Unheard.Before(new Thawed(who.Id, proven, answer.Accepted ? null : answer.Refusal.ToString(), client.Attempts,
            client.Sent, client.Answered), client.Attempts);
    }

    /// <summary>
    /// Somebody who is to leave spends what is left and goes, while somebody else sends them money, a shop gives some back, they pay with
    /// their last points, charge, or sign in on another phone. Whoever is kept by that tries again another time.
    /// </summary>
    async Task<IReadOnlyList<Deed>> Leave()
    {
        if (town.Leavers.Count == 0)
            return await AskAgain();
        var who = town.Leavers.Dequeue();
        var deeds = new List<Deed>();
        var shop = SomeShop;
        var printed = (await new Client(world, who.Name).Ask(
            $"scans the code of {shop.Store.Name}", node => node.Meet.ByQr(ResolvePayee.PrintedCode(shop.Store)))).Value!;
        if ((await Wallet()).Balance.Value is var left and > 0)
            deeds.AddRange(await Pay(who, shop, printed, left, 0));
        deeds.AddRange(await Going(who, shop, printed, town.Sales.LastOrDefault(s => deeds.OfType<Request>().Any(d => d.Entry == s.Id)),
            (await Wallet()).Points.Value));
        if (!deeds.OfType<Audit.Leaving>().Single().HasLeft)
            town.Leavers.Enqueue(who);
        return deeds;

        Task<WalletBalance> Wallet() => new Client(world, who.Name).Ask("looks into the wallet", node => node.Balances.Of(who.Payer));
    }

    /// <summary>Somebody goes, and at the same moment some of what can come between happens.</summary>
    async Task<IReadOnlyList<Deed>> Going(Resident who, Shop shop, ResolvedPayee printed, Sale? sale, long points)
    {
        var (from, sent) = (Somebody, 1 + RandomSource.Next(5_000));
        var all = new List<Func<Task<IReadOnlyList<Deed>>>> { () => One(Go(who)) };
        void MayBe(Func<Task<IReadOnlyList<Deed>>> other)
        {
            if (RandomSource.Next(3) == 0)
                all.Add(other);
        }
        MayBe(() => One(Transfer(from, who, sent, NewKey())));
        MayBe(() => SignIn(who, $"{who.Name}'s phone {++_phones}"));
        if (sale is not null)
            MayBe(() => One(Refund(sale, shop, 1, NewKey())));
        if (points > 0)
            MayBe(() => Pay(who, shop, printed, points, points));
        MayBe(() => One(Charge(who, RandomSource.Next(2) == 0 ? ChargeSource.Bank : ChargeSource.Card, 2_000, NewKey())));
        var deeds = new List<Deed>();
        if (world.IsCalm)
            foreach (var one in all)
                deeds.AddRange(await one());
        else
            deeds.AddRange((await Task.WhenAll(all.Select(one => one()))).SelectMany(d => d));
        // Later, when nobody is there any more.
        _old.Add(() => Transfer(from, who, sent, NewKey()));
        _old.Add(() => Charge(who, ChargeSource.Card, 2_000, NewKey()));
        return deeds;
    }

    static async Task<IReadOnlyList<Deed>> One(Task<Deed> deed) => [await deed];

    async Task<Deed> Go(Resident who)
    {
        var answer = await new Client(world, who.Name).Ask("leaves", async node =>
        {
            var member = who.Payer.MemberId;
            var said = await node.Get<LeaveProgramme>().Run(new LeaveRequest(member, Confirmed: true,
                await Prove(node, who, proven: true, LeaveProgramme.Purpose), IdempotencyKey.Of(who.Id, NewKey(), "leaving")));
            await using var connection = await node.Db.Connect();
            return (Said: said, HasLeft: await Restrictions.Holds(connection, who.Id, RestrictionKind.Left, node.Clock.GetUtcNow()));
        });
        return new Audit.Leaving(who.Id, answer.HasLeft, answer.Said.Accepted ? null : answer.Said.Refusal.ToString());
    }

    /// <summary>A member changes the own caps; now and then low, and up again while paying more than the low cap lets pass.</summary>
    async Task<IReadOnlyList<Deed>> ChangeOwnCaps()
    {
        const int Low = 1_000;
        var (who, proven) = (Somebody, RandomSource.Next(4) > 0);
        long? SomeCap(int most) => RandomSource.Next(3) == 0 ? null : Low * (1L + RandomSource.Next(most));
        var wish = new CapSet(SomeCap(50), SomeCap(50), SomeCap(100));
        if (world.IsCalm || RandomSource.Next(2) == 0)
            return await ChangeOwnCaps(who, wish, proven);
        var (shop, amount) = (SomeShop, Low + 1 + RandomSource.Next(5_000));
        var printed = await new Client(world, who.Name).Ask(
            $"scans the code of {shop.Store.Name}", node => node.Meet.ByQr(ResolvePayee.PrintedCode(shop.Store)));
        Task<IReadOnlyList<Deed>> PayMore() => Pay(who, shop, printed.Value!, amount, 0);
        List<Deed> deeds = [.. await ChangeOwnCaps(who, new CapSet(Low, wish.Day, wish.Month), proven)];
        foreach (var some in await Task.WhenAll(ChangeOwnCaps(who, wish with { Each = null }, proven), PayMore()))
            deeds.AddRange(some);
        return [.. deeds, .. await PayMore()];
    }

    async Task<IReadOnlyList<Deed>> ChangeOwnCaps(Resident who, CapSet wish, bool proven)
    {
        var client = new Client(world, who.Name);
        var answer = await client.Ask($"asks for the own caps {wish}, proven {proven}", async node =>
            await node.Get<ChangeOwnCaps>().Run(new OwnCapsRequest(
                who.Payer, new OwnCaps(wish.Each?.Yen(), wish.Day?.Yen(), wish.Month?.Yen()),
                await Prove(node, who, proven, Ensen.Wallet.ChangeOwnCaps.Purpose))));
        var asked = new Capped(who.Id, wish, proven, !answer.Accepted, answer.Value?.Ahead?.From, client.Sent, client.Answered);
        var mayWait = client.Windows.SelectMany(w => new[] { w.From, w.To }).Append(client.Sent).Distinct()
            .Select(at => asked with { Refused = false, From = at.AddHours(24) });
        return Unheard.Before(asked, client.Attempts, [asked with { Refused = false, From = null }, .. mayWait]);
    }

    /// <summary>The member's own session, proven just now; or one of somebody who only has its token.</summary>
    static async Task<StepUpProof> Prove(Node node, Resident who, bool proven, StepUpPurpose purpose)
    {
        var caller = new Caller(proven ? who.Session : new SessionId(who.Id), Subject.Member(who.Id), who.Id);
        if (proven)
            await node.Db.Transact(tx => node.Get<StepUp>().Mark(tx, caller, purpose));
        return new StepUpProof(caller);
    }
}

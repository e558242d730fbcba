using Ensen.Access;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Simulation.Audit;
using Ensen.Wallet;

namespace Ensen.Simulation.Worlds;

/// <summary>A phone that somebody signed in on after their first one.</summary>
sealed record Phone(Resident Owner, string Name, SessionId Session);

/// <summary>Phones are lost: their members sign in on new ones, throw the old ones out, and whoever found one pays with it.</summary>
sealed partial class Errands
{
    /// <summary>A member signs in on a new phone, and now and then throws an older one out there.</summary>
    async Task<IReadOnlyList<Deed>> LosePhone()
    {
        var who = Somebody;
        var (name, lost) = ($"{who.Name}'s phone {++_phones}", town.Phones.Where(p => p.Owner == who).ToList());
        var signedIn = await SignIn(who, name, session => town.Phones.Add(new Phone(who, name, session)));
        return lost.Count == 0 || RandomSource.Next(3) == 0 ? signedIn
            : [.. signedIn, .. await ThrowOut(lost[RandomSource.Next(lost.Count)])];
    }

    /// <summary>Whoever has left meanwhile signs in no more; whoever was in it already may come in a moment after leaving.</summary>
    async Task<IReadOnlyList<Deed>> SignIn(Resident who, string name, Action<SessionId>? opens = null)
    {
        var client = new Client(world, who.Name);
        var opened = await client.Ask($"signs in on {name}", async node =>
            await node.Get<MemberDirectory>().Find(who.Payer.MemberId) is not { HasLeft: false } member ? null
            : await node.Db.Transact(tx => node.Get<OpenMemberSession>().Run(tx, member, name, isKnown: false, AssuranceLevel.Password)));
        if (opened is not null)
            opens?.Invoke(opened.Caller.Session);
        var signedIn = new SignedInOnNewPhone(who.Id, name, client.Sent, client.Answered);
        return opened is not null ? Unheard.Before(signedIn, client.Attempts) : client.Attempts > 1 ? [new Unheard([signedIn])] : [];
    }

    async Task<IReadOnlyList<Deed>> ThrowOut(Phone phone)
    {
        var client = new Client(world, phone.Owner.Name);
        await client.Ask($"throws {phone.Name} out", async node =>
        {
            await node.Sessions.End(Subject.Member(phone.Owner.Id), phone.Session);
            await world.Planted.ThrownOut(node, phone.Session);
            return true;
        });
        return Unheard.Before(new ThrewPhoneOut(phone.Name, client.Answered), client.Attempts);
    }

    /// <summary>Somebody who has the phone, whose ever it is by now, pays with it; now and then while its member throws it out.</summary>
    async Task<IReadOnlyList<Deed>> PayOnAPhone()
    {
        if (town.Phones.Count == 0)
            return await LosePhone();
        var (phone, shop, amount) = (town.Phones[RandomSource.Next(town.Phones.Count)], SomeShop, SomeAmount());
        if (world.IsCalm || RandomSource.Next(4) > 0)
            return await Pay();
        var deeds = await Task.WhenAll(Pay(), ThrowOut(phone));
        return [.. deeds.SelectMany(d => d)];

        async Task<IReadOnlyList<Deed>> Pay()
        {
            var client = new Client(world, phone.Owner.Name);
            // From the database: what a node keeps in memory of a session, for two seconds, is looked at by tests of its own.
            var isIn = await client.Ask($"asks with {phone.Name}", node =>
                node.Sessions.IsOpen(Subject.Member(phone.Owner.Id), phone.Session));
            var door = new AskedOnPhone(phone.Name, isIn, client.Sent, client.Answered);
            if (!isIn)
                return [door];
            var printed = await client.Ask(
                $"scans the code of {shop.Store.Name}", node => node.Meet.ByQr(ResolvePayee.PrintedCode(shop.Store)));
            return [door, .. await this.Pay(phone.Owner, shop, printed.Value!, amount, 0)];
        }
    }
}

using Ensen.Basics;
using Ensen.Links;
using Ensen.Simulation.Audit;
using Ensen.Storage;

namespace Ensen.Simulation.Worlds;

/// <summary>Members send money by link, claim what others sent, their own too, and take links back.</summary>
sealed partial class Errands
{
    Task<IReadOnlyList<Deed>> AboutLinks() => town.Links.Count == 0 ? MakeLink() : RandomSource.Next(6) switch
    {
        < 2 => MakeLink(),
        < 5 => ClaimLink(),
        _ => TakeLinkBack(),
    };

    async Task<IReadOnlyList<Deed>> MakeLink()
    {
        var (who, amount, key) = (Somebody, Math.Min(100_001, SomeAmount()), NewKey());
        Task<Deed> Send(string with) => MakeLink(who, amount, with);
        _old.Add(() => Send(key));
        return RandomSource.Next(4) switch
        {
            0 => await Both(() => Send(key), () => Send(key)),
            1 => await Both(() => Send(key), () => Send(NewKey())),
            _ => [await Send(key)],
        };
    }

    async Task<Deed> MakeLink(Resident who, long amount, string key)
    {
        var client = new Client(world, who.Name);
        var (answer, token) = await client.Ask(FormattableString.Invariant($"sends {amount} by link, key {key}"), async node =>
        {
            var said = await node.Get<CreateLink>().Run(new CreateLinkRequest(
                who.Payer, amount.Yen(), null, [IdempotencyKey.Of(who.Id, key, "link", amount)]));
            var links = node.Get<MoneyLinks>();
            return (said, said.Accepted ? links.TokenOf((await links.Of(who.Payer.MemberId, said.Value.LinkId))!) : null);
        });
        if (answer.Value is { } made && town.Links.All(l => l.Id != made.LinkId.Value))
            town.Links.Add((who, made.LinkId, token!));
        return Told(client, $"{who.Name} sends {amount} by link, {key}", [who.Id], [new Key($"{who.Id} {key}")],
            FormattableString.Invariant($"link {amount}"),
            answer.Value is { } l ? FormattableString.Invariant($"linked {l.Amount}, {l.Balance} left") : answer.Refusal.ToString(),
            answer, answer.Value?.LinkId, answer.Value?.At,
            (books, day) => Rules.AtSomeMoment(books, who.Id, client.Sent, client.Answered, client.Answered,
                b => Rules.MakeLink(b, who.Id, amount, day, answer.Value?.LinkId ?? Guid.Empty, answer.Value?.At ?? client.Sent),
                said => said.StartsWith(answer.Accepted ? "linked" : answer.Refusal.ToString(), StringComparison.Ordinal)));
    }

    async Task<IReadOnlyList<Deed>> ClaimLink()
    {
        var (link, who, key) = (town.Links[RandomSource.Next(town.Links.Count)], Somebody, NewKey());
        Task<Deed> Press(Resident by, string with) => ClaimLink(by, link, with);
        _old.Add(() => Press(who, key));
        return RandomSource.Next(4) switch
        {
            0 => await Both(() => Press(who, key), () => Press(who, key)),
            1 => await Both(() => Press(who, key), () => Press(Somebody, NewKey())),
            2 => await Both(() => Press(who, key), () => TakeLinkBack(link, NewKey())),
            _ => [await Press(who, key)],
        };
    }

    async Task<Deed> ClaimLink(Resident who, (Resident From, Guid Id, string Token) link, string key)
    {
        var client = new Client(world, who.Name);
        var answer = await client.Ask($"claims a link of {link.From.Name}'s, key {key}", node => node.Get<ClaimLink>().Run(
            new ClaimLinkRequest(who.Payer, link.Token, [IdempotencyKey.Of(who.Id, key, "claim", link.Id)])));
        var said = answer.Value is { } c ? FormattableString.Invariant($"claimed {c.Amount}, {c.Balance} held") : answer.Refusal.ToString();
        return Told(client, $"{who.Name} claims a link of {link.From.Name}'s, {key}", [who.Id, link.From.Id, link.Id],
            [new Key($"{who.Id} {key}")], $"claim {link.Id}", said, answer, answer.Value?.ClaimId, answer.Value?.At,
            (books, _) => Rules.ClaimLink(
                books, who.Id, link.Id, answer.Value?.ClaimId ?? Guid.Empty, client.Sent, client.Answered, said));
    }

    async Task<IReadOnlyList<Deed>> TakeLinkBack()
    {
        var (link, key) = (town.Links[RandomSource.Next(town.Links.Count)], NewKey());
        return RandomSource.Next(3) == 0
            ? await Both(() => TakeLinkBack(link, key), () => TakeLinkBack(link, NewKey()))
            : [await TakeLinkBack(link, key)];
    }

    async Task<Deed> TakeLinkBack((Resident From, Guid Id, string Token) link, string key)
    {
        var client = new Client(world, link.From.Name);
        var answer = await client.Ask($"takes a link back, key {key}", node => node.Get<ReturnLink>().Withdraw(
            link.From.Payer.MemberId, new LinkId(link.Id), [IdempotencyKey.Of(link.From.Id, key, "take back", link.Id)]));
        return Told(client, $"{link.From.Name} takes a link back, {key}", [link.From.Id, link.Id], [new Key($"{link.From.Id} {key}")],
            $"take back {link.Id}", answer.Accepted ? "taken back" : answer.Refusal.ToString(), answer, answer.Value?.LinkId.Value, null,
            (books, _) => Rules.TakeLinkBack(books, link.Id));
    }
}

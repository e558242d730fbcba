using Ensen.Basics;
using Ensen.Cards;
using Ensen.Simulation.Audit;
using Ensen.Storage;
using Ensen.Transit;

namespace Ensen.Simulation.Worlds;

/// <summary>Transit cards are unlinked, linked again by whoever has them then, and lapse when nobody uses them.</summary>
sealed partial class Errands
{
    TransitCardHeld SomeCard => town.TransitCards[RandomSource.Next(town.TransitCards.Count)];

    Task<IReadOnlyList<Deed>> AboutTransitCards() => RandomSource.Next(5) switch
    {
        < 2 => UnlinkCard(),
        < 4 => LinkCard(),
        _ => LookAfterCards(),
    };

    async Task<IReadOnlyList<Deed>> UnlinkCard()
    {
        var card = SomeCard;
        return !world.IsCalm && RandomSource.Next(3) == 0 ? await Task.WhenAll(Unlink(card), Unlink(card)) : [await Unlink(card)];
    }

    async Task<Deed> Unlink(TransitCardHeld card)
    {
        var (link, client) = (card.Links.Count - 1, new Client(world, card.Links[^1].Who.Name));
        var (id, who) = card.Links[link];
        var answer = await client.Ask($"unlinks {card.Number}", async node =>
        {
            var said = await node.Get<UnlinkCard<TransitCard, TransitCardId>>().Run(who.Payer.MemberId, id);
            if (said.Accepted)
                await world.Planted.Unlinked(node, id);
            return said;
        });
        if (answer.Accepted)
            card.LetGo = client.Answered;
        return new CardUnlinked(card.Number, link, answer.Value?.RemovedMs is { } ms ? Instant.OfMilliseconds(ms) : null,
            client.Windows, client.Attempts);
    }

    /// <summary>Somebody has the card and shows that it is theirs, now and then two at once, or while it is somebody else's.</summary>
    async Task<IReadOnlyList<Deed>> LinkCard()
    {
        var card = SomeCard;
        return !world.IsCalm && RandomSource.Next(3) == 0
            ? await Task.WhenAll(Link(Somebody, card, NewKey()), Link(Somebody, card, NewKey())) : [await Link(Somebody, card, NewKey())];
    }

    async Task<Deed> Link(Resident who, TransitCardHeld card, string key)
    {
        var client = new Client(world, who.Name);
        var answer = await client.Ask($"links {card.Number}, key {key}", node => node.Get<LinkTransitCard>().Run(
            new LinkTransitCardRequest(who.Payer.MemberId, card.Number, "proof", IdempotencyKey.Of(who.Id, key, "link", card.Number))));
        if (answer.Value is not { } linked)
            return new CardLinked(card.Number, who.Id, answer.Refusal.ToString(), -1, default, default);
        card.LetGo = null;
        var link = card.Links.FindIndex(l => l.Id == linked.Id);
        if (link < 0)
        {
            link = card.Links.Count;
            card.Links.Add((linked.Id, who));
        }
        return new CardLinked(card.Number, who.Id, "linked", link, Instant.OfMilliseconds(linked.LinkedMs),
            Instant.OfMilliseconds(linked.CountsFromMs));
    }

    async Task<IReadOnlyList<Deed>> LookAfterCards()
    {
        var client = new Client(world, "night");
        await client.Ask("lets cards lapse that nobody uses", node => node.Get<LapseTransitCards>().Run());
        return LookedAfter(town, client, client.Sent);
    }

    internal static IReadOnlyList<Deed> LookedAfter(Town town, Client client, DateTimeOffset surely) =>
        [.. town.TransitCards.Select(c => new CardsLookedAfter(c.Number, client.Windows, surely))];
}

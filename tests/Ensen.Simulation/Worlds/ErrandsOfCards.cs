using Ensen.Cards;
using Ensen.Simulation.Audit;
using Ensen.Storage;

namespace Ensen.Simulation.Worlds;

/// <summary>A point card as the town knows it: whose account it is in, and what is on it.</summary>
sealed class CardHeld(string number, long points)
{
    public string Number { get; set; } = number;
    public long Points => points;
    public bool Lapsed { get; set; }
    public PointCardId? Id { get; set; }
    public Resident? Owner { get; set; }

    /// <summary>As which registered card its points were asked for first: its issuer may have closed it for that one.</summary>
    public PointCardId? AskedAs { get; set; }
    public Resident? AskedBy { get; set; }
}

/// <summary>Members register point cards and take their points over; cards are reissued and lapse.</summary>
sealed partial class Errands
{
    Task<IReadOnlyList<Deed>> AboutCards() => RandomSource.Next(7) switch
    {
        < 2 => RegisterCard(),
        < 5 => MigrateCard(),
        5 => GuessPins(),
        _ => ChangeCard(),
    };

    readonly Dictionary<string, List<(DateTimeOffset Sent, DateTimeOffset Answered)>> _guesses = [];

    /// <summary>Somebody tries PINs of a card that they found: of so many a day they hear something, and then nothing.</summary>
    async Task<IReadOnlyList<Deed>> GuessPins()
    {
        if (town.PointCards.Count == 0)
            return await RegisterCard();
        var (who, number) = (Somebody, town.PointCards[RandomSource.Next(town.PointCards.Count)].Number);
        var heard = _guesses.TryGetValue(number, out var known) ? known : _guesses[number] = [];
        for (var n = RandomSource.Next(1, MostGuessesHeard + 4); n > 0; n--)
        {
            var client = new Client(world, "whoever found a card");
            var answer = await client.Ask($"guesses the PIN of {number}", async node =>
            {
                var said = await node.Get<RegisterPointCard>().Run(new RegisterPointCardRequest(who.Payer.MemberId, "umeda", number,
                    "0000", RegisterPointCard.New, who.Session, IdempotencyKey.Of(who.Id, NewKey(), "point card", number)));
                await world.Planted.Guessed(node);
                return said;
            });
            if (answer.Accepted)
                throw new DiscrepancyException("a card was registered with a wrong PIN");
            if (answer.Refusal == RegisterPointCardRefusal.TooManyRequests)
                break;
            if (answer.Refusal == RegisterPointCardRefusal.CardRefused)
                heard.Add((client.Sent, client.Answered));
        }
        for (var at = 0; at + MostGuessesHeard < heard.Count; at++)
            if (heard[at + MostGuessesHeard].Answered - heard[at].Sent < TimeSpan.FromDays(1))
                throw new DiscrepancyException($"of the PIN of {number} more than {MostGuessesHeard} guesses were heard in a day");
        return [];
    }

    /// <summary>Five in a day that begins with the first of them: as the one day ends and the next begins, twice as many.</summary>
    const int MostGuessesHeard = 10;

    /// <summary>A card is registered, now and then in two accounts at once, or once more in another: one of them gets it.</summary>
    async Task<IReadOnlyList<Deed>> RegisterCard()
    {
        var (card, who, key) = (town.PointCards.Find(c => c.Owner is not null && RandomSource.Next(3) == 0), Somebody, NewKey());
        if (card is null)
        {
            var points = RandomSource.Next(4) == 0 ? 0 : 1L + RandomSource.Next(300);
            town.PointCards.Add(card = new CardHeld(world.Outside.IssueCard(points), points));
        }
        if (world.IsCalm || RandomSource.Next(3) > 0)
            return [await Register(who, card, key)];
        return await Task.WhenAll(Register(who, card, key), Register(Somebody, card, NewKey()));
    }

    async Task<Deed> Register(Resident who, CardHeld card, string key)
    {
        var (client, number) = (new Client(world, who.Name), card.Number);
        var answer = await client.Ask($"registers a card, key {key}", node =>
            node.Get<RegisterPointCard>().Run(new RegisterPointCardRequest(
            who.Payer.MemberId, "umeda", number, OutsideWorld.Pin, RegisterPointCard.New, who.Session,
            IdempotencyKey.Of(who.Id, key, "point card", number))));
        if (answer.Value is { } registered)
            (card.Id, card.Owner) = (registered.Id, who);
        return new CardRegistered(number, who.Id, answer.Accepted ? "registered" : answer.Refusal.ToString(), client.Attempts,
            card.Lapsed || card.Number != number);
    }

    async Task<IReadOnlyList<Deed>> MigrateCard()
    {
        if (town.PointCards.FindAll(c => c.Id is not null) is not { Count: > 0 } registered)
            return await RegisterCard();
        var card = registered[RandomSource.Next(registered.Count)];
        return world.IsCalm || RandomSource.Next(3) > 0 ? await Migrate(card)
            : [.. (await Task.WhenAll(Migrate(card), Migrate(card))).SelectMany(d => d)];
    }

    async Task<IReadOnlyList<Deed>> Migrate(CardHeld card)
    {
        var (client, who) = (new Client(world, card.Owner!.Name), card.Owner!);
        // Registered once more by the number it was reissued with, it is another card here until its issuer is asked; its points went with the first.
        var isAsFirst = (card.AskedAs ??= card.Id) == card.Id;
        card.AskedBy ??= who;
        var answer = await client.Ask("takes a card's points over", node =>
            node.Get<MigratePointCard>().Run(who.Payer.MemberId, card.Id!.Value));
        // Its points came with its earlier number, and are told to be here.
        if (!isAsFirst && answer.Value is { Points.Value: 0 })
            return [];
        if (answer.Value is { Points: { } came } && came.Value != card.Points)
            throw new DiscrepancyException($"a card with {card.Points} points brought {came}");
        if (answer.Refusal == MigratePointCardRefusal.CardRefused && !card.Lapsed && isAsFirst)
            throw new DiscrepancyException("a card's issuer refused to give up its points, and it is in order");
        var told = new Audit.CardMigrated(card.AskedAs!.Value, (answer.Value?.Points is null ? card.AskedBy : who).Id, card.Points, client.Days, IsSure: answer.Value?.Points is not null);
        return client.Attempts > 1 ? [told with { IsSure = false }, told] : [told];
    }

    Task<IReadOnlyList<Deed>> ChangeCard()
    {
        if (town.PointCards.FindAll(c => !c.Lapsed) is { Count: > 0 } cards)
        {
            var card = cards[RandomSource.Next(cards.Count)];
            if (RandomSource.Next(4) == 0 && card.AskedAs is null)
            {
                card.Lapsed = true;
                world.Outside.LetLapse(card.Number);
            }
            else
                card.Number = world.Outside.Reissue(card.Number);
            world.Note(card.Lapsed ? "a point card lapses" : "a point card is reissued");
        }
        return Task.FromResult<IReadOnlyList<Deed>>([]);
    }
}

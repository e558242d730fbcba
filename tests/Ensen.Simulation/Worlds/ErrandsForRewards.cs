using Ensen.Basics;
using Ensen.Rewards;
using Ensen.Simulation.Audit;
using Ensen.Storage;

namespace Ensen.Simulation.Worlds;

/// <summary>Members exchange points for rewards, take orders back, and use what they got.</summary>
sealed partial class Errands
{
    Task<IReadOnlyList<Deed>> AboutRewards() => town.Orders.Count == 0 ? OrderReward() : RandomSource.Next(6) switch
    {
        < 3 => OrderReward(),
        < 5 => TakeBack(),
        _ => UseReward(),
    };

    async Task<IReadOnlyList<Deed>> OrderReward()
    {
        var (who, reward) = (Somebody, town.Rewards[RandomSource.Next(town.Rewards.Count)]);
        var (quantity, key) = (1 + RandomSource.Next(2), NewKey());
        Task<Deed> Send(Resident by, string with) => Order(by, reward, quantity, with);
        _old.Add(() => Send(who, key));
        return RandomSource.Next(5) switch
        {
            0 => await Both(() => Send(who, key), () => Send(who, key)),
            1 => await Both(() => Send(who, key), () => Send(who, NewKey())),
            2 => await Both(() => Send(who, key), () => Send(Somebody, NewKey())),
            _ => [await Send(who, key)],
        };
    }

    async Task<Deed> Order(Resident who, RewardOffered reward, int quantity, string key)
    {
        var client = new Client(world, who.Name);
        var answer = await client.Ask($"orders {quantity} of {reward.Name}, key {key}", node =>
            node.Get<OrderReward>().Run(new OrderRewardRequest(who.Payer, new RewardId(reward.Id), quantity,
                IdempotencyKey.Of(who.Id, key, "reward order", reward.Id, quantity))));
        if (answer.Value is { } ordered && town.Orders.All(o => o.Id != ordered.OrderId.Value))
            town.Orders.Add((who, ordered.OrderId.Value));
        var said = answer.Value is { } done ? FormattableString.Invariant($"ordered for {done.Points} points and {done.Yen} yen")
            : answer.Refusal.ToString();
        return Told(client, $"{who.Name} orders {quantity} of {reward.Name}, {key}", [who.Id, "rewards"], [new Key($"{who.Id} {key}")],
            $"reward {reward.Id} {quantity}", said, answer, answer.Value?.OrderId.Value,
            answer.Value is { } o ? Id.TimeOf(o.OrderId) : null,
            (books, day) => Rules.AtSomeMoment(books, who.Id, client.Sent, client.Answered, client.Answered,
                b => Decided(b, day), s => s == said)) with
        {
            IsOfTheDoor = answer.Refusal == OrderRewardRefusal.OutOfStock,
        };

        (string Said, Books After) Decided(Books books, int day) =>
            Rules.OrderReward(books, who.Id, reward, quantity, day, answer.Value?.OrderId.Value ?? Guid.Empty) is var strict
            && strict.Said == "OutOfStock" && !answer.Accepted
            && Rules.OrderReward(books, who.Id, reward, quantity, day, Guid.Empty, seen: quantity) is var seen && seen.Said == said
                ? seen : strict;
    }

    /// <summary>Whether it comes back is the partner's word, and looked at when all is quiet.</summary>
    async Task<IReadOnlyList<Deed>> TakeBack()
    {
        var (who, order) = town.Orders[RandomSource.Next(town.Orders.Count)];
        Task<Answer<RewardOrder, CancelRewardRefusal>> Press() => new Client(world, who.Name).Ask("takes an order back", node =>
            node.Get<CancelReward>().Run(who.Payer.MemberId, new RewardOrderId(order)));
        if (!world.IsCalm && RandomSource.Next(3) == 0)
            await Task.WhenAll(Press(), Press());
        else
            await Press();
        return [];
    }

    Task<IReadOnlyList<Deed>> UseReward()
    {
        var (who, order) = town.Orders[RandomSource.Next(town.Orders.Count)];
        world.Note($"{who.Name} uses what was ordered");
        world.Outside.Use(order);
        return Task.FromResult<IReadOnlyList<Deed>>([]);
    }
}

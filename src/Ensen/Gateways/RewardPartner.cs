namespace Ensen.Gateways;

/// <summary>
/// Whoever gives out what points are exchanged for: tickets, nights, meals. The id of an order makes the partner act once, however often
/// it is asked.
/// </summary>
public interface IRewardPartner
{
    /// <summary>Issues what was ordered. Sent again with the same id it answers as before; after a void it is refused for good.</summary>
    Task<Reply> Issue(RewardIssue issue, CancellationToken ct);

    /// <summary>How an order stands; issues nothing.</summary>
    Task<RewardStanding> Ask(Guid orderId, CancellationToken ct);

    /// <summary>
    /// Takes back what was issued, or sees to it that nothing is any more. Accepted: nobody can use it. Refused: it was used, or is kept.
    /// </summary>
    Task<Reply> Void(Guid orderId, CancellationToken ct);

    /// <summary>Whom to ring when the partner calls back. Registered once, at start.</summary>
    void WhenNews(NewsOfRequest hear);
}

/// <summary>So many of a reward, for one order; who ordered it is not the partner's business.</summary>
public sealed record RewardIssue(Guid OrderId, Guid RewardId, string Title, int Quantity);

/// <summary>What the partner says of an order; <paramref name="Used"/>: what was issued was used.</summary>
public readonly record struct RewardStanding(Reply Reply, bool Used = false);

using Ensen.Basics;

namespace Ensen.Gateways;

/// <summary>Charges registered credit cards, each time only with a 3-D Secure result for that very charge.</summary>
public interface ICardCompany
{
    /// <summary>The card this member has registered, or null.</summary>
    Task<RegisteredCard?> CardOf(Guid holder, CancellationToken ct);

    /// <summary>
    /// Has the cardholder proved to be the cardholder (3-D Secure) for this request. Unknown while the holder or the bank takes time.
    /// </summary>
    Task<CardholderProof> Authenticate(CardPurchase purchase, CancellationToken ct);

    /// <summary>
    /// Charges the card. Sent again with the same id it answers as before; without the proof of this very purchase it is refused.
    /// </summary>
    Task<Reply> Charge(CardPurchase purchase, string? proof, CancellationToken ct);

    /// <summary>What became of a charge; takes nothing.</summary>
    Task<Reply> Ask(Guid requestId, CancellationToken ct);

    /// <summary>Whom to ring when the card company calls back. Registered once, at start.</summary>
    void WhenNews(NewsOfRequest hear);
}

/// <summary>A registered card: the card company's token and the last four digits. The number itself never reaches us.</summary>
public sealed record RegisteredCard(string Token, string Brand, string LastFour);

/// <summary>One purchase by card; authentication and charge name the same.</summary>
public sealed record CardPurchase(Guid RequestId, string CardToken, Yen Amount);

/// <summary>The 3-D Secure result. The proof is there when it was accepted, and is good for this purchase only.</summary>
public readonly record struct CardholderProof(Reply Reply, string? Proof);

using Ensen.Cards;
using Ensen.Members;

namespace Ensen.CreditCards;

/// <summary>
/// A credit card that a member linked. <paramref name="Card"/> is a hash of the card company's own name for it; what counts are its
/// purchases.
/// </summary>
public sealed record CreditCard(
    CreditCardId Id, MemberId Member, Guid Card, string LastFour, long LinkedMs, long CountsFromMs, long? RemovedMs, string Brand)
    : LinkedCard<CreditCardId>(Id, Member, Card, LastFour, LinkedMs, CountsFromMs, RemovedMs)
{
    /// <summary>As people see it.</summary>
    public string Masked => $"{Brand} ****{LastFour}";
}

/// <summary>The credit cards that are linked.</summary>
public static class LinkedCreditCards
{
    public static CardLinks<CreditCard, CreditCardId> Links { get; } = new("credit_card", "brand");
}

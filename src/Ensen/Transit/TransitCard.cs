using Ensen.Cards;
using Ensen.Gateways;
using Ensen.Members;

namespace Ensen.Transit;

/// <summary>
/// A transit card that a member linked. <paramref name="Card"/> is the hash of its number, <paramref name="Token"/> the transit company's
/// own name for it; what counts are its rides.
/// </summary>
/// <param name="Lapsed">It was removed because nobody used it.</param>
public sealed record TransitCard(
    TransitCardId Id, MemberId Member, Guid Card, string LastFour, long LinkedMs, long CountsFromMs, long? RemovedMs, string Token,
    TransitCardForm Form, long LookMs, bool Lapsed)
    : LinkedCard<TransitCardId>(Id, Member, Card, LastFour, LinkedMs, CountsFromMs, RemovedMs)
{
    /// <summary>As people see it: the number is not shown.</summary>
    public string Masked => $"****{LastFour}";
}

/// <summary>The transit cards that are linked.</summary>
public static class TransitCards
{
    public static CardLinks<TransitCard, TransitCardId> Links { get; } = new("transit_card", "token", "form", "look_ms", "lapsed");
}

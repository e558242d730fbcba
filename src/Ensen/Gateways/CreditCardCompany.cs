namespace Ensen.Gateways;

/// <summary>
/// The company of the programme's credit cards. It gives its customer a token for linking a card, once; what it says for that names the
/// card by a name of its own. A card's number is never asked for, told or kept. Its purchases come as files.
/// </summary>
public interface ICreditCardCompany
{
    /// <summary>
    /// Whose card is meant by a token. Sent again with the same id it answers as before; with another one the token is used
    /// (<c>token_used</c>).
    /// </summary>
    Task<CreditCardLinkReply> Link(CreditCardLinkOrder order, CancellationToken ct);
}

/// <summary>An order to link the card for which the company made this token.</summary>
public sealed record CreditCardLinkOrder(Guid RequestId, string LinkToken);

/// <summary>What the company said to that; the card where it accepted.</summary>
public sealed record CreditCardLinkReply(Reply Reply, NamedCreditCard? Card = null);

/// <summary>A card as its company names it: an opaque reference, and what people know it by.</summary>
public sealed record NamedCreditCard(string Reference, string Brand, string LastFour);

using Ensen.Basics;

namespace Ensen.Gateways;

/// <summary>
/// The company that issues transit cards: it says whose a card is, and puts value on it. The id of a request makes it act once, however
/// often it is sent.
/// </summary>
public interface ITransitCompany
{
    /// <summary>Asks whether the proof is that of the card's holder. Sent again with the same id it answers as before.</summary>
    Task<TransitLinkReply> Link(TransitLinkOrder order, CancellationToken ct);

    /// <summary>Puts the amount on the card. Sent again with the same id it answers as before.</summary>
    Task<Reply> Charge(TransitLoad load, CancellationToken ct);

    /// <summary>What became of a charge; puts nothing on the card.</summary>
    Task<Reply> Ask(Guid requestId, CancellationToken ct);

    /// <summary>Whom to ring when the company calls back. Registered once, at start.</summary>
    void WhenNews(NewsOfRequest hear);
}

/// <summary>What a transit card is made of.</summary>
public enum TransitCardForm : short
{
    Plastic = 1,

    /// <summary>On a telephone.</summary>
    Mobile = 2,
}

/// <summary>An order to link a card: its number, and what its holder alone can show.</summary>
public sealed record TransitLinkOrder(Guid RequestId, string Number, string Proof);

/// <summary>
/// What the company said to that: its own token for the card. Whether there is no such card or another proof, the refusal is the same.
/// </summary>
public sealed record TransitLinkReply(Reply Reply, string? Token = null, TransitCardForm Form = TransitCardForm.Plastic);

/// <summary>An order to put value on a linked card.</summary>
public sealed record TransitLoad(Guid RequestId, string CardToken, Yen Amount);

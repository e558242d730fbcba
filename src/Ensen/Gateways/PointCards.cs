using Ensen.Basics;

namespace Ensen.Gateways;

/// <summary>A company that issued point cards, and what its cards look like.</summary>
/// <param name="Beginning">What each of its numbers begins with; together with the length no number is of two issuers.</param>
/// <param name="PinLength">Digits of the PIN; 0 where its cards have none.</param>
/// <param name="HasCheckDigit">The last digit is a check digit (Luhn).</param>
public sealed record PointCardIssuer(
    string Code, string Name, string EnglishName, string Beginning, int NumberLength, int PinLength, bool HasCheckDigit)
{
    public string NameIn(Language language) => language.ReadsJapanese ? Name : EnglishName;
}

/// <summary>How a card stands with its issuer.</summary>
public enum PointCardStanding
{
    /// <summary>There is no such card, or the PIN is another.</summary>
    NotConfirmed = 1,
    InForce = 2,

    /// <summary>The membership has ended.</summary>
    Lapsed = 3,
}

/// <summary>What an issuer says of a card.</summary>
/// <param name="IsMember">The card is registered with the issuer's own programme already.</param>
/// <param name="OwnerKana">Whose card it is; null where the issuer does not know.</param>
/// <param name="ReissuedAs">The number that took the place of the one that was asked for.</param>
public sealed record PointCardFinding(
    PointCardStanding Standing, bool IsMember = false, string? OwnerKana = null, string? ReissuedAs = null)
{
    public static PointCardFinding NotConfirmed { get; } = new(PointCardStanding.NotConfirmed);
}

/// <summary>What an issuer says to closing a card's old balance; <paramref name="Points"/>: what was on it, where it is accepted.</summary>
public sealed record PointCardClosing(Reply Reply, long Points = 0);

/// <summary>The issuers of point cards, as one gateway reaches them.</summary>
public interface IPointCardIssuers
{
    IReadOnlyList<PointCardIssuer> All { get; }

    /// <summary>Whether there is such a card and this is its PIN. Null: no answer in time.</summary>
    Task<PointCardFinding?> Look(string issuer, string number, string? pin, CancellationToken ct);

    /// <summary>How a card that was registered here stands now. Null: no answer in time.</summary>
    Task<PointCardFinding?> Reload(string issuer, string number, CancellationToken ct);

    /// <summary>
    /// Ends the card's own balance and says what was on it. Sent again with the same id it does nothing more and answers as before, so what
    /// timed out is asked again.
    /// </summary>
    Task<PointCardClosing> Close(Guid requestId, string issuer, string number, CancellationToken ct);
}

/// <summary>Stands where no issuer is set up: there are no cards to register.</summary>
public sealed class NoPointCardIssuers : IPointCardIssuers
{
    public IReadOnlyList<PointCardIssuer> All => [];

    public Task<PointCardFinding?> Look(string issuer, string number, string? pin, CancellationToken ct) =>
        Task.FromResult<PointCardFinding?>(PointCardFinding.NotConfirmed);

    public Task<PointCardFinding?> Reload(string issuer, string number, CancellationToken ct) => Task.FromResult<PointCardFinding?>(null);

    public Task<PointCardClosing> Close(Guid requestId, string issuer, string number, CancellationToken ct) =>
        Task.FromResult(new PointCardClosing(Reply.Unknown));
}

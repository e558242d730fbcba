namespace Ensen.Basics;

/// <summary>
/// Points for what is bought with the programme's credit card, per calendar month: so much of all purchases, and so much of
/// what was charged to a transit card with it.
/// </summary>
public sealed record CreditCardRules
{
    public long BasePermille { get; init; } = 5;

    /// <summary>Of charges to a transit card, in place of the base.</summary>
    public long TransitPermille { get; init; } = 15;

    /// <summary>From this day of the following month on a month's points are posted.</summary>
    public int PostsOnDay { get; init; } = 2;

    /// <summary>Most cards of one member.</summary>
    public int MostCards { get; init; } = 5;
}

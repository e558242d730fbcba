using Ensen.Gateways;

namespace Ensen.Sandbox.Gateways;

/// <summary>A card before the gates: where and when it went in, null of one that is outside.</summary>
public sealed record GateCard(string Number, string Proof, TransitCardForm Form, string? Station, DateTimeOffset? InAt);

/// <summary>
/// A ride as the gates told it; a gate that was missed has neither. <paramref name="Said"/>: <c>accepted</c>, <c>duplicate</c> or
/// <c>refused</c>, null before it is told.
/// </summary>
public sealed record GateRide(
    Guid Id, string Card, string? From, string? To, long Fare, DateTimeOffset? InAt, DateTimeOffset? OutAt, string? Said);

/// <summary>What goes wrong at gates, and can be played.</summary>
public enum GateCase
{
    /// <summary>Somebody goes in, and no gate saw them come out.</summary>
    MissedOut = 1,

    /// <summary>What was told last is told once more.</summary>
    ToldTwice = 2,

    /// <summary>A ride of days ago arrives now.</summary>
    Late = 3,

    /// <summary>A ride of last night: in before midnight, out after it.</summary>
    OverMidnight = 4,
}

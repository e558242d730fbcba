using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>What somebody under a restriction may not do; declared by the module that decides by it.</summary>
/// <param name="number">In the books, for ever.</param>
public sealed class RestrictionKind(short number, string name) : INumbered
{
    public short Number { get; } = number;
    public string Name { get; } = name;

    public override string ToString() => Name;
}

/// <summary>
/// What an owner of accounts may not do, why, and by whose word. Decisions see it in the same atomic step as balances and limits, so no
/// movement that was decided before it is posted after it.
/// </summary>
/// <param name="By">The operator, as the installation knows people.</param>
/// <param name="Until">It is over at this instant by itself; null: only when it is lifted.</param>
/// <param name="Lifted">When, by whom and why it was lifted; null while it is not.</param>
public sealed record Restriction(
    RestrictionId Id, Guid Subject, RestrictionKind Kind, string Reason, string By, DateTimeOffset From, DateTimeOffset? Until,
    Lifting? Lifted = null)
{
    public bool HoldsAt(DateTimeOffset now) => Lifted is null && !(Until <= now);
}

/// <summary>Somebody ended a restriction before its time.</summary>
public sealed record Lifting(DateTimeOffset At, string By, string Reason);

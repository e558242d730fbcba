using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>What somebody under a restriction may not do; declared by the module that decides by it.</summary>
/// <param name="number">In the books, for ever.</param>
/// <param name="byRule">A rule of the programme brings it on, and no operator; an operator may lift it.</param>
public sealed class RestrictionKind(short number, string name, bool byRule = false) : INumbered
{
    public bool ByRule { get; } = byRule;

    public short Number { get; } = number;
    public string Name { get; } = name;

    public override string ToString() => Name;
}

/// <summary>
/// What an owner of accounts may not do, why, and by whose word. Decisions see it in the same atomic step as balances and limits, so no
/// movement that was decided before it is posted after it.
/// </summary>
/// <param name="Until">It is over at this instant by itself; null: only when it is lifted.</param>
/// <param name="Lifted">When, by whom and why it was lifted; null while it is not.</param>
public sealed record Restriction(
    RestrictionId Id, Guid Subject, RestrictionKind Kind, string Reason, Decider By, DateTimeOffset From, DateTimeOffset? Until,
    Lifting? Lifted = null)
{
    public bool HoldsAt(DateTimeOffset now) => Lifted is null && !(Until <= now);
}

/// <summary>Somebody ended a restriction before its time.</summary>
public sealed record Lifting(DateTimeOffset At, Decider By, string Reason);

/// <summary>
/// By whose word: what sort of somebody, and the name that says who. An operator's is the one that the installation knows people by, a
/// member's is their number, a job's or a rule's its own.
/// </summary>
public readonly record struct Decider(InitiatorKind Kind, string Name)
{
    public static Decider Operator(string name) => new(InitiatorKind.Operator, name);

    public override string ToString() => Name;
}

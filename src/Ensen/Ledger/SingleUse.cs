namespace Ensen.Ledger;

/// <summary>
/// Something that happens at most once; <paramref name="Number"/> tells apart the things of one subject that may each happen once.
/// </summary>
public readonly record struct SingleUse(SingleUseKind Kind, Guid Subject, long Number = 0);

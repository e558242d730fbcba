using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>What a cap counts; declared by the module that decides by it.</summary>
/// <param name="number">In the books, for ever.</param>
public sealed class LimitKind(short number, string name) : INumbered
{
    public short Number { get; } = number;
    public string Name { get; } = name;

    /// <summary>
    /// Nothing else is decided by what its owner holds or may: its own version guards it, and who uses it need not take the owner's turn.
    /// </summary>
    public bool IsOnItsOwn { get; init; }

    public override string ToString() => Name;
}

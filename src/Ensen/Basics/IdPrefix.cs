namespace Ensen.Basics;

/// <summary>What ids of one sort begin with outside: <c>mbr</c> in <c>mbr_01k…</c>.</summary>
/// <param name="name">The prefix itself, three letters.</param>
/// <param name="ownersTable">Where whoever has such an id and owns accounts has a row; null for what owns none.</param>
public sealed class IdPrefix(string name, string? ownersTable = null) : IDeclared
{
    public string Name { get; } = name;
    public string? OwnersTable { get; } = ownersTable;
}

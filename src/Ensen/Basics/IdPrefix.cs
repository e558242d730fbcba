namespace Ensen.Basics;

/// <summary>What ids of one sort begin with outside: <c>mbr</c> in <c>mbr_01k…</c>.</summary>
public sealed class IdPrefix : IDeclared
{
    IdPrefix(string name, Type idType, string? ownersTable) => (Name, IdType, OwnersTable) = (name, idType, ownersTable);

    /// <summary>The prefix itself, three letters.</summary>
    public string Name { get; }

    /// <summary>The type of such an id in the program; rows are read into it.</summary>
    public Type IdType { get; }

    /// <summary>Where whoever has such an id and owns accounts has a row; null for what owns none.</summary>
    public string? OwnersTable { get; }

    public static IdPrefix Of<TId>(string? ownersTable = null) where TId : struct, ITypedId<TId> =>
        new(TId.Prefix, typeof(TId), ownersTable);
}

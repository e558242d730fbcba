using Ensen.Storage;

namespace Ensen.Centres;

/// <summary>
/// "Is one of these" over many texts: each engine says it in its own way, and no statement is as long as its list on PostgreSQL.
/// </summary>
static class Among
{
    /// <param name="list">The parameter's name; its value is an array.</param>
    public static string Text(Database db, string list) => db.Engine == Engine.Postgres ? $"= any({list})" : $"in {list}";
}

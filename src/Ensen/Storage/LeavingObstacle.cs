using System.Data.Common;
using Ensen.Basics;

namespace Ensen.Storage;

/// <summary>
/// What keeps a member from leaving, as the module declares it that knows of it: a card that is linked, a change that can still be taken
/// back. It is looked at in the very step in which a member leaves, so a module that brings one on does so while it has the turn of the
/// owner's accounts.
/// </summary>
/// <param name="Code">Stable, as programs read it: <c>money_left</c>.</param>
/// <param name="Page">Where the member does something about it; empty where nothing can be done but wait or ask.</param>
/// <param name="Stands">Whether it stands in the way of the member at this instant; in a transaction where there is one.</param>
public sealed record LeavingObstacle(
    string Code, string Page, Func<DbConnection, DbTransaction?, Guid, DateTimeOffset, Task<bool>> Stands) : IDeclared
{
    public string Name => Code;
}

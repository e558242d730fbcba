using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>
/// What may come to owners unasked, as the module declares it that took it on: <c>verify</c> holds the room that is kept for it
/// (<see cref="LimitUse.OnTheWay"/>) against the sum of all of these.
/// </summary>
/// <param name="Sql">A query for the columns <c>owner</c> and <c>yen</c>.</param>
public sealed record OnTheWay(string Name, string Sql) : IDeclared;

namespace Ensen.Access;

/// <summary>
/// A device on which the owners (members, stores of tills) have signed in before, by what it keeps for long. Guesses made elsewhere do
/// not take its tries: somebody who guesses at an account does not keep its owner out.
/// </summary>
public sealed record KnownDevice(Guid Id, IReadOnlyList<Guid> Owners)
{
    public bool Knows(Guid owner) => Owners.Contains(owner);
}

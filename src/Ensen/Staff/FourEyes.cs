namespace Ensen.Staff;

/// <summary>
/// What needs two people needs two persons: the one place that says whether two are. Whoever proposed, invited or froze is kept by their
/// person (<c>per_…</c>), never by their account, so that somebody with two accounts is one.
/// </summary>
public static class FourEyes
{
    /// <summary>How a person is kept where the first of two people is kept.</summary>
    public static string Kept(PersonId person) => person.ToString();

    /// <param name="first">The first of the two as kept; what was kept before persons were known is somebody else.</param>
    public static bool AreTwo(string first, PersonId second) => second != default && first != Kept(second);

    public static bool AreTwo(PersonId first, PersonId second) => AreTwo(Kept(first), second);
}

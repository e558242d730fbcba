namespace Ensen.Joining;

/// <summary>What one of the persons who looked at an application said of it. <paramref name="By"/>: the person as kept.</summary>
public sealed record ApplicationOpinion(string By, bool Accepts, string Reason);

/// <summary>Two persons of one mind decide: of two who disagree, a third one's word is with one.</summary>
public static class ApplicationOpinions
{
    /// <summary>How many have to say the same.</summary>
    public const int OfOneMind = 2;

    /// <summary>Whether those who spoke do not say the same, so that one person more decides.</summary>
    public static bool Disagree(this IReadOnlyList<ApplicationOpinion> said) => said.Any(o => o.Accepts) && said.Any(o => !o.Accepts);

    /// <summary>Whether one more such word decides.</summary>
    public static bool IsDecidedBy(this IReadOnlyList<ApplicationOpinion> said, bool accepts) =>
        said.Count(o => o.Accepts == accepts) + 1 == OfOneMind;
}

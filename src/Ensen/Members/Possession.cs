using Ensen.Access;

namespace Ensen.Members;

/// <summary>That a member has the registered telephone, shown by a call from it.</summary>
public static class Possession
{
    /// <summary>What a challenge says that is to show it, and nothing else: a call alone answers it.</summary>
    public static StepUpPurpose Purpose { get; } = new("telephone", only: ProofMethod.Call);
}

using System.Data.Common;
using Ensen.Basics;

namespace Ensen.Access;

/// <summary>
/// One way to prove again who one is: a class and a file of its own, which its module registers. What all ways have in common, one answer,
/// one use, one purpose, one session, <see cref="StepUp"/> does.
/// </summary>
public interface IProofMethod
{
    ProofMethod Method { get; }

    /// <summary>How long a challenge waits for its answer; null: as long as a proof counts.</summary>
    TimeSpan? Life => null;

    /// <summary>
    /// Whether whoever is signed in answers the challenge. False: the answer comes another way, and what is sent in its place is not looked
    /// at.
    /// </summary>
    bool IsAnswered => true;

    /// <summary>Whether this session's person can prove it so, for this purpose.</summary>
    Task<bool> Has(DbConnection connection, Caller caller, StepUpPurpose purpose);

    /// <summary>What the person is asked for, before the challenge is written; or why nothing is asked now.</summary>
    Task<ProofAsked> Ask(Caller caller, StepUpPurpose purpose, ChallengeId challenge, DateTimeOffset until, CancellationToken ct);

    /// <summary>Whether the answer is right. Of one challenge one answer is judged.</summary>
    /// <param name="asked">What <see cref="Ask"/> asked for.</param>
    Task<ProofJudged> Judge(Caller caller, string? asked, TypedProof typed, CancellationToken ct);
}

/// <summary>
/// What a challenge asks for (a number to dial), where that is not always the same; or a refusal, and when to come again.
/// </summary>
public readonly record struct ProofAsked(string? What, StepUpRefusal Refusal = StepUpRefusal.None, TimeSpan? Wait = null)
{
    /// <summary>What is asked for is always the same: the password, a code.</summary>
    public static Task<ProofAsked> Nothing { get; } = Task.FromResult(default(ProofAsked));

    public static ProofAsked TooMany(TimeSpan wait) => new(null, StepUpRefusal.TooManyRequests, wait);
}

/// <summary>An answer was right, wrong, or not looked at: then another may be given after <paramref name="Wait"/>.</summary>
public readonly record struct ProofJudged(bool? IsRight, TimeSpan Wait = default)
{
    public static ProofJudged Right { get; } = new(true);

    public static ProofJudged Wrong { get; } = new(false);

    public static ProofJudged Unseen(TimeSpan wait) => new(null, wait);
}

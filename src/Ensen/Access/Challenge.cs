using Ensen.Basics;

namespace Ensen.Access;

/// <summary>
/// What somebody proves again who they are for; declared by the module that asks for it. A challenge for one is worth nothing for another.
/// </summary>
public sealed class StepUpPurpose(string name) : IDeclared
{
    public string Name { get; } = name;

    public override string ToString() => Name;
}

/// <summary>The ways to prove again who one is. The numbers are stored.</summary>
public enum ProofMethod
{
    Password = 1,
}

/// <summary>How a challenge stands.</summary>
public enum ChallengeState
{
    Pending = 1,

    /// <summary>What it is for may be done, once.</summary>
    Passed = 2,

    /// <summary>The answer was wrong: a challenge has one.</summary>
    Failed = 3,

    /// <summary>Nobody answered in time, or what it was for was not done in time.</summary>
    Lapsed = 4,
}

/// <summary>Somebody was asked to prove again who they are.</summary>
/// <param name="ExpiresAt">Until then it can be answered; once passed, until then it can be used.</param>
public sealed record Challenge(ChallengeId Id, ChallengeState State, DateTimeOffset ExpiresAt);

/// <summary>
/// What shows that a session's own person asks: the session itself, where they proved it on a page, or a passed challenge.
/// </summary>
public sealed record StepUpProof(Caller Caller, ChallengeId? Challenge = null);

/// <summary>A password that was typed by whoever is signed in already, and by what the guesses are counted, as at sign-in.</summary>
/// <param name="Account">The address that the account signs in with.</param>
/// <param name="From">The address of the net that it comes from.</param>
/// <param name="Device">The device, where the account has signed in on it before.</param>
public sealed record TypedPassword(string Text, string Account, string From, Guid? Device);

/// <summary>Why an answer was not looked at, or was wrong.</summary>
public enum StepUpRefusal
{
    None = 0,

    /// <summary>There is no such challenge, or it is another session's.</summary>
    NotFound = 1,

    /// <summary>Too many wrong ones, or too many wait: nothing was looked at.</summary>
    TooManyRequests = 2,
}

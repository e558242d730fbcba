using Ensen.Basics;

namespace Ensen.Access;

/// <summary>
/// What somebody proves again who they are for; declared by the module that asks for it. A challenge for one is worth nothing for another.
/// </summary>
/// <param name="lasts">
/// What it is for outlives the session (higher caps, another way to prove it): on a device that is new a call alone is not enough.
/// </param>
/// <param name="only">The one way that shows it; null: whichever the member has.</param>
public sealed class StepUpPurpose(string name, bool lasts = false, ProofMethod? only = null) : IDeclared
{
    public string Name { get; } = name;

    public bool IsShownBy(ProofMethod method) => only is null || method == only;

    public bool Lasts { get; } = lasts;

    public override string ToString() => Name;
}

/// <summary>The ways to prove again who one is. The numbers are stored, the names are the contract's.</summary>
public enum ProofMethod
{
    Password = 1,

    /// <summary>A call from the registered telephone.</summary>
    Call = 2,

    /// <summary>A passkey of the member's.</summary>
    Passkey = 3,

    /// <summary>The code that an authenticator app shows (RFC 6238).</summary>
    Totp = 4,

    /// <summary>One of the codes that were written down for the day on which nothing else is at hand.</summary>
    RecoveryCode = 5,
}

/// <summary>How a challenge stands.</summary>
public enum ChallengeState
{
    Pending = 1,

    /// <summary>What it is for may be done: once, or on a page for some minutes.</summary>
    Passed = 2,

    /// <summary>The answer was wrong: a challenge has one.</summary>
    Failed = 3,

    /// <summary>Nobody answered in time, or what it was for was not done in time.</summary>
    Lapsed = 4,
}

/// <summary>Somebody was asked to prove again who they are.</summary>
/// <param name="ExpiresAt">Until then it can be answered; once passed, until then it can be used.</param>
/// <param name="Asks">What the person is asked for, where the method asks for something: the number to dial.</param>
public sealed record Challenge(ChallengeId Id, ProofMethod Method, ChallengeState State, DateTimeOffset ExpiresAt, string? Asks);

/// <summary>
/// What shows that a session's own person asks: the session itself, where they proved it on a page for this purpose, or a passed challenge.
/// </summary>
public sealed record StepUpProof(Caller Caller, ChallengeId? Challenge = null);

/// <summary>What whoever is signed in typed as a proof, and by what guesses are counted, as at sign-in.</summary>
/// <param name="Account">The address that the account signs in with.</param>
/// <param name="From">The address of the net that it comes from.</param>
/// <param name="Device">The device, where the account has signed in on it before.</param>
public sealed record TypedProof(string Text, string Account, string From, Guid? Device);

/// <summary>Why a challenge was not made, or an answer not looked at.</summary>
public enum StepUpRefusal
{
    None = 0,

    /// <summary>There is no such challenge, or it is another session's.</summary>
    NotFound = 1,

    /// <summary>Too many wrong ones, or too many wait: nothing was looked at.</summary>
    TooManyRequests = 2,

    /// <summary>The member cannot prove it this way, here or for this purpose.</summary>
    NotAvailable = 3,
}

/// <summary>A challenge as it stands now, or why nothing was done, and after how long that may be tried again.</summary>
public readonly record struct StepUpAnswer(Challenge? Value, StepUpRefusal Refusal = StepUpRefusal.None, TimeSpan? Wait = null)
{
    public bool Accepted => Value is not null;

    public static implicit operator StepUpAnswer(Challenge value) => new(value);

    public static implicit operator StepUpAnswer(StepUpRefusal refusal) => new(null, refusal);
}

namespace Ensen.Access;

/// <summary>What a sign-in began with. The numbers are stored.</summary>
public enum SignInStart
{
    /// <summary>The address and the password.</summary>
    Password = 1,

    /// <summary>The link of a mail to the confirmed address: the password is forgotten, and another is to be set.</summary>
    ResetLink = 2,

    /// <summary>The link of a mail by which whoever has lost everything comes in again.</summary>
    RecoveryLink = 3,

    /// <summary>
    /// A password that was set a moment ago, after the link and after what stands beside a password were shown: that password is all that
    /// is left to type.
    /// </summary>
    NewPassword = 4,
}

/// <summary>
/// A sign-in whose first step is done and that waits for the next. Whoever has the token goes on with the sign-in, in a browser or in a
/// program; to everybody else it is not there.
/// </summary>
public sealed record PendingSignIn
{
    public Guid Id { get; init; }
    public SubjectKind Kind { get; init; }
    public Guid Subject { get; init; }
    public SignInStart Began { get; init; }

    /// <summary>The address by which guesses are counted, as it was typed at the first step.</summary>
    public string Account { get; init; } = "";
    public string Device { get; init; } = "";

    /// <summary>The member has signed in on this device before.</summary>
    public bool IsKnown { get; init; }

    /// <summary>The password's stamp when the password was looked at; null where none was.</summary>
    public string? Stamp { get; init; }

    /// <summary>What it began with, where that is used up at the end: the row of the link, or the recovery.</summary>
    public Guid? Cause { get; init; }
    public long ExpiresMs { get; init; }

    /// <summary>When the second thing was shown; null while it is waited for.</summary>
    public long? ProvenMs { get; init; }

    /// <summary>Whom challenges are for: nobody who is signed in. The session's id is this sign-in's.</summary>
    public Caller Caller => new(new SessionId(Id), new Subject(Kind, Subject), Subject);
}

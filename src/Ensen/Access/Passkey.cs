namespace Ensen.Access;

/// <summary>
/// A key pair of a subject's, made on a device of theirs for this programme's domain alone. The private key never leaves the device, or
/// the account that the device keeps its keys in; here is what recognises its signatures.
/// </summary>
public sealed record Passkey
{
    public PasskeyId Id { get; init; }
    public SubjectKind Kind { get; init; }
    public Guid Owner { get; init; }

    /// <summary>By which the device knows it: 16 to 1,023 bytes of the device's own making, unique over all subjects.</summary>
    public byte[] CredentialId { get; init; } = [];

    /// <summary>As a COSE key (RFC 9052).</summary>
    public byte[] PublicKey { get; init; } = [];

    /// <summary>How often it has signed, as far as its device counts; 0 where the device does not.</summary>
    public long SignCount { get; init; }

    /// <summary>What its owner calls it.</summary>
    public string Name { get; init; } = "";

    /// <summary>How the browser reaches it (<c>internal</c>, <c>usb</c>, <c>hybrid</c>), parted by commas.</summary>
    public string Transports { get; init; } = "";

    /// <summary>It may be, and it is, kept in more places than its device (an account that carries passkeys from phone to phone).</summary>
    public bool BackupEligible { get; init; }
    public bool BackedUp { get; init; }

    public long CreatedMs { get; init; }
    public long? UsedMs { get; init; }

    public Subject Subject => new(Kind, Owner);
}

/// <summary>
/// What a passkey signed, and that was found right: by whom, with which key, against which challenge. It becomes a sign-in or a proof by
/// <see cref="Passkeys.Use"/>, once.
/// </summary>
/// <param name="Challenge">The challenge that it answers.</param>
/// <param name="SignCount">The counter as the device signed it.</param>
public sealed record SignedByPasskey(Guid Challenge, Subject Subject, byte[] CredentialId, long SignCount, bool BackedUp);

/// <summary>What became of a signature.</summary>
public enum PasskeyUse
{
    /// <summary>It counts: the challenge is used up, the counter has moved on.</summary>
    Counts = 1,

    /// <summary>The challenge was answered before, or the passkey is gone: the signature is worth nothing.</summary>
    Spent = 2,

    /// <summary>The counter is not above the last one: somebody else has a copy of the key.</summary>
    Copied = 3,
}

using Dapper;
using Ensen.Access;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>What proves that somebody is a member; kept apart from <see cref="Member"/> so that a page cannot show it by mistake.</summary>
public sealed class MemberProof
{
    public MemberId Member { get; init; }
    public string? Email { get; init; }
    public bool MailConfirmed { get; init; }

    /// <summary>Null when the member has no password.</summary>
    public string? PasswordHash { get; set; }

    /// <summary>Changes whenever the password does; empty when there is none.</summary>
    public string SecurityStamp { get; set; } = "";

    /// <summary>The stamp as it was read: who saves must have read the present one.</summary>
    public string StampRead { get; init; } = "";
}

/// <summary>Reads and keeps what proves who members are.</summary>
public sealed class MemberProofs(Database db, TimeProvider clock)
{
    public async Task<MemberProof?> Find(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<MemberProof?>(
            """
            select m.id as Member, m.email, m.mail_confirmed as MailConfirmed, c.hash as PasswordHash, coalesce(c.stamp, '') as SecurityStamp,
              coalesce(c.stamp, '') as StampRead
            from member m
            left join credential c on c.owner = m.id and c.kind = @kind
            where m.id = @member
            """,
            new { member, kind = CredentialKind.Password });
    }

    /// <summary>By address, confirmed or not: who registered with it may sign in with it.</summary>
    public async Task<MemberProof?> FindByEmail(string emailKey, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<MemberProof?>(
            """
            select m.id as Member, m.email, m.mail_confirmed as MailConfirmed, c.hash as PasswordHash, coalesce(c.stamp, '') as SecurityStamp,
              coalesce(c.stamp, '') as StampRead
            from member_email e
            join member m on m.id = e.member
            left join credential c on c.owner = m.id and c.kind = @kind
            where e.email_key = @emailKey and e.held_until_ms is null
            """,
            new { emailKey, kind = CredentialKind.Password });
    }

    /// <summary>
    /// Keeps a changed hash and stamp, if the stamp is still the one that was read. False when somebody changed them first.
    /// </summary>
    public async Task<bool> Keep(MemberProof proof, CancellationToken ct = default)
    {
        if (proof.PasswordHash is not { } hash)
            throw new ArgumentException("A password is changed, never taken away.", nameof(proof));
        return await db.Transact(tx => Credentials.Keep(
            tx, proof.Member, CredentialKind.Password, hash, proof.SecurityStamp, proof.StampRead, clock.GetUtcNow()), ct);
    }
}

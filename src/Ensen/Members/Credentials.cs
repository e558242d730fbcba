using Dapper;
using Ensen.Access;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>What proves that somebody is a member; kept apart from <see cref="Member"/> so that a page cannot show it by mistake.</summary>
public sealed class Credential
{
    public Guid Member { get; init; }
    public string? Email { get; init; }
    public bool MailConfirmed { get; init; }
    public string? PasswordHash { get; set; }

    /// <summary>Changes whenever a proof changes.</summary>
    public string SecurityStamp { get; set; } = "";

    /// <summary>The stamp as it was read: who saves must have read the present one.</summary>
    public string StampRead { get; init; } = "";
}

/// <summary>Reads and keeps credentials.</summary>
public sealed class Credentials(Database db)
{
    public async Task<Credential?> Find(Guid member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<Credential?>(
            """
            select id as Member, email, mail_confirmed as MailConfirmed, password_hash as PasswordHash, security_stamp as SecurityStamp,
              security_stamp as StampRead
            from member
            where id = @member
            """,
            new { member });
    }

    /// <summary>By address, confirmed or not: who registered with it may sign in with it.</summary>
    public async Task<Credential?> FindByEmail(string emailKey, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<Credential?>(
            """
            select m.id as Member, m.email, m.mail_confirmed as MailConfirmed, m.password_hash as PasswordHash, m.security_stamp as SecurityStamp,
              security_stamp as StampRead
            from member_email e
            join member m on m.id = e.member
            where e.email_key = @emailKey
            """,
            new { emailKey });
    }

    /// <summary>Keeps a changed hash and stamp, if the stamp is still the one that was read. False when somebody changed them first.</summary>
    public async Task<bool> Keep(Credential credential, CancellationToken ct = default) =>
        await db.Transact(tx => tx.Connection!.ExecuteAsync(
            """
            update member
            set password_hash = @PasswordHash, security_stamp = @SecurityStamp
            where id = @Member and security_stamp = @StampRead
            """,
            new { credential.Member, credential.PasswordHash, credential.SecurityStamp, credential.StampRead }, tx), ct) == 1;
}

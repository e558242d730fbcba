using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Access;

/// <summary>
/// The passkeys of all subjects, and which challenges they have answered. Whether a signature is right is for the web to say, which speaks
/// WebAuthn; here is decided what it is worth, in the transaction that needs it.
/// </summary>
public sealed class Passkeys(Database db, TimeProvider clock)
{
    /// <summary>No more of one subject's: a list that a person looks through.</summary>
    public const int Most = 20;

    /// <summary>What a challenge says that is to add a passkey, or to remove one.</summary>
    public static StepUpPurpose Purpose { get; } = new("passkeys", lasts: true);

    const string Columns = """
        id, kind, owner, credential_id as CredentialId, public_key as PublicKey, sign_count as SignCount, name, transports,
          backup_eligible as BackupEligible, backed_up as BackedUp, created_ms as CreatedMs, used_ms as UsedMs
        """;

    /// <summary>A subject's passkeys, the newest first.</summary>
    public async Task<IReadOnlyList<Passkey>> Of(Subject subject, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Of(connection, subject);
    }

    /// <summary>The same within a transaction.</summary>
    internal static async Task<IReadOnlyList<Passkey>> Of(DbConnection connection, Subject subject, DbTransaction? tx = null) =>
        (await connection.QueryAsync<Passkey>(
            $"""
            select {Columns}
            from passkey
            where owner = @Id and kind = @Kind
            order by created_ms desc, id desc
            limit @most
            """, new { subject.Id, subject.Kind, most = Most + 1 }, tx)).AsList();

    /// <summary>The subject's own passkey of this credential; null when the subject has none such.</summary>
    public async Task<Passkey?> Find(Subject subject, byte[] credentialId, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<Passkey?>(
            $"""
            select {Columns}
            from passkey
            where credential_id = @credentialId and owner = @Id and kind = @Kind
            """, new { credentialId, subject.Id, subject.Kind });
    }

    /// <summary>
    /// Keeps a new one. False, and nothing is written, when its credential is somebody's already: of any number at once, one is kept.
    /// </summary>
    internal static async Task<bool> Add(DbTransaction tx, Passkey passkey) => await tx.Connection!.ExecuteAsync(
        """
        insert into passkey (credential_id, id, kind, owner, public_key, sign_count, name, transports, backup_eligible, backed_up, created_ms)
        values (@CredentialId, @Id, @Kind, @Owner, @PublicKey, @SignCount, @Name, @Transports, @BackupEligible, @BackedUp, @CreatedMs)
        on conflict (credential_id) do nothing
        """, passkey, tx) == 1;

    /// <summary>False when the subject has no such passkey.</summary>
    public async Task<bool> Rename(Subject subject, PasskeyId id, string name, CancellationToken ct = default) =>
        await db.Transact(tx => tx.Connection!.ExecuteAsync(
            "update passkey set name = @name where owner = @owner and kind = @Kind and id = @id",
            new { name, owner = subject.Id, subject.Kind, id }, tx), ct) == 1;

    /// <summary>False when the subject has no such passkey.</summary>
    internal static async Task<bool> Remove(DbTransaction tx, Subject subject, PasskeyId id) => await tx.Connection!.ExecuteAsync(
        "delete from passkey where owner = @owner and kind = @Kind and id = @id", new { owner = subject.Id, subject.Kind, id }, tx) == 1;

    /// <summary>Removes those that were added since an instant: a stolen session may have.</summary>
    internal static Task<int> RemoveSince(DbTransaction tx, Subject subject, DateTimeOffset since) => tx.Connection!.ExecuteAsync(
        "delete from passkey where owner = @owner and kind = @Kind and created_ms >= @from",
        new { owner = subject.Id, subject.Kind, from = since.ToUnixTimeMilliseconds() }, tx);

    /// <summary>
    /// Uses up the challenge and moves the counter on. The counter is compared in the statement that moves it, so of two signatures with
    /// one counter a single one counts. A device that does not count always says 0.
    /// </summary>
    internal async Task<PasskeyUse> Use(DbTransaction tx, SignedByPasskey signed)
    {
        if (!await UseUp(tx, signed.Challenge))
            return PasskeyUse.Spent;
        var values = new
        {
            signed.CredentialId,
            signed.SignCount,
            signed.BackedUp,
            owner = signed.Subject.Id,
            signed.Subject.Kind,
            now = clock.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        if (await tx.Connection!.ExecuteAsync(
            """
            update passkey
            set sign_count = @SignCount, backed_up = @BackedUp, used_ms = @now
            where credential_id = @CredentialId and owner = @owner and kind = @Kind
              and (sign_count < @SignCount or sign_count = 0 and @SignCount = 0)
            """, values, tx) == 1)
            return PasskeyUse.Counts;
        return await tx.Connection!.ExecuteScalarAsync<int?>(
            "select 1 from passkey where credential_id = @CredentialId and owner = @owner and kind = @Kind", values, tx) is null
            ? PasskeyUse.Spent
            : PasskeyUse.Copied;
    }

    /// <summary>A challenge is answered once: false for the second of any number of answers.</summary>
    internal async Task<bool> UseUp(DbTransaction tx, Guid challenge) => await tx.Connection!.ExecuteAsync(
        "insert into passkey_challenge_used (id, used_ms) values (@challenge, @now) on conflict (id) do nothing",
        new { challenge, now = clock.GetUtcNow().ToUnixTimeMilliseconds() }, tx) == 1;

    /// <summary>Whether the challenge was answered.</summary>
    internal static async Task<bool> IsUsedUp(DbTransaction tx, Guid challenge) => await tx.Connection!.ExecuteScalarAsync<int?>(
        "select 1 from passkey_challenge_used where id = @challenge", new { challenge }, tx) is not null;

    /// <summary>Forgets used challenges that nobody could answer any more. Run now and then.</summary>
    public Task<int> Tidy(CancellationToken ct = default)
    {
        var old = clock.GetUtcNow().AddDays(-2).ToUnixTimeMilliseconds();
        return db.Transact(tx => tx.Connection!.ExecuteAsync("delete from passkey_challenge_used where used_ms < @old", new { old }, tx), ct);
    }
}

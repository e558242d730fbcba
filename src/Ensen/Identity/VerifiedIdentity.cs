using System.Data.Common;
using Dapper;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Identity;

/// <summary>Whom a member is verified as, for what has to be held against it: the holder of a bank account.</summary>
public sealed class VerifiedIdentity(Database db, MemberKeys keys)
{
    /// <summary>The name in kana; null when the member is not verified, or nothing of it is kept here.</summary>
    public async Task<string?> KanaOf(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await Read(connection, keys, member))?.Kana;
    }

    internal static async Task<PersonalDetails?> Read(
        DbConnection connection, MemberKeys keys, MemberId member, DbTransaction? tx = null) =>
        await Verifications.InForce(connection, member, tx) is { } found
            ? await PersonalDetails.Read(connection, keys, member, found.Id, await Verifications.Details(connection, found.Id, tx), tx)
            : null;

    /// <summary>Whether a verification holds for this member, in the transaction that needs it.</summary>
    public static async Task<bool> Holds(DbTransaction tx, MemberId member) =>
        await tx.Connection!.ExecuteScalarAsync<bool?>("select verified from member where id = @member", new { member }, tx) is true;
}

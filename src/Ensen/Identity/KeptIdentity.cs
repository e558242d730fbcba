using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Members;

namespace Ensen.Identity;

/// <summary>One verification of a member as the law wants it to be on record: whom, by which method, and when.</summary>
public sealed record VerificationOnRecord(
    string VerificationId, string Method, DateTimeOffset VerifiedAt, string? Name, string? Kana, string? BornOn, string? Address);

/// <summary>Reads what is to stay on record of a member's verifications when the member leaves.</summary>
static class KeptIdentity
{
    /// <summary>
    /// Those that were accepted, also if their time is over, the oldest first; in the transaction, before the key is destroyed.
    /// </summary>
    public static async Task<IReadOnlyList<VerificationOnRecord>> Of(
        DbTransaction tx, MemberKeys keys, MemberId member, IdentityRules rules)
    {
        var rows = await tx.Connection!.QueryAsync<(VerificationId Id, IdentityMethod Method, byte[]? Details, long EndedMs)>(
            """
            select id, method, details, ended_ms
            from verification
            where member = @member and ended_ms is not null and (state = @accepted or reason = @due)
            order by ended_ms, id
            """, new { member, accepted = VerificationState.Accepted, due = Verification.Reasons.RecheckDue }, tx);
        var records = new List<VerificationOnRecord>();
        foreach (var row in rows)
        {
            var details = await PersonalDetails.Read(tx.Connection!, keys, member, row.Id, row.Details, tx);
            records.Add(new VerificationOnRecord(
                row.Id.ToString(), row.Method.Rules(rules).Code, JapanDay.InTokyo(Instant.OfMilliseconds(row.EndedMs)),
                details?.Name, details?.Kana, details?.BornOn, details?.Address));
        }
        return records;
    }
}

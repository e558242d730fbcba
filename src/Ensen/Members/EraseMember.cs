using System.Data.Common;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>
/// Takes out of every table what says who a member was, as the tables' modules declare it (<see cref="PersonalTable.Leaving"/>). Done twice
/// it changes nothing.
/// </summary>
static class EraseMember
{
    public static async Task Run(DbTransaction tx, Catalogue catalogue, MemberId member, DateTimeOffset now)
    {
        var addresses = await Addresses(tx, member);
        // What is found through another table goes before that table.
        foreach (var table in catalogue.All<PersonalTable>().Where(t => t.Leaving is { Where.Length: > 0 })
            .OrderBy(t => t.Leaving!.Where.Contains("(select", StringComparison.Ordinal) ? 0 : 1))
        {
            var (leaving, name) = (table.Leaving!, table.Name);
            var sql = leaving.What == WhenLeft.Erased ? $"delete from {name} where {leaving.Where}"
                : $"update {name} set {leaving.Set} where {leaving.Where}";
            foreach (var values in Values(leaving.Where, member, addresses, now))
                await tx.Connection!.ExecuteAsync(sql, values, tx);
        }
    }

    /// <summary>Once for each of the member's addresses, where rows are found by one; else once.</summary>
    static IEnumerable<object> Values(string where, MemberId member, IReadOnlyCollection<string> addresses, DateTimeOffset now)
    {
        var (number, at) = (member.ToString(), now.ToUnixTimeMilliseconds());
        if (where.Contains("@addressHash", StringComparison.Ordinal))
            return addresses.Select(a => new { member, number, now = at, addressHash = AddressHash.Of(a) });
        if (where.Contains("@attempt", StringComparison.Ordinal))
            return addresses.Concat(addresses.Select(EmailAddress.Mailbox)).Append(Id.Bare(member)).Distinct()
                .Select(who => new { member, number, now = at, attempt = AttemptLimiter.Hash(who) });
        return [new { member, number, now = at }];
    }

    /// <summary>Every mail address that the member has, had or asked for, as typed and as it is compared.</summary>
    static async Task<IReadOnlyCollection<string>> Addresses(DbTransaction tx, MemberId member) =>
        (await tx.Connection!.QueryAsync<string>(
            """
            select email from member where id = @member and email is not null
            union
            select email_key from member_email where member = @member
            union
            select email from mail_change where member = @member
            union
            select email_key from mail_change where member = @member
            union
            select email_before from mail_change where member = @member and email_before is not null
            """, new { member }, tx)).ToHashSet();
}

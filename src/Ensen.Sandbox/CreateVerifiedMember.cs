using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Ensen.Access;
using Ensen.Banking;
using Ensen.Basics;
using Ensen.Identity;
using Ensen.Members;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;

namespace Ensen.Sandbox;

/// <summary>
/// A member whose papers somebody else has looked at, with a bank account of the sandbox's linked. The address counts as confirmed; a
/// password hash is kept as it is given. <paramref name="Details"/>: what stands in those papers, where the program has keys to keep it.
/// </summary>
public sealed record CreateVerifiedMemberRequest(string Name, bool Verified, string? Email = null, string? Telephone = null,
    string? PasswordHash = null, string? Language = null, PersonalDetails? Details = null);

/// <summary>Why a ready member cannot be made.</summary>
public enum CreateVerifiedMemberRefusal
{
    None = 0,
    InvalidRequest = 1,
    EmailTaken = 2,
}

/// <summary>Makes a ready member without the steps of registering: for the sandbox and the demo town.</summary>
public sealed class CreateVerifiedMember(Database db, TimeProvider clock, MemberKeys? keys = null, Programme? programme = null)
{
    const int YearsUntilRecheck = 10;
    const int DaysSinceLinked = 2;

    public async Task<Answer<Member, CreateVerifiedMemberRefusal>> Run(CreateVerifiedMemberRequest request, CancellationToken ct = default)
    {
        string? email = null, telephone = null;
        if (!OneLineName.TryParse(request.Name, out var name)
            || request.Email is not null && !EmailAddress.TryParse(request.Email, out email, out _)
            || request.Telephone is not null && !TelephoneNumber.TryParse(request.Telephone, out telephone))
            return CreateVerifiedMemberRefusal.InvalidRequest;
        var now = clock.GetUtcNow();
        var member = new Member
        {
            Id = Id.New<MemberId>(now),
            Name = name,
            Email = email,
            Telephone = telephone,
            Verified = request.Verified,
            MailConfirmed = email is not null,
            Language = Languages.Nearest(request.Language).Tag,
            Theme = Preferences.Themes[0],
            CreatedMs = now.ToUnixTimeMilliseconds(),
        };
        var isNew = await db.Transact(async tx =>
        {
            if (!await Register.Write(tx, member, request.PasswordHash))
                return false;
            if (member.Verified)
            {
                await Verify(tx, member.Id, request.Details, now);
                await Link(tx, member.Id, now);
            }
            return true;
        }, ct);
        return isNew ? member : CreateVerifiedMemberRefusal.EmailTaken;
    }

    async Task Verify(DbTransaction tx, MemberId member, PersonalDetails? details, DateTimeOffset now)
    {
        var id = Id.New<VerificationId>(now);
        var kept = keys is not null && details is not null ? await PersonalDetails.Keep(tx, keys, member, id, details) : null;
        if (details?.AdultOn((programme ?? new Programme()).Identity) is { } adult && adult > JapanDay.Of(now))
            await tx.Connection!.ExecuteAsync(
                "update member set adult_on = @day where id = @member", new { member, day = adult.ToString() }, tx);
        await tx.Connection!.ExecuteAsync(
            """
            insert into verification (id, member, method, state, details, begun_ms, lapses_ms, ended_ms, recheck_on)
            values (@id, @member, @method, @state, @kept, @at, @at, @at, @recheck)
            """,
            new
            {
                id,
                member,
                method = IdentityMethod.Elsewhere,
                state = VerificationState.Accepted,
                kept,
                at = now.ToUnixTimeMilliseconds(),
                recheck = kept is null ? null : new JapanDay(JapanDay.Of(now).Date.AddYears(YearsUntilRecheck)).ToString(),
            }, tx);
    }

    /// <summary>
    /// An account that nobody else has: its number is one that cannot be typed. It was linked some days ago, as the member's device is one
    /// of some days ago.
    /// </summary>
    static async Task Link(DbTransaction tx, MemberId member, DateTimeOffset now)
    {
        var id = Id.New<BankAccountId>(now);
        await BankAccounts.Claim(tx, SHA256.HashData(id.Value.ToByteArray()), id, member);
        await BankAccounts.Insert(tx, new BankAccount(
            id, member, $"acct_{Id.Bare(member)}", SandboxBank.Name, SandboxDigits.Of(member, 4),
            now.AddDays(-DaysSinceLinked).ToUnixTimeMilliseconds()));
    }
}

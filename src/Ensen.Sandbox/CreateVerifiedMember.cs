using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Sandbox;

/// <summary>
/// A member whose papers somebody else has looked at. The address counts as confirmed; a password hash is kept as it is given.
/// </summary>
public sealed record CreateVerifiedMemberRequest(string Name, bool Verified, string? Email = null, string? Telephone = null,
    string? PasswordHash = null, string? Language = null);

/// <summary>Why a ready member cannot be made.</summary>
public enum CreateVerifiedMemberRefusal
{
    None = 0,
    InvalidRequest = 1,
    EmailTaken = 2,
}

/// <summary>Makes a ready member without the steps of registering: for the sandbox and the demo town.</summary>
public sealed class CreateVerifiedMember(Database db, TimeProvider clock)
{
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
        return await db.Transact(tx => Register.Write(tx, member, request.PasswordHash), ct) ? member
            : CreateVerifiedMemberRefusal.EmailTaken;
    }
}

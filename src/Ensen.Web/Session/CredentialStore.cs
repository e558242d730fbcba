using Ensen.Access;
using Ensen.Members;
using Microsoft.AspNetCore.Identity;

namespace Ensen.Web.Session;

/// <summary>
/// Lets ASP.NET Core Identity's UserManager read and keep our members' proofs. Members are made by <see cref="Register"/> alone, and
/// guesses are counted by <see cref="AttemptLimiter"/>, before the password is looked at.
/// </summary>
public sealed class CredentialStore(MemberProofs proofs)
    : IUserPasswordStore<MemberProof>, IUserEmailStore<MemberProof>, IUserSecurityStampStore<MemberProof>
{
    public async Task<MemberProof?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Guid.TryParse(userId, out var id) ? await proofs.Find(new MemberId(id), cancellationToken) : null;

    public Task<MemberProof?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) =>
        proofs.FindByEmail(normalizedEmail, cancellationToken);

    public Task<MemberProof?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        proofs.FindByEmail(normalizedUserName, cancellationToken);

    public async Task<IdentityResult> UpdateAsync(MemberProof user, CancellationToken cancellationToken) =>
        await proofs.Keep(user, cancellationToken)
            ? IdentityResult.Success
            : IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());

    public Task<string> GetUserIdAsync(MemberProof user, CancellationToken cancellationToken) => Task.FromResult(user.Member.ToString());
    public Task<string?> GetUserNameAsync(MemberProof user, CancellationToken cancellationToken) => Task.FromResult(user.Email);
    public Task<string?> GetNormalizedUserNameAsync(MemberProof user, CancellationToken cancellationToken) =>
        Task.FromResult(EmailKeys.Of(user.Email));
    public Task<string?> GetEmailAsync(MemberProof user, CancellationToken cancellationToken) => Task.FromResult(user.Email);
    public Task<string?> GetNormalizedEmailAsync(MemberProof user, CancellationToken cancellationToken) =>
        Task.FromResult(EmailKeys.Of(user.Email));
    public Task<bool> GetEmailConfirmedAsync(MemberProof user, CancellationToken cancellationToken) => Task.FromResult(user.MailConfirmed);
    public Task<string?> GetPasswordHashAsync(MemberProof user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);
    public Task<bool> HasPasswordAsync(MemberProof user, CancellationToken cancellationToken) =>
        Task.FromResult(user.PasswordHash is not null);
    public Task<string?> GetSecurityStampAsync(MemberProof user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.SecurityStamp);

    public Task SetPasswordHashAsync(MemberProof user, string? passwordHash, CancellationToken cancellationToken)
    {
        user.PasswordHash = passwordHash;
        return Task.CompletedTask;
    }

    public Task SetSecurityStampAsync(MemberProof user, string stamp, CancellationToken cancellationToken)
    {
        user.SecurityStamp = stamp;
        return Task.CompletedTask;
    }

    // The keys follow from the address; there is nothing to set.
    public Task SetNormalizedUserNameAsync(MemberProof user, string? normalizedName, CancellationToken cancellationToken) =>
        Task.CompletedTask;
    public Task SetNormalizedEmailAsync(MemberProof user, string? normalizedEmail, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task<IdentityResult> CreateAsync(MemberProof user, CancellationToken cancellationToken) => throw Elsewhere();
    public Task<IdentityResult> DeleteAsync(MemberProof user, CancellationToken cancellationToken) => throw Elsewhere();
    public Task SetUserNameAsync(MemberProof user, string? userName, CancellationToken cancellationToken) => throw Elsewhere();
    public Task SetEmailAsync(MemberProof user, string? email, CancellationToken cancellationToken) => throw Elsewhere();
    public Task SetEmailConfirmedAsync(MemberProof user, bool confirmed, CancellationToken cancellationToken) => throw Elsewhere();

    public void Dispose() { }

    static NotSupportedException Elsewhere() => new("Members come, change their address and go through Ensen.Members.");
}

/// <summary>E-mail addresses are compared as <see cref="EmailAddress"/> says.</summary>
sealed class EmailKeys : ILookupNormalizer
{
    public static string? Of(string? email) => EmailAddress.TryParse(email, out _, out var key) ? key : null;

    public string? NormalizeName(string? name) => Of(name) ?? name;
    public string? NormalizeEmail(string? email) => Of(email) ?? email;
}

/// <summary>Identity hashes as the business does: one number of rounds, and letters alike from every keyboard.</summary>
sealed class Hashing : IPasswordHasher<MemberProof>
{
    public string HashPassword(MemberProof user, string password) => PasswordHash.Make(password);

    public PasswordVerificationResult VerifyHashedPassword(MemberProof user, string hashedPassword, string providedPassword) =>
        PasswordHash.Verify(hashedPassword, providedPassword);
}

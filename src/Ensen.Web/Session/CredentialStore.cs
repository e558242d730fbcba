using Ensen.Access;
using Ensen.Members;
using Microsoft.AspNetCore.Identity;

namespace Ensen.Web.Session;

/// <summary>
/// Lets ASP.NET Core Identity's UserManager read and keep our members' proofs. Members are made by <see cref="Register"/> alone, and
/// guesses are counted by <see cref="AttemptLimiter"/>, before the password is looked at.
/// </summary>
public sealed class CredentialStore(Credentials credentials)
    : IUserPasswordStore<Credential>, IUserEmailStore<Credential>, IUserSecurityStampStore<Credential>
{
    public async Task<Credential?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Guid.TryParse(userId, out var id) ? await credentials.Find(id, cancellationToken) : null;

    public Task<Credential?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) =>
        credentials.FindByEmail(normalizedEmail, cancellationToken);

    public Task<Credential?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        credentials.FindByEmail(normalizedUserName, cancellationToken);

    public async Task<IdentityResult> UpdateAsync(Credential user, CancellationToken cancellationToken) =>
        await credentials.Keep(user, cancellationToken)
            ? IdentityResult.Success
            : IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());

    public Task<string> GetUserIdAsync(Credential user, CancellationToken cancellationToken) => Task.FromResult(user.Member.ToString());
    public Task<string?> GetUserNameAsync(Credential user, CancellationToken cancellationToken) => Task.FromResult(user.Email);
    public Task<string?> GetNormalizedUserNameAsync(Credential user, CancellationToken cancellationToken) => Task.FromResult(EmailKeys.Of(user.Email));
    public Task<string?> GetEmailAsync(Credential user, CancellationToken cancellationToken) => Task.FromResult(user.Email);
    public Task<string?> GetNormalizedEmailAsync(Credential user, CancellationToken cancellationToken) => Task.FromResult(EmailKeys.Of(user.Email));
    public Task<bool> GetEmailConfirmedAsync(Credential user, CancellationToken cancellationToken) => Task.FromResult(user.MailConfirmed);
    public Task<string?> GetPasswordHashAsync(Credential user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);
    public Task<bool> HasPasswordAsync(Credential user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);
    public Task<string?> GetSecurityStampAsync(Credential user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);

    public Task SetPasswordHashAsync(Credential user, string? passwordHash, CancellationToken cancellationToken)
    {
        user.PasswordHash = passwordHash;
        return Task.CompletedTask;
    }

    public Task SetSecurityStampAsync(Credential user, string stamp, CancellationToken cancellationToken)
    {
        user.SecurityStamp = stamp;
        return Task.CompletedTask;
    }

    // The keys follow from the address; there is nothing to set.
    public Task SetNormalizedUserNameAsync(Credential user, string? normalizedName, CancellationToken cancellationToken) => Task.CompletedTask;
    public Task SetNormalizedEmailAsync(Credential user, string? normalizedEmail, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IdentityResult> CreateAsync(Credential user, CancellationToken cancellationToken) => throw Elsewhere();
    public Task<IdentityResult> DeleteAsync(Credential user, CancellationToken cancellationToken) => throw Elsewhere();
    public Task SetUserNameAsync(Credential user, string? userName, CancellationToken cancellationToken) => throw Elsewhere();
    public Task SetEmailAsync(Credential user, string? email, CancellationToken cancellationToken) => throw Elsewhere();
    public Task SetEmailConfirmedAsync(Credential user, bool confirmed, CancellationToken cancellationToken) => throw Elsewhere();

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
sealed class Hashing : IPasswordHasher<Credential>
{
    public string HashPassword(Credential user, string password) => PasswordHash.Make(password);

    public PasswordVerificationResult VerifyHashedPassword(Credential user, string hashedPassword, string providedPassword) =>
        PasswordHash.Verify(hashedPassword, providedPassword);
}

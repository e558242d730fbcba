using Ensen.Access;
using Ensen.Basics;
using Microsoft.AspNetCore.Identity;

namespace Ensen.Web.Session;

/// <summary>Whoever has passkeys, as ASP.NET Core Identity is to see them: a subject and nothing else.</summary>
public sealed record PasskeyUser(Subject Subject)
{
    /// <summary>
    /// What a device keeps beside the passkey and says with each signature (the user handle of WebAuthn): no name, no address, and for one
    /// subject always the same, so that a device replaces its passkey instead of keeping two.
    /// </summary>
    public string Handle => $"{(int)Subject.Kind}-{Id.Bare(Subject.Id)}";

    public static PasskeyUser? Of(string handle) =>
        handle is [var kind, '-', ..] && char.IsAsciiDigit(kind) && Enum.IsDefined((SubjectKind)(kind - '0'))
        && Id.TryParseBare(handle.AsSpan(2), out var id)
            ? new PasskeyUser(new Subject((SubjectKind)(kind - '0'), id))
            : null;
}

/// <summary>
/// Lets the framework's <see cref="PasskeyHandler{TUser}"/> find what it has to check a signature against. It only reads: what a signature
/// is worth, and whether a credential is somebody's already, is decided where it is written (<see cref="Passkeys.Use"/>,
/// <see cref="AddPasskey"/>).
/// </summary>
public sealed class PasskeyUsers(Passkeys passkeys) : IUserPasskeyStore<PasskeyUser>
{
    public Task<PasskeyUser?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Task.FromResult(PasskeyUser.Of(userId));

    public Task<string> GetUserIdAsync(PasskeyUser user, CancellationToken cancellationToken) => Task.FromResult(user.Handle);

    public Task<string?> GetUserNameAsync(PasskeyUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Handle);

    public Task<string?> GetNormalizedUserNameAsync(PasskeyUser user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.Handle);

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(PasskeyUser user, CancellationToken cancellationToken) =>
        [.. (await passkeys.Of(user.Subject, cancellationToken)).Select(Shown)];

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(PasskeyUser user, byte[] credentialId, CancellationToken cancellationToken) =>
        await passkeys.Find(user.Subject, credentialId, cancellationToken) is { } found ? Shown(found) : null;

    /// <summary>Nobody's, as far as the framework is told: the unique key of the table says so for any number at once.</summary>
    public Task<PasskeyUser?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        Task.FromResult<PasskeyUser?>(null);

    /// <summary>
    /// With a counter of 0, so that the framework lets each through: between its look and our writing another signature could come. The
    /// counter is compared in the statement that moves it.
    /// </summary>
    static UserPasskeyInfo Shown(Passkey passkey) => new(
        passkey.CredentialId, passkey.PublicKey, Instant.OfMilliseconds(passkey.CreatedMs), signCount: 0,
        passkey.Transports.Split(',', StringSplitOptions.RemoveEmptyEntries), isUserVerified: true, passkey.BackupEligible,
        passkey.BackedUp, attestationObject: [], clientDataJson: []);

    public Task AddOrUpdatePasskeyAsync(PasskeyUser user, UserPasskeyInfo passkey, CancellationToken cancellationToken) =>
        throw Elsewhere();
    public Task RemovePasskeyAsync(PasskeyUser user, byte[] credentialId, CancellationToken cancellationToken) => throw Elsewhere();
    public Task<PasskeyUser?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw Elsewhere();
    public Task SetUserNameAsync(PasskeyUser user, string? userName, CancellationToken cancellationToken) => throw Elsewhere();
    public Task SetNormalizedUserNameAsync(PasskeyUser user, string? normalizedName, CancellationToken cancellationToken) =>
        throw Elsewhere();
    public Task<IdentityResult> CreateAsync(PasskeyUser user, CancellationToken cancellationToken) => throw Elsewhere();
    public Task<IdentityResult> UpdateAsync(PasskeyUser user, CancellationToken cancellationToken) => throw Elsewhere();
    public Task<IdentityResult> DeleteAsync(PasskeyUser user, CancellationToken cancellationToken) => throw Elsewhere();

    public void Dispose() { }

    static NotSupportedException Elsewhere() => new("Passkeys come and go through Ensen.Access.");
}

using System.Data.Common;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Staff;

/// <summary>A sign-in at a merchant's desk as typed. The code is asked of who has an authenticator.</summary>
/// <param name="From">The address of the net that it comes from.</param>
/// <param name="Known">What the device is known by, from an earlier sign-in.</param>
public sealed record ShopSignInRequest(
    string Name, string Password, string? Code, string Device, string From, KnownDevice? Known = null);

/// <summary>
/// Why nobody is signed in. A name nobody has, a wrong password, a wrong code and one that is missing get the same answer, equally slow.
/// </summary>
public enum ShopSignInRefusal
{
    None = 0,
    Unauthenticated = 1,
    TooManyRequests = 2,
}

/// <summary>
/// Signs somebody in at their merchant's desk: by name and password, with a code of the authenticator where they have one, or by a passkey.
/// Guesses are counted as members' are (<see cref="Guesses"/>), before anything is looked at; a code is good once.
/// </summary>
public sealed class ShopSignIn(
    Database db, ShopAccounts accounts, Guesses guesses, HashLine hashes, Authenticators authenticators, UsePasskey use, Sessions sessions,
    ShopLog log, AuthenticatorClock clock)
{
    const int MostPassword = 1_000;

    public async Task<Answer<OpenedSession, ShopSignInRefusal>> Run(ShopSignInRequest request, CancellationToken ct = default)
    {
        var name = SignInName.Key(request.Name);
        var found = await accounts.FindByName(name, ct) is { State: ShopAccountState.Active } active ? active : null;
        var known = found is not null && request.Known?.Knows(found.Id) is true ? request.Known.Id : (Guid?)null;
        var guess = await guesses.Begin("shop", name, request.From, known, ct);
        if (!guess.May)
            return ShopSignInRefusal.TooManyRequests;
        var (hash, needsCode, step) = await Proofs(found, request.Code, ct);
        var isText = request.Password.Length <= MostPassword;
        var source = known is { } device ? Id.Bare(device) : request.From;
        var matches = await hashes.Verify(isText ? hash : null, isText ? request.Password : "", source, known is not null, ct);
        if (matches is null)
        {
            await guess.Unseen();
            return ShopSignInRefusal.TooManyRequests;
        }
        if (matches is PasswordVerdict.Wrong || found is null || needsCode && step is null)
            return ShopSignInRefusal.Unauthenticated;
        // Of one code at two places one is taken.
        var opened = await db.Transact(async tx =>
            await Hold(tx, found) && (!needsCode || await Authenticators.UseUp(tx, found.Id, step!.Value))
                ? await Open(tx, found, request.Device, AssuranceLevel.Password) : null, ct);
        if (opened is null)
            return ShopSignInRefusal.Unauthenticated;
        await guess.Right();
        return opened;
    }

    /// <param name="signed">What the web found right: signature, challenge, domain, origin.</param>
    public async Task<Answer<OpenedSession, ShopSignInRefusal>> ByPasskey(
        SignedByPasskey signed, string device, CancellationToken ct = default)
    {
        if (signed.Subject.Kind != SubjectKind.ShopAccount
            || await accounts.Find(new ShopAccountId(signed.Subject.Id), ct) is not { } found)
            return ShopSignInRefusal.Unauthenticated;
        var opened = await db.Transact(async tx => await Hold(tx, found) && await use.Counts(tx, signed, device)
            ? await Open(tx, found, device, AssuranceLevel.Passkey) : null, ct);
        return opened is null ? ShopSignInRefusal.Unauthenticated : opened;
    }

    /// <summary>Whether the account still signs in; in its merchant's turn, so that whoever dismisses it beside this waits.</summary>
    static async Task<bool> Hold(DbTransaction tx, ShopAccount found)
    {
        await ShopLog.Turn(tx, found.Merchant);
        return await tx.Connection!.ExecuteScalarAsync<int?>("select 1 from shop_account where id = @Id and state = @active",
            new { found.Id, active = ShopAccountState.Active }, tx) is not null;
    }

    /// <summary>The session, with its row in the log.</summary>
    async Task<OpenedSession> Open(DbTransaction tx, ShopAccount found, string device, AssuranceLevel assurance)
    {
        var session = await sessions.Open(tx, Subject.ShopAccount(found.Id), device, found.Merchant, assurance: assurance);
        await log.Append(tx, ShopAct.SignedIn, new ActingShop(found.Merchant, found.Id), found.Id);
        return session;
    }

    async Task<(string? Hash, bool NeedsCode, long? Step)> Proofs(ShopAccount? found, string? code, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var id = found?.Id ?? default;
        return (await Credentials.FindHash(connection, id, CredentialKind.Password), await Authenticators.Has(connection, id),
            await authenticators.StepOf(connection, id, code, clock.Now));
    }
}

using System.Data.Common;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Staff;

/// <summary>
/// Somebody who was invited to a merchant's desk, with the link, chooses by what they sign in and a password, and makes a passkey or shows
/// a code of an authenticator, or neither.
/// </summary>
/// <param name="Secret">What the authenticator was given; null: none is set up.</param>
/// <param name="Code">What it shows now.</param>
/// <param name="Passkey">The passkey that was made for this link; with it the authenticator is not looked at.</param>
public sealed record JoinShopRequest(string Token, string SignInName, string Password, string From, string Device,
    byte[]? Secret = null, string? Code = null, NewPasskey? Passkey = null);

/// <summary>
/// An account has begun, and is signed in: the authenticator's code was used up by joining, and whoever had to sign in now would wait for
/// another.
/// </summary>
public sealed record JoinedShop(ShopAccount Account, OpenedSession Session);

/// <summary>Why an account does not begin, in the order it is checked.</summary>
public enum JoinShopRefusal
{
    None = 0,

    /// <summary>The link was used, has lapsed, or is none.</summary>
    NotFound = 1,

    /// <summary>No sign-in name (<see cref="Staff.SignInName"/>).</summary>
    InvalidName = 2,

    /// <summary>The programme's rule for passwords refuses it (<see cref="PasswordRule"/>).</summary>
    InvalidPassword = 3,

    /// <summary>The code is not the one that the authenticator shows, or the passkey is none that was asked for, or somebody's.</summary>
    InvalidCode = 4,

    /// <summary>An owner needs a passkey or an authenticator.</summary>
    FactorNeeded = 5,

    /// <summary>Too many wait to be hashed; come again.</summary>
    TooManyRequests = 6,

    /// <summary>Another account signs in by that name.</summary>
    NameTaken = 7,
}

/// <summary>The end of an invitation to a merchant's desk. The link is used up.</summary>
public sealed class JoinShop(
    Database db, HashLine hashes, JoiningFactors factors, ShopSignIn signIn, ShopLog log, Programme programme, TimeProvider clock)
{
    /// <summary>The account that this link is of, while it opens.</summary>
    public async Task<ShopAccount?> Find(string token, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.ExecuteScalarAsync<Guid?>(
            "select id from shop_account where link_hash = @hash and state = @invited and link_until_ms > @now", Link(token))
            is { } id ? await ShopAccounts.Find(connection, new ShopAccountId(id)) : null;
    }

    public async Task<Answer<JoinedShop, JoinShopRefusal>> Run(JoinShopRequest request, CancellationToken ct = default)
    {
        var account = await Find(request.Token, ct);
        var step = factors.StepOf(request.Secret, request.Code, request.Passkey);
        var faults = PasswordRule.Faults(programme.Membership, request.Password, request.SignInName);
        if (Decide(request, account, faults.Count == 0, step is not null) is not JoinShopRefusal.None and var refusal)
            return refusal;
        if (await hashes.Make(request.Password, request.From, ct) is not { } hash)
            return JoinShopRefusal.TooManyRequests;
        try
        {
            return await db.Transact<Answer<JoinedShop, JoinShopRefusal>>(async tx =>
            {
                await ShopLog.Turn(tx, account!.Merchant);
                // The role may have been changed since, by whoever had the turn before.
                if (await tx.Connection!.ExecuteScalarAsync<ShopRole?>(
                    "select role from shop_account where id = @id and link_hash = @hash and state = @invited and link_until_ms > @now",
                    Link(request.Token, account.Id), tx) is not { } role)
                    return JoinShopRefusal.NotFound;
                if (role == ShopRole.Owner && step is null && request.Passkey is null)
                    return JoinShopRefusal.FactorNeeded;
                if (!await factors.Keep(
                    tx, Subject.ShopAccount(account.Id), request.Device, request.Passkey, request.Secret, step))
                    return JoinShopRefusal.InvalidCode;
                await tx.Connection!.ExecuteAsync(
                    """
                    update shop_account
                    set state = @active, sign_in_name = @name, link_hash = null, link_until_ms = null
                    where id = @Id
                    """,
                    new { account.Id, active = ShopAccountState.Active, name = SignInName.Key(request.SignInName) }, tx);
                await Credentials.Set(tx, account.Id, CredentialKind.Password, hash, clock.GetUtcNow());
                await log.Append(tx, ShopAct.Joined, new ActingShop(account.Merchant, account.Id), account.Id);
                var begun = account with { State = ShopAccountState.Active, SignInName = SignInName.Key(request.SignInName) };
                return new JoinedShop(begun, await signIn.Open(
                    tx, begun, request.Device, request.Passkey is null ? AssuranceLevel.Password : AssuranceLevel.Passkey));
            }, ct);
        }
        catch (DbException e) when (db.IsDuplicate(e))
        {
            return JoinShopRefusal.NameTaken;
        }
    }

    internal static JoinShopRefusal Decide(JoinShopRequest request, ShopAccount? account, bool isGoodPassword, bool isRightCode)
    {
        if (account is null) return JoinShopRefusal.NotFound;
        if (!SignInName.TryParse(request.SignInName, out _)) return JoinShopRefusal.InvalidName;
        if (!isGoodPassword) return JoinShopRefusal.InvalidPassword;
        if (request is { Secret: not null, Passkey: null } && !isRightCode) return JoinShopRefusal.InvalidCode;
        return account.Role == ShopRole.Owner && request is { Secret: null, Passkey: null } ? JoinShopRefusal.FactorNeeded
            : JoinShopRefusal.None;
    }

    object Link(string token, ShopAccountId id = default) => new
    {
        id,
        hash = InvitationLink.Hash(token),
        invited = ShopAccountState.Invited,
        now = clock.GetUtcNow().ToUnixTimeMilliseconds(),
    };
}

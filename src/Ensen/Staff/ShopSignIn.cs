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
/// What both ways in by password share: <see cref="StaffDoor"/>.
/// </summary>
public sealed class ShopSignIn(
    Database db, ShopAccounts accounts, StaffDoor door, UsePasskey use, Sessions sessions, ShopLog log)
{
    public async Task<Answer<OpenedSession, ShopSignInRefusal>> Run(ShopSignInRequest request, CancellationToken ct = default)
    {
        var name = SignInName.Key(request.Name);
        var found = await accounts.FindByName(name, ct) is { State: ShopAccountState.Active } active ? active : null;
        var answer = await door.Run(
            new AtTheDoor("shop", name, found?.Id, request.Password, request.Code, NeedsCode: false, request.From, request.Known),
            tx => Hold(tx, found!), tx => Open(tx, found!, request.Device, AssuranceLevel.Password), ct);
        return answer.Session is { } session ? session
            : answer.IsTooMany ? ShopSignInRefusal.TooManyRequests
            : ShopSignInRefusal.Unauthenticated;
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
    internal async Task<OpenedSession> Open(DbTransaction tx, ShopAccount found, string device, AssuranceLevel assurance)
    {
        var session = await sessions.Open(tx, Subject.ShopAccount(found.Id), device, found.Merchant, assurance: assurance);
        await log.Append(tx, ShopAct.SignedIn, new ActingShop(found.Merchant, found.Id), found.Id);
        return session;
    }
}

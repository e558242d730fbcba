using Ensen.Access;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Staff;

/// <summary>A PIN for the tills, for one of the staff: their own choice, or one that is drawn.</summary>
/// <param name="Pin">Null: it is drawn.</param>
public sealed record GiveTillPinRequest(ActingShop By, ShopAccountId Account, string? Pin = null);

/// <summary>The PIN, which is shown once and is nowhere else.</summary>
public sealed record TillPinGiven(ShopAccountId Account, string Pin);

/// <summary>Why a PIN stays as it is, in the order it is checked.</summary>
public enum GiveTillPinRefusal
{
    None = 0,

    /// <summary>It is neither their own nor may they give one to others.</summary>
    Forbidden = 1,

    /// <summary>The PIN is too easy, or none.</summary>
    InvalidRequest = 2,

    /// <summary>The merchant has no such account.</summary>
    NotFound = 3,

    /// <summary>It was dismissed.</summary>
    Ended = 4,

    /// <summary>Too many hashes are being made at once.</summary>
    TooManyRequests = 5,
}

/// <summary>
/// Gives one of the staff a PIN for the tills of their stores, in place of the one before. Whoever was given one changes it, so that only
/// they know it. It needs no account that was joined: many stand at a till who never open the desk.
/// </summary>
public sealed class GiveTillPin(Database db, ShopLog log, HashLine hashes, TimeProvider clock)
{
    public async Task<Answer<TillPinGiven, GiveTillPinRefusal>> Run(GiveTillPinRequest request, CancellationToken ct = default)
    {
        var pin = request.Pin is { } typed ? TypedDigits.Number(typed) ?? typed : Pins.Draw(PinPurpose.Refund);
        var isStrong = Pins.IsStrong(PinPurpose.Refund, pin);
        var hash = isStrong ? await hashes.Make(pin, Id.Bare(request.Account), ct) : null;
        if (isStrong && hash is null)
            return GiveTillPinRefusal.TooManyRequests;
        var refusal = await db.Transact(async tx =>
        {
            // Whoever is not of the merchant is nobody there: no turn is taken for them.
            var found = await ShopAccounts.Find(tx.Connection!, request.By.Merchant, request.Account, tx);
            if (found is not null)
            {
                await ShopLog.Turn(tx, request.By.Merchant);
                found = await ShopAccounts.Find(tx.Connection!, request.By.Merchant, request.Account, tx);
            }
            var may = request.By.Account == request.Account || await ShopAccounts.MayStaff(tx, request.By);
            if (Decide(may, isStrong, found) is not GiveTillPinRefusal.None and var decided)
                return decided;
            await Credentials.Set(tx, request.Account, CredentialKind.ClerkPin, hash!, clock.Now());
            await log.Append(tx, ShopAct.SetTillPin, request.By, request.Account);
            return GiveTillPinRefusal.None;
        }, ct);
        return refusal == GiveTillPinRefusal.None ? new TillPinGiven(request.Account, pin) : refusal;
    }

    /// <param name="found">The account; null when the merchant has no such one.</param>
    internal static GiveTillPinRefusal Decide(bool may, bool isStrong, ShopAccount? found)
    {
        if (!may) return GiveTillPinRefusal.Forbidden;
        if (!isStrong) return GiveTillPinRefusal.InvalidRequest;
        if (found is null) return GiveTillPinRefusal.NotFound;
        return found.State == ShopAccountState.Dismissed ? GiveTillPinRefusal.Ended : GiveTillPinRefusal.None;
    }
}

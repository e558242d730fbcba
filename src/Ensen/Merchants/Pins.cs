using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Merchants;

/// <summary>What a store's PIN opens.</summary>
public enum PinPurpose
{
    TillSignIn = 1,
    Refund = 2,
}

/// <summary>What became of a typed PIN.</summary>
public enum PinCheck
{
    Right = 1,

    /// <summary>Also when the store has none.</summary>
    Wrong = 2,
    TooManyRequests = 3,
}

/// <summary>A store's PINs: hashed like passwords, and guesses at them counted like theirs, over all nodes.</summary>
public sealed class Pins(Database db, Guesses guesses, HashLine hashes, TimeProvider clock)
{
    /// <summary>How long whoever was told "too many" should wait before the next try.</summary>
    public static TimeSpan ComeAgain => TimeSpan.FromSeconds(30);

    /// <summary>
    /// Digits only: at least 6 to sign in (from anywhere), 4 to refund (from a signed-in till). Not all alike, not counting up or down.
    /// </summary>
    public static bool IsStrong(PinPurpose purpose, string pin)
    {
        var least = purpose switch
        {
            PinPurpose.TillSignIn => 6,
            PinPurpose.Refund => 4,
            _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
        };
        return pin.Length >= least && pin.Length <= 12 && pin.All(char.IsAsciiDigit)
            && pin.Distinct().Count() > 1
            && !"01234567890123456789".Contains(pin, StringComparison.Ordinal)
            && !"98765432109876543210".Contains(pin, StringComparison.Ordinal);
    }

    /// <summary>A PIN that nobody can guess from its store: six digits for the till, four to refund.</summary>
    public static string Draw(PinPurpose purpose)
    {
        for (var most = purpose == PinPurpose.TillSignIn ? 1_000_000 : 10_000; ;)
        {
            var digits = purpose == PinPurpose.TillSignIn ? 6 : 4;
            var pin = RandomNumberGenerator.GetInt32(most).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
            if (IsStrong(purpose, pin))
                return pin;
        }
    }

    /// <summary>Sets or changes a PIN. False when it is too easy.</summary>
    public async Task<bool> Set(StoreId store, PinPurpose purpose, string pin, CancellationToken ct = default)
    {
        if (!IsStrong(purpose, pin))
            return false;
        if (await hashes.Make(pin, Id.Bare(store), ct) is not { } hash)
            return false;
        await db.Transact(tx => Write(tx, store, purpose, hash, clock.GetUtcNow()), ct);
        return true;
    }

    /// <summary>Looks at the PIN that was typed to refund at a till. A till is signed in: it is known, and has tries of its own.</summary>
    public Task<PinCheck> CheckRefund(StoreId store, TillId till, string pin, CancellationToken ct = default) =>
        Check(store, PinPurpose.Refund, pin, Id.Bare(store), Id.Bare(till), till, ct);

    // The account is what was typed, so that a store that does not exist is answered like one that does.
    internal async Task<PinCheck> Check(
        StoreId? store, PinPurpose purpose, string pin, string account, string from, Guid? device, CancellationToken ct)
    {
        var guess = await guesses.Begin(purpose == PinPurpose.Refund ? "refund-pin" : "till-pin", account, from, device, ct);
        if (!guess.May)
            return PinCheck.TooManyRequests;
        var hash = store is null ? null : await Hash(store.Value, purpose, ct);
        var (typed, source) = (TypedDigits.Number(pin) ?? pin, device is null ? from : Id.Bare(device.Value));
        switch (await hashes.Verify(hash, typed, source, device is not null, ct))
        {
            case PasswordVerdict.Right:
                await guess.Right();
                return PinCheck.Right;
            case PasswordVerdict.RightAndOutdated:
                await guess.Right();
                if (await hashes.Make(typed, source, ct) is { } stronger)
                    await db.Transact(tx => Write(tx, store!.Value, purpose, stronger, clock.GetUtcNow()), ct);
                return PinCheck.Right;
            case PasswordVerdict.Wrong:
                return PinCheck.Wrong;
            default:
                await guess.Unseen();
                return PinCheck.TooManyRequests;
        }
    }

    internal static Task Write(DbTransaction tx, StoreId store, PinPurpose purpose, string hash, DateTimeOffset now) =>
        Credentials.Set(tx, store, KindOf(purpose), hash, now);

    async Task<string?> Hash(StoreId store, PinPurpose purpose, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await Credentials.FindHash(connection, store, KindOf(purpose));
    }

    static CredentialKind KindOf(PinPurpose purpose) => purpose switch
    {
        PinPurpose.TillSignIn => CredentialKind.TillPin,
        PinPurpose.Refund => CredentialKind.RefundPin,
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };
}

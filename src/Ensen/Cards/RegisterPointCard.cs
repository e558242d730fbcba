using System.Data.Common;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Gateways;
using Ensen.Identity;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Cards;

/// <summary>A card as its owner types it in. <paramref name="Membership"/>: existing or new.</summary>
/// <param name="Device">What tries are counted by beside the card: the session.</param>
public sealed record RegisterPointCardRequest(
    MemberId Member, string Issuer, string Number, string? Pin, string Membership, SessionId Device, IdempotencyKey Key);

/// <summary>Why a card is not registered, in the order it is checked; the names are the contract's codes.</summary>
public enum RegisterPointCardRefusal
{
    None = 0,

    /// <summary>No such issuer, no such membership, or a PIN of another length than the issuer's.</summary>
    InvalidRequest = 1,

    /// <summary>The number is no number of this issuer's: its length, its beginning or its check digit.</summary>
    InvalidCode = 2,

    /// <summary>The card has no PIN, so it is known by its owner's name alone, and whose name the member has is not verified.</summary>
    NotVerified = 3,
    TooManyRequests = 4,

    /// <summary>The issuer gave no answer.</summary>
    TryAgain = 5,

    /// <summary>No such card, or another PIN, or without a PIN another owner: it is told the same, so that nobody learns which.</summary>
    CardRefused = 6,
    DifferentPerson = 7,
    Lapsed = 8,

    /// <summary>Registered with the issuer already where "not yet" was said, or the other way round.</summary>
    NotEligible = 9,

    /// <summary>In another account.</summary>
    AlreadyLinked = 10,

    /// <summary>In this one.</summary>
    AlreadyRegistered = 11,
    KeyReused = 12,
}

/// <summary>
/// Registers a point card: one card, one account. Tries are counted before the issuer is asked, at the card over all members and at the
/// device, and a right one is taken back.
/// </summary>
public sealed class RegisterPointCard(
    Database db, IPointCardIssuers issuers, CardNumbers numbers, RevokedCards revoked, VerifiedIdentity identity, AttemptLimiter tries,
    Outbox outbox, TimeProvider clock)
{
    const string Told = "point-card-told";
    const string ByCard = "point-card";
    const string ByDevice = "point-card-device";
    public const string Existing = "existing";
    public const string New = "new";

    /// <summary>Attack 57: so few PINs of a card are tried that a thousandth of them is not reached in a year.</summary>
    static readonly AttemptLimit s_ofCard = new(5, TimeSpan.FromDays(1));
    static readonly AttemptLimit s_ofDevice = new(20, TimeSpan.FromDays(1));

    /// <summary>Once a day: whoever tries often does not fill a mailbox.</summary>
    static readonly AttemptLimit s_ofOwner = new(1, TimeSpan.FromDays(1));

    public async Task<Answer<PointCard, RegisterPointCardRefusal>> Run(RegisterPointCardRequest request, CancellationToken ct = default)
    {
        if (await Stored(request, ct) is { } stored)
            return stored;
        var issuer = issuers.All.FirstOrDefault(i => i.Code == request.Issuer);
        var pin = request.Pin is { Length: > 0 } ? TypedDigits.Number(request.Pin) : null;
        var kana = await identity.KanaOf(request.Member, ct);
        if (Before(issuer, request, pin, kana is not null) is not RegisterPointCardRefusal.None and var refusal)
            return refusal;
        var number = CardNumbers.Digits(issuer!, request.Number)!;
        var hash = numbers.Hash(issuer!.Code, number);
        var (card, device) = (Convert.ToHexString(hash), Id.Bare(request.Device));
        var may = await tries.Count(ByCard, card, s_ofCard, ct);
        may &= await tries.Count(ByDevice, device, s_ofDevice, ct);
        if (!may) return RegisterPointCardRefusal.TooManyRequests;

        if (await issuers.Look(issuer.Code, number, pin, ct) is not { } finding)
        {
            await TakeBack(card, device, ct);
            return RegisterPointCardRefusal.TryAgain;
        }
        var decided = Decide(issuer, finding, request.Membership == Existing, kana);
        if (decided != RegisterPointCardRefusal.CardRefused)
            await TakeBack(card, device, ct);
        return decided == RegisterPointCardRefusal.None ? await Keep(request, number, hash, ct) : decided;
    }

    static RegisterPointCardRefusal Before(PointCardIssuer? issuer, RegisterPointCardRequest request, string? pin, bool isVerified)
    {
        if (issuer is null || request.Membership is not (Existing or New) || (pin?.Length ?? 0) != issuer.PinLength)
            return RegisterPointCardRefusal.InvalidRequest;
        if (CardNumbers.Digits(issuer, request.Number) is null) return RegisterPointCardRefusal.InvalidCode;
        return issuer.PinLength == 0 && !isVerified ? RegisterPointCardRefusal.NotVerified : RegisterPointCardRefusal.None;
    }

    /// <summary>What the issuer's answer means, in the order of the refusals.</summary>
    /// <param name="kana">The member's verified name; null where it is not verified, empty where the papers have no reading of it.</param>
    internal static RegisterPointCardRefusal Decide(PointCardIssuer issuer, PointCardFinding finding, bool existing, string? kana)
    {
        var isOwner = finding.OwnerKana is not { } owner || kana is null or "" || KanaName.AreSame(kana, owner);

        if (finding.Standing == PointCardStanding.NotConfirmed || issuer.PinLength == 0 && !isOwner)
            return RegisterPointCardRefusal.CardRefused;
        if (!isOwner) return RegisterPointCardRefusal.DifferentPerson;
        if (finding.Standing == PointCardStanding.Lapsed) return RegisterPointCardRefusal.Lapsed;
        return finding.IsMember == existing ? RegisterPointCardRefusal.None : RegisterPointCardRefusal.NotEligible;
    }

    async Task TakeBack(string card, string device, CancellationToken ct)
    {
        await tries.TakeBack(ByCard, card, ct);
        await tries.TakeBack(ByDevice, device, ct);
    }

    async Task<Answer<PointCard, RegisterPointCardRefusal>> Keep(
        RegisterPointCardRequest request, string number, byte[] hash, CancellationToken ct)
    {
        var now = clock.Now();
        var card = new PointCard(Id.New<PointCardId>(now), request.Member, request.Issuer, numbers.Protect(number), number[^4..],
            PointCardState.InForce);
        PointCard? taken = null;
        var refusal = await db.Transact(async tx =>
        {
            if (await RevokedCards.Has(tx.Connection!, hash, tx))
                return RegisterPointCardRefusal.CardRefused;
            if (!await IdempotencyKeys.Take(tx, request.Key, now))
                return RegisterPointCardRefusal.KeyReused;
            if (await tx.Connection!.ExecuteAsync(
                """
                insert into point_card (id, member_id, issuer, number_hash, number_secret, last_four, state, registered_ms, changed_ms)
                values (@Id, @MemberId, @Issuer, @hash, @NumberSecret, @LastFour, @state, @at, @at)
                on conflict (number_hash) do nothing
                """,
                new
                {
                    card.Id,
                    card.MemberId,
                    card.Issuer,
                    hash,
                    card.NumberSecret,
                    card.LastFour,
                    state = (short)card.State,
                    at = now.ToUnixTimeMilliseconds(),
                }, tx) == 0)
            {
                await tx.Connection!.ExecuteAsync(
                    "delete from idempotency_key where caller = @Caller and key = @Key", new { request.Key.Caller, request.Key.Key }, tx);
                taken = await HeldBy(tx, hash);
                return taken?.MemberId == request.Member
                    ? RegisterPointCardRefusal.AlreadyRegistered : RegisterPointCardRefusal.AlreadyLinked;
            }
            await IdempotencyKeys.Answer(tx, request.Key.Caller, request.Key.Key, card.Id.ToString());
            return RegisterPointCardRefusal.None;
        }, ct);
        if (refusal == RegisterPointCardRefusal.AlreadyLinked && taken is not null)
            await TellOwner(taken, hash, ct);
        // A revocation that committed beside us has not seen this card, nor we it: one of the two looks after the other's commit.
        if (refusal == RegisterPointCardRefusal.None && await IsRevoked(hash, ct))
        {
            await revoked.CarryOn(ct);
            return RegisterPointCardRefusal.CardRefused;
        }
        return refusal switch
        {
            RegisterPointCardRefusal.None => card,
            RegisterPointCardRefusal.KeyReused => await Stored(request, ct) ?? refusal,
            _ => refusal,
        };
    }

    static Task<PointCard?> HeldBy(DbTransaction tx, byte[] hash) => tx.Connection!.QuerySingleOrDefaultAsync<PointCard?>(
        "select id, member_id, issuer, number_secret, last_four, state from point_card where number_hash = @hash", new { hash }, tx);

    async Task<bool> IsRevoked(byte[] hash, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await RevokedCards.Has(connection, hash);
    }

    /// <summary>
    /// Whoever comes here has shown the PIN, or without one the owner's name: a guesser does not, and neither learns nor causes anything.
    /// </summary>
    async Task TellOwner(PointCard card, byte[] hash, CancellationToken ct)
    {
        if (!await tries.Count(Told, Convert.ToHexString(hash), s_ofOwner, ct))
            return;
        await db.Transact(
            tx => CardNotice.Add(tx, outbox, issuers, NoticeKind.CardTried, card.MemberId, card.Issuer, card.LastFour, clock.Now()), ct);
        outbox.Wake();
    }

    async Task<Answer<PointCard, RegisterPointCardRefusal>?> Stored(RegisterPointCardRequest request, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        if (await IdempotencyKeys.Find(connection, request.Key) is not { } found)
            return null;
        return request.Key.IsSameRequest(found) && Id.TryParse(found.Answer, out PointCardId id)
            && await CardNumbers.Find(connection, request.Member, id) is { } card
                ? ((Answer<PointCard, RegisterPointCardRefusal>)card).AsReplay() : RegisterPointCardRefusal.KeyReused;
    }
}

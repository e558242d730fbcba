using System.Security.Cryptography;
using System.Text;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Codes;

/// <summary>
/// A code on a member's screen: the digits (Code 128), the text of the QR that carries the same digits, and when it lapses.
/// </summary>
public sealed record ShownCode(string Digits, string Qr, DateTimeOffset ExpiresAt);

/// <summary>
/// A code as it is kept: its digits only as a hash, so that no number that looks like a card's lies in the database.
/// <paramref name="PointsToUse"/>: at most so many points of the bill; 0 for none.
/// </summary>
public sealed record ShownCodeRow(Guid Id, MemberId MemberId, SessionId SessionId, PointAmount PointsToUse, long MadeMs, long ExpiresMs)
{
    public bool HasLapsed(DateTimeOffset now) => ExpiresMs <= now.ToUnixTimeMilliseconds();
}

/// <summary>Why no code is shown; the names are the contract's codes.</summary>
public enum ShowCodeRefusal
{
    None = 0,

    /// <summary>The wallet is frozen: the till would refuse what the phone shows.</summary>
    Frozen = 1,
}

/// <summary>A member shows a code: one use, five minutes, and the phone makes the next one after four.</summary>
public sealed class ShowCode(Database db, Programme programme, TimeProvider clock)
{
    /// <summary>
    /// Makes a code for the member's device; the code dies with the device's session. Whether the wallet may pay is decided when the till
    /// takes the code: a freeze that came meanwhile holds there.
    /// </summary>
    public async Task<Answer<ShownCode, ShowCodeRefusal>> Run(
        MemberId memberId, SessionId sessionId, PointAmount pointsToUse = default, CancellationToken ct = default)
    {
        var now = clock.Now();
        var number = ShownCodeNumber.New(programme.Codes.Prefix);
        var expires = now.AddSeconds(programme.Codes.LifeSeconds);
        var row = new ShownCodeRow(Id.New(now), memberId, sessionId, PointAmount.Max(PointAmount.Zero, pointsToUse),
            now.ToUnixTimeMilliseconds(), expires.ToUnixTimeMilliseconds());
        var isFrozen = await db.Transact(async tx =>
        {
            if (await Restrictions.Holds(tx.Connection!, memberId, RestrictionKind.Frozen, now, tx))
                return true;
            await tx.Connection!.ExecuteAsync(
                """
                insert into shown_code (id, digits_hash, member_id, session_id, points_to_use, made_ms, expires_ms)
                values (@Id, @hash, @MemberId, @SessionId, @PointsToUse, @MadeMs, @ExpiresMs)
                """,
                new { row.Id, hash = Hash(number), row.MemberId, row.SessionId, row.PointsToUse, row.MadeMs, row.ExpiresMs }, tx);
            return false;
        }, ct);
        if (isFrozen)
            return ShowCodeRefusal.Frozen;
        return new ShownCode(number.Digits, ConsumerQr.Write(number), expires);
    }

    /// <summary>The code with these digits, also when it has lapsed; null when there never was one (or it was swept away).</summary>
    public async Task<ShownCodeRow?> Find(ShownCodeNumber number, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<ShownCodeRow?>(
            """
            select id, member_id, session_id, points_to_use, made_ms, expires_ms
            from shown_code
            where digits_hash = @hash
            """,
            new { hash = Hash(number) });
    }

    static byte[] Hash(ShownCodeNumber number) => SHA256.HashData(Encoding.ASCII.GetBytes(number.Digits));

    /// <summary>Forgets codes that lapsed more than a day ago: a till that scans one then hears that it is no code.</summary>
    public Task<int> Sweep(CancellationToken ct = default) => db.Transact(tx => tx.Connection!.ExecuteAsync(
        "delete from shown_code where expires_ms < @before",
        new { before = clock.GetUtcNow().AddDays(-1).ToUnixTimeMilliseconds() }, tx), ct);
}

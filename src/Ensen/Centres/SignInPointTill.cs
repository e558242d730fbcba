using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Centres;

/// <summary>
/// A point till's sign-in as the centre's staff type it. <paramref name="From"/>: the address it comes from. <paramref name="Known"/>:
/// what the device is known by.
/// </summary>
public sealed record PointTillSignInRequest(string CentreNumber, string Pin, string Device, string From, KnownDevice? Known = null);

/// <summary>A signed-in point till: the token is for its device alone.</summary>
public sealed record PointTillSignedIn(string Token, SessionId Session, Centre Centre);

/// <summary>Why a point till is not signed in. A wrong number and a wrong PIN get the same answer.</summary>
public enum PointTillSignInRefusal
{
    None = 0,
    Unauthenticated = 1,
    TooManyRequests = 2,
}

/// <summary>
/// Signs a device in as a centre's point till, by the centre's number and PIN. Guesses are counted as those of shops' tills.
/// </summary>
public sealed class SignInPointTill(Database db, Guesses guesses, HashLine hashes, Sessions sessions)
{
    public async Task<Answer<PointTillSignedIn, PointTillSignInRefusal>> Run(
        PointTillSignInRequest request, CancellationToken ct = default)
    {
        if (TypedDigits.Number(request.CentreNumber) is not { Length: 8 } number)
            return PointTillSignInRefusal.Unauthenticated;
        var found = await Find(number, ct);
        var known = found is { } row && request.Known?.Knows(row.Id) is true ? request.Known.Id : (Guid?)null;
        // The account is what was typed, so that a centre that does not exist is answered like one that does.
        var guess = await guesses.Begin("point-till-pin", number, request.From, known, ct);
        if (!guess.May)
            return PointTillSignInRefusal.TooManyRequests;
        var pin = TypedDigits.Number(request.Pin) ?? request.Pin;
        var verdict = await hashes.Verify(
            found?.PinHash, pin, known is { } device ? Id.Bare(device) : request.From, known is not null, ct);
        if (verdict is null)
        {
            await guess.Unseen();
            return PointTillSignInRefusal.TooManyRequests;
        }
        if (verdict == PasswordVerdict.Wrong || found is not { } centre)
            return PointTillSignInRefusal.Unauthenticated;
        await guess.Right();
        var session = await sessions.Open(
            Subject.PointTill(centre.Till), request.Device, centre.Id, assurance: AssuranceLevel.Pin, ct: ct);
        return new PointTillSignedIn(session.Token, session.Caller.Session, new Centre(centre.Id, centre.Name, number));
    }

    async Task<(CentreId Id, string Name, string? PinHash, PointTillId Till)?> Find(string number, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QueryFirstOrDefaultAsync<(CentreId, string, string?, PointTillId)?>(
            """
            select centre.id, centre.name, centre.pin_hash, point_till.id
            from centre
            join point_till on point_till.centre_id = centre.id
            where centre.number = @number
            order by point_till.id
            limit 1
            """, new { number });
    }
}

using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Centres;

/// <summary>A centre to be opened with its first point till; without a PIN the till is signed in by its token only.</summary>
public sealed record OpenCentreRequest(string Name, string? Pin = null);

/// <summary>The centre that was opened.</summary>
public sealed record OpenedCentre(Centre Centre, PointTillId TillId);

/// <summary>Why a centre is not opened.</summary>
public enum OpenCentreRefusal
{
    None = 0,
    InvalidName = 1,
    WeakPin = 2,
}

/// <summary>Opens a shopping centre with one point till.</summary>
public sealed class OpenCentre(Database db, TimeProvider clock)
{
    /// <summary>So many drawn numbers that are taken already do not follow each other while there is room.</summary>
    const int MostNumbers = 100;

    public async Task<Answer<OpenedCentre, OpenCentreRefusal>> Run(OpenCentreRequest request, CancellationToken ct = default)
    {
        if (!OneLineName.TryParse(request.Name, out var name)) return OpenCentreRefusal.InvalidName;
        if (request.Pin is { } pin && !Pins.IsStrong(PinPurpose.TillSignIn, pin)) return OpenCentreRefusal.WeakPin;
        var now = clock.GetUtcNow();
        var hash = request.Pin is null ? null : PasswordHash.Make(request.Pin);
        var (id, till) = (Id.New<CentreId>(now), Id.New<PointTillId>(now));
        for (var tries = 0; tries < MostNumbers; tries++)
        {
            var number = RandomNumberGenerator.GetInt32(10_000_000, 100_000_000).ToString(CultureInfo.InvariantCulture);
            if (await db.Transact(async tx =>
            {
                var at = now.ToUnixTimeMilliseconds();
                if (await tx.Connection!.ExecuteAsync(
                    """
                    insert into centre (id, name, number, pin_hash, created_ms)
                    values (@id, @name, @number, @hash, @at)
                    on conflict (number) do nothing
                    """,
                    new { id, name, number, hash, at }, tx) == 0)
                    return false;
                await tx.Connection!.ExecuteAsync(
                    "insert into point_till (centre_id, id, name, created_ms) values (@id, @till, '1', @at)", new { id, till, at }, tx);
                return true;
            }, ct))
                return new OpenedCentre(new Centre(id, name, number), till);
        }
        throw new InvalidOperationException("There are hardly any centre numbers left.");
    }
}

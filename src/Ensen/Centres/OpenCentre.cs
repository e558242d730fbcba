using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Centres;

/// <summary>A centre to be opened with its first point till; without a PIN the till is signed in by its token only.</summary>
public sealed record OpenCentreRequest(string Name, string? Pin = null, IdempotencyKey? Key = null);

/// <summary>The centre that was opened.</summary>
public sealed record OpenedCentre(Centre Centre, PointTillId TillId);

/// <summary>Why a centre is not opened.</summary>
public enum OpenCentreRefusal
{
    None = 0,
    InvalidName = 1,

    /// <summary>The PIN is too easy.</summary>
    InvalidRequest = 2,

    /// <summary>Whoever opens it may not.</summary>
    Forbidden = 3,
    KeyReused = 4,
}

/// <summary>
/// Opens a shopping centre with one point till. What an operator opens stands in the log; nobody is one where the sandbox makes its own.
/// </summary>
public sealed class OpenCentre(Database db, Operators operators, OperatorLog log, TimeProvider clock)
{
    /// <summary>So many drawn numbers that are taken already do not follow each other while there is room.</summary>
    const int MostNumbers = 100;

    public Task<Answer<OpenedCentre, OpenCentreRefusal>> Run(OpenCentreRequest request, CancellationToken ct = default) =>
        Run(request, null, ct);

    public async Task<Answer<OpenedCentre, OpenCentreRefusal>> Run(
        OpenCentreRequest request, ActingOperator? acting, CancellationToken ct = default)
    {
        var by = acting is { } who ? await operators.Acting(who, OperatorRoles.Security, ct) : null;
        if (acting is not null && by is null) return OpenCentreRefusal.Forbidden;
        if (!OneLineName.TryParse(request.Name, out var name)) return OpenCentreRefusal.InvalidName;
        if (request.Pin is { } pin && !Pins.IsStrong(PinPurpose.TillSignIn, pin)) return OpenCentreRefusal.InvalidRequest;
        var now = clock.GetUtcNow();
        var hash = request.Pin is null ? null : PasswordHash.Make(request.Pin);
        var (id, till) = (Id.New<CentreId>(now), Id.New<PointTillId>(now));
        if (request.Key is { } asked && await Earlier(asked, ct) is { } earlier) return earlier;
        for (var tries = 0; tries < MostNumbers; tries++)
        {
            var number = RandomNumberGenerator.GetInt32(10_000_000, 100_000_000).ToString(CultureInfo.InvariantCulture);
            try
            {
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
                    if (request.Key is { } key && !await Remember(tx, key, id, now))
                        throw new AskedMeanwhileException();
                    if (by is not null)
                        await log.Append(tx, OperatorAct.OpenedCentre, by, acting!.Value, id.ToString(), null);
                    return true;
                }, ct))
                    return new OpenedCentre(new Centre(id, name, number), till);
            }
            catch (AskedMeanwhileException)
            {
                return await Earlier(request.Key!, ct) ?? OpenCentreRefusal.KeyReused;
            }
        }
        throw new InvalidOperationException("There are hardly any centre numbers left.");
    }

    async Task<Answer<OpenedCentre, OpenCentreRefusal>?> Earlier(IdempotencyKey key, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        if (await IdempotencyKeys.Find(connection, key) is not { } found)
            return null;
        if (!key.IsSameRequest(found) || !Id.TryParse(found.Answer, out CentreId id))
            return OpenCentreRefusal.KeyReused;
        var centre = await connection.QuerySingleAsync<Centre>("select id, name, number from centre where id = @id", new { id });
        var till = await connection.QuerySingleAsync<PointTillId>(
            "select id from point_till where centre_id = @id order by id limit 1", new { id });
        Answer<OpenedCentre, OpenCentreRefusal> answer = new OpenedCentre(centre, till);
        return answer.AsReplay();
    }

    static async Task<bool> Remember(DbTransaction tx, IdempotencyKey key, CentreId id, DateTimeOffset now)
    {
        if (!await IdempotencyKeys.Take(tx, key, now))
            return false;
        await IdempotencyKeys.Answer(tx, key.Caller, key.Key, id.ToString());
        return true;
    }

    /// <summary>The same request came first; what this one wrote is rolled back.</summary>
    sealed class AskedMeanwhileException : Exception;
}

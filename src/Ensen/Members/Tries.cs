using System.Security.Cryptography;
using System.Text;
using Dapper;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>So many tries in so long; the window begins with the first of them.</summary>
public sealed record TryLimit(int Most, TimeSpan Within);

/// <summary>
/// Counts tries at secrets (passwords, PINs, codes) in the database, so that all nodes count together. A try is counted before the
/// secret is looked at: a hundred guesses sent at once are a hundred tries, not one.
/// </summary>
public sealed class Tries(Database db, TimeProvider clock)
{
    /// <summary>Counts one try. False when there were too many: the secret must then not be looked at.</summary>
    public async Task<bool> Count(string what, string who, TryLimit limit, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var lapsed = now - (long)limit.Within.TotalMilliseconds;
        var count = await db.Transact(tx => tx.Connection!.ExecuteScalarAsync<int>(
            """
            insert into tries (what, who, count, since_ms)
            values (@what, @who, 1, @now)
            on conflict (what, who) do update
            set count = case when tries.since_ms <= @lapsed then 1 when tries.count < @cap then tries.count + 1 else tries.count end,
              since_ms = case when tries.since_ms <= @lapsed then @now else tries.since_ms end
            returning count
            """,
            new { what, who = Hash(who), now, lapsed, cap = 1_000_000 }, tx), ct);
        return count <= limit.Most;
    }

    /// <summary>Whether there may be another try, without counting one: for secrets too long to be guessed by tries sent at once.</summary>
    public async Task<bool> MayTry(string what, string who, TryLimit limit, CancellationToken ct = default)
    {
        var lapsed = clock.GetUtcNow().ToUnixTimeMilliseconds() - (long)limit.Within.TotalMilliseconds;
        await using var connection = await db.Connect(ct);
        return await connection.ExecuteScalarAsync<int?>(
            "select count from tries where what = @what and who = @who and since_ms > @lapsed", new { what, who = Hash(who), lapsed }) is not { } count
            || count < limit.Most;
    }

    /// <summary>The try succeeded: it was no guess.</summary>
    public Task TakeBack(string what, string who, CancellationToken ct = default) =>
        db.Transact(tx => tx.Connection!.ExecuteAsync(
            "update tries set count = count - 1 where what = @what and who = @who and count > 0", new { what, who = Hash(who) }, tx), ct);

    /// <summary>Begins to count afresh, for whoever has just proved who they are.</summary>
    public Task Forget(string what, string who, CancellationToken ct = default) =>
        db.Transact(tx => tx.Connection!.ExecuteAsync(
            "delete from tries where what = @what and who = @who", new { what, who = Hash(who) }, tx), ct);

    /// <summary>Removes what no limit asks about any more. Run now and then.</summary>
    public Task<int> Tidy(CancellationToken ct = default)
    {
        var old = clock.GetUtcNow().AddDays(-2).ToUnixTimeMilliseconds();
        return db.Transact(tx => tx.Connection!.ExecuteAsync("delete from tries where since_ms < @old", new { old }, tx), ct);
    }

    // Addresses of people and machines are only needed to be compared.
    static byte[] Hash(string who) => SHA256.HashData(Encoding.UTF8.GetBytes(who));
}

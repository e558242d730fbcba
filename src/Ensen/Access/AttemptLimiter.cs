using System.Security.Cryptography;
using System.Text;
using Dapper;
using Ensen.Storage;

namespace Ensen.Access;

/// <summary>So many tries in so long; the window begins with the first of them.</summary>
public sealed record AttemptLimit(int Most, TimeSpan Within);

/// <summary>
/// So many tries at once, and so many again in so long; who tries more waits: one step after the first that was too many, two after
/// the next, and so on. Nobody is locked out, and whoever goes on without end gets no more than <paramref name="Free"/> in
/// <paramref name="Within"/>.
/// </summary>
public sealed record AttemptPace(int Free, TimeSpan Within, TimeSpan Step);

/// <summary>
/// When a try may be made. <paramref name="May"/> false: not now, and it was not counted; come again after <paramref name="Wait"/>.
/// </summary>
public readonly record struct AttemptTurn(bool May, TimeSpan Wait);

/// <summary>
/// Counts tries at secrets (passwords, PINs, codes) in the database, so that all nodes count together. A try is counted before the
/// secret is looked at: a hundred guesses sent at once are a hundred tries, not one.
/// </summary>
public sealed class AttemptLimiter(Database db, TimeProvider clock)
{
    /// <summary>Counts one try. False when there were too many: the secret must then not be looked at.</summary>
    public async Task<bool> Count(string what, string who, AttemptLimit limit, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var lapsed = now - (long)limit.Within.TotalMilliseconds;
        var count = await db.Transact(tx => tx.Connection!.ExecuteScalarAsync<int>(
            """
            insert into attempt (what, who, count, since_ms)
            values (@what, @who, 1, @now)
            on conflict (what, who) do update
            set count = case when attempt.since_ms <= @lapsed then 1 when attempt.count < @cap then attempt.count + 1 else attempt.count end,
              since_ms = case when attempt.since_ms <= @lapsed then @now else attempt.since_ms end
            returning count
            """,
            new { what, who = Hash(who), now, lapsed, cap = 1_000_000 }, tx), ct);
        return count <= limit.Most;
    }

    /// <summary>How long until tries that were too many are counted afresh.</summary>
    public async Task<TimeSpan> UntilFresh(string what, string who, AttemptLimit limit, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var since = await connection.ExecuteScalarAsync<long?>(
            "select since_ms from attempt where what = @what and who = @who", new { what, who = Hash(who) });
        var wait = since is null ? TimeSpan.Zero : DateTimeOffset.FromUnixTimeMilliseconds(since.Value) + limit.Within - clock.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    /// <summary>
    /// Counts one try and says when it may be made: now, or after a wait no longer than <paramref name="patience"/>. Tries sent at once get
    /// turns one after the other. One whose turn is further away is not counted.
    /// </summary>
    public async Task<AttemptTurn> Pace(string what, string who, AttemptPace pace, TimeSpan patience, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var values = new
        {
            what,
            who = Hash(who),
            now,
            free = pace.Free,
            leak = Math.Max(1, (long)pace.Within.TotalMilliseconds / pace.Free),
            step = (long)pace.Step.TotalMilliseconds,
            latest = now + (long)patience.TotalMilliseconds,
        };
        var (turn, counted) = await db.Transact(async tx =>
        {
            // The turn of this try is the row's as it was read; what is written is the turn of the next one. A count falls as time passes.
            var before = await tx.Connection!.QuerySingleAsync<(int Count, long SinceMs, long NextMs)>(
                """
                insert into attempt (what, who, count, since_ms, next_ms)
                values (@what, @who, 0, @now, @now)
                on conflict (what, who) do update set what = attempt.what
                returning count, since_ms, next_ms
                """,
                values, tx);
            var (count, since, next) = before;
            var fallen = Math.Max(0, (now - since) / values.leak);
            (count, since) = fallen >= count ? (0, now) : ((int)(count - fallen), since + fallen * values.leak);
            var mine = count < pace.Free ? now : Math.Max(now, next);
            if (mine > values.latest)
                return (mine, false);
            count++;
            next = mine + Math.Max(0, count - pace.Free + 1) * values.step;
            await tx.Connection!.ExecuteAsync(
                "update attempt set count = @count, since_ms = @since, next_ms = @next where what = @what and who = @who",
                new { values.what, values.who, count, since, next }, tx);
            return (mine, true);
        }, ct);
        return new AttemptTurn(counted, TimeSpan.FromMilliseconds(turn - now));
    }

    /// <summary>How long until there may be another try, without counting one.</summary>
    public async Task<TimeSpan> WaitOf(string what, string who, AttemptPace pace, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var leak = Math.Max(1, (long)pace.Within.TotalMilliseconds / pace.Free);
        await using var connection = await db.Connect(ct);
        var (count, since, next) = await connection.QuerySingleOrDefaultAsync<(int Count, long SinceMs, long NextMs)>(
            "select count, since_ms, next_ms from attempt where what = @what and who = @who", new { what, who = Hash(who) });
        return count - Math.Max(0, (now - since) / leak) < pace.Free ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Max(0, next - now));
    }

    /// <summary>The try succeeded, or was not made: it was no guess.</summary>
    public Task TakeBack(string what, string who, CancellationToken ct = default) =>
        db.Transact(tx => tx.Connection!.ExecuteAsync(
            "update attempt set count = count - 1 where what = @what and who = @who and count > 0", new { what, who = Hash(who) }, tx), ct);

    /// <summary>Begins to count afresh, for whoever has just proved who they are.</summary>
    public Task Forget(string what, string who, CancellationToken ct = default) =>
        db.Transact(tx => tx.Connection!.ExecuteAsync(
            "delete from attempt where what = @what and who = @who", new { what, who = Hash(who) }, tx), ct);

    /// <summary>Removes what no limit asks about any more. Run now and then.</summary>
    public Task<int> Tidy(CancellationToken ct = default)
    {
        var old = clock.GetUtcNow().AddDays(-2).ToUnixTimeMilliseconds();
        return db.Transact(tx => tx.Connection!.ExecuteAsync("delete from attempt where since_ms < @old", new { old }, tx), ct);
    }

    // Addresses of people and machines are only needed to be compared.
    internal static byte[] Hash(string who) => SHA256.HashData(Encoding.UTF8.GetBytes(who));
}

using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Identity;

/// <summary>
/// What time does to verifications: one that nobody answered lapses, one by pictures ends with its method, an accepted one counts no more
/// from its re-check on. Members are told some weeks before that, once. It can be run any number of times.
/// </summary>
public sealed class LapseVerifications(Database db, EndVerification end, Programme programme, TimeProvider clock)
{
    const int Bite = 200;

    public async Task Run(CancellationToken ct = default)
    {
        await Each(
            "state in (1, 2, 3) and lapses_ms <= @now", found => end.Lapse(found, Verification.Reasons.NoAnswer), ct);
        if (programme.Identity.Image.HasEnded(Today))
            await Each(
                "state in (1, 3) and method = 1", found => end.Lapse(found, Verification.Reasons.MethodEnded), ct);
        await Each("state = 4 and recheck_on <= @today", end.Due, ct);
        await Each("state = 4 and recheck_on <= @soon and recheck_told_ms is null", end.TellSoon, ct);
    }

    JapanDay Today => JapanDay.Of(clock.GetUtcNow());

    async Task Each(string those, Func<Verification, Task<bool>> act, CancellationToken ct)
    {
        while (true)
        {
            IReadOnlyList<Verification> some;
            await using (var connection = await db.Connect(ct))
                some = (await connection.QueryAsync<Verification>(
                    $"select {Verification.Columns} from verification where {those} order by id limit @Bite",
                    new
                    {
                        now = clock.GetUtcNow().ToUnixTimeMilliseconds(),
                        today = Today.ToString(),
                        soon = new JapanDay(Today.Date.AddDays(programme.Identity.RecheckNoticeDays)).ToString(),
                        Bite,
                    })).AsList();
            var done = 0;
            foreach (var found in some)
                if (await act(found))
                    done++;
            if (some.Count < Bite || done == 0)
                return;
        }
    }
}

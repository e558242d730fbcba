using System.Data.Common;
using Ensen.Basics;
using Ensen.Codes;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Storage;
using Microsoft.Extensions.Logging;

namespace Ensen.Operations;

/// <summary>
/// What each business day begins with: lots whose last day is over lapse, the days before get their root, what nobody can use any more (codes, counted tries, ended sessions) is swept away. Days that were
/// missed are caught up in order; a day that died half-way, or runs on two nodes at once, ends in the same state.
/// </summary>
public sealed class CloseDays(Database db, Expire expire, CloseSeals seals, Months months, ShowCode codes, AttemptLimiter tries, Sessions sessions, TimeProvider clock, ILogger<CloseDays> log)
{
    const string Name = "last-day-opened";

    JapanDay? _sealed;

    /// <summary>Runs every business day up to today that has not been run. Returns the days that were run.</summary>
    public async Task<int> Run(CancellationToken ct = default)
    {
        var today = JapanDay.Of(clock.GetUtcNow());
        var day = await Last(ct) is { } last ? last.Next : today;
        var days = 0;
        for (; day <= today; day = day.Next, days++)
        {
            var expired = await expire.Run(day, ct);
            if (expired.Lots > 0)
                log.LogInformation("{Day}: {Lots} lots with {Points} points lapsed", day, expired.Lots, expired.Points);
            // A day on which nothing lapsed needs no note of its own: run once more it does nothing.
            if (expired.Lots == 0 && day < today)
                continue;
            var done = day;
            await db.Transact(tx => Setting.Write(tx, Name, done.ToString()), ct);
        }
        if (_sealed != today)
        {
            foreach (var root in await seals.Run(today, ct))
                log.LogInformation("{Day} is closed: {Seals} seals, root {Root}", root.Date, root.Seals, root.Hex);
            await PrepareMonths(ct);
            _sealed = today;
        }
        if (days > 0)
        {
            await codes.Sweep(ct);
            await tries.Tidy(ct);
            await sessions.Tidy(ct);
        }
        return days;
    }

    /// <summary>There is time: the next two months have their place already. A day is not held up by who reads history meanwhile.</summary>
    async Task PrepareMonths(CancellationToken ct)
    {
        try
        {
            foreach (var month in await months.Prepare(ct))
                log.LogWarning("{Month} has entries already and gets no place of its own in history", month);
        }
        catch (DbException e)
        {
            log.LogWarning(e, "The next month could not be given its place in history; tried again tomorrow");
        }
    }

    /// <summary>Runs until stopped: looks every few seconds whether a day has begun.</summary>
    public Task Watch(Loops loops, CancellationToken ct) => loops.Run("business day", "points lapse and days get their root", async (_, stop) =>
    {
        await Run(stop);
        await Task.Delay(TimeSpan.FromSeconds(15), stop);
    }, ct);

    async Task<JapanDay?> Last(CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await Setting.Read(connection, Name) is { } iso ? JapanDay.Parse(iso) : null;
    }
}

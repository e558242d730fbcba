using System.Data.Common;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Storage;
using Microsoft.Extensions.Logging;

namespace Ensen.Operations;

/// <summary>
/// What each business day begins with: points that were pending go into their lots, lots whose last day is over lapse, the days before get
/// their root. Days that were
/// missed are caught up in order; a day that died half-way, or runs on two nodes at once, ends in the same state.
/// </summary>
public sealed class CloseDays(Database db, ReleasePoints release, Expire expire, CloseSeals seals, Months months, TimeProvider clock,
    ILogger<CloseDays> log)
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
            var released = await release.Run(day, ct);
            if (released > PointAmount.Zero)
                log.LogInformation("{Day}: {Points} points that were pending can be spent", day, released);
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

    async Task<JapanDay?> Last(CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await Setting.Read(connection, Name) is { } iso ? JapanDay.Parse(iso) : null;
    }
}

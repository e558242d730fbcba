using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Microsoft.Extensions.Logging;

namespace Ensen.Settlement;

/// <summary>
/// The programme's own day with merchants: days that are over are settled in their order, and while the bank takes transfers for today,
/// what is due is put into files. Days that were missed are caught up; run twice, or half and then whole, it ends in the same state.
/// </summary>
public sealed class CloseSettlements(
    Database db, SettleDay settle, MakePayOutFile make, Outbox outbox, TimeProvider clock, ILogger<CloseSettlements> log)
{
    public const string JobName = "settlement";
    const string Name = "last-day-settled";

    /// <summary>A payment of the last second is in the books by then; one that is not is settled with the next day.</summary>
    static readonly TimeSpan s_late = TimeSpan.FromMinutes(1);

    /// <summary>Returns the days that were closed.</summary>
    public async Task<int> Run(CancellationToken ct = default)
    {
        var days = 0;
        var over = JapanDay.Of(clock.GetUtcNow() - s_late).Previous;
        for (var day = await Last(ct) is { } last ? last.Next : over; day <= over; day = day.Next, days++)
        {
            // Of a day on which nothing happened nothing is left; what was written into it later is settled with the next one.
            if (day < over && !await Happened(day, ct))
                continue;
            var settled = await settle.Run(day, ct);
            if (settled.Merchants > 0)
                log.LogInformation("{Day}: {Merchants} merchants settled, {Yen} yen due", day, settled.Merchants, settled.PayOut);
            var done = day;
            await db.Transact(tx => Setting.Write(tx, Name, done.ToString()), ct);
        }
        while (await make.Run(ct) is { Accepted: true } file)
        {
            log.LogInformation("Pay-out file {File}: {Lines} lines, {Yen} yen", file.Value.FileId, file.Value.Lines, file.Value.Total);
            outbox.Wake();
        }
        return days;
    }

    async Task<bool> Happened(JapanDay day, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QueryFirstOrDefaultAsync<Guid?>(
            "select id from entry where id >= @from and id < @until order by id limit 1",
            new { from = Id.First<EntryId>(day.Start), until = Id.First<EntryId>(day.Next.Start) }) is not null;
    }

    async Task<JapanDay?> Last(CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await Setting.Read(connection, Name) is { } iso ? JapanDay.Parse(iso) : null;
    }
}

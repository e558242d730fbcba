using System.Diagnostics.Metrics;
using Dapper;
using Ensen.Storage;

namespace Ensen.Settlement;

/// <summary>What of merchants' money waits for a person, and would wait for ever without one.</summary>
public sealed class SettlementMeter : IDisposable
{
    public const string Name = "Ensen.Settlement";

    readonly Database _db;
    readonly Meter _meter = new(Name);
    long _doubts;
    long _unwritten;

    public SettlementMeter(Database db)
    {
        _db = db;
        _meter.CreateObservableGauge("ensen.payouts.in.doubt", () => Interlocked.Read(ref _doubts), null,
            "Lines that the bank has called both rejected and paid, and nobody has cleared up.");
        _meter.CreateObservableGauge("ensen.payouts.unwritten", () => Interlocked.Read(ref _unwritten), null,
            "Accounts of merchants that no file for the bank can name.");
    }

    public async Task Look(CancellationToken ct)
    {
        await using var connection = await _db.Connect(ct);
        var (doubts, unwritten) = await connection.QuerySingleAsync<(long, long)>(new CommandDefinition(
            $"""
            select (select count(*) from pay_out_doubt where cleared_ms is null), (select count(*) from {PayOutAccounts.Unwritten})
            """, cancellationToken: ct));
        Interlocked.Exchange(ref _doubts, doubts);
        Interlocked.Exchange(ref _unwritten, unwritten);
    }

    public void Dispose() => _meter.Dispose();
}

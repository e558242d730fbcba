using System.Diagnostics.Metrics;
using Dapper;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>Charges whose outcome nobody knows yet: asked of a bank, a card company or an ATM, and not answered.</summary>
public sealed class WalletMeter : IDisposable
{
    public const string Name = "Ensen.Wallet";

    readonly Database _db;
    readonly Meter _meter = new(Name);
    readonly BacklogGauge _unknown;

    public WalletMeter(Database db, TimeProvider clock)
    {
        _db = db;
        _unknown = new BacklogGauge(_meter, clock, ("ensen.charges.unknown", "Charges whose outcome the gateway has not told yet."),
            ("ensen.charges.unknown.oldest", "Since when the oldest of them is unknown; 0 when there is none."));
    }

    /// <summary>
    /// An open charge of a card or a bank that waits for a person (3-D Secure, the bank's page) counts too: it is not known either.
    /// </summary>
    public async Task Look(CancellationToken ct)
    {
        await using var connection = await _db.Connect(ct);
        var (unknown, oldest) = await connection.QuerySingleAsync<(long, long)>(new CommandDefinition(
            "select count(*), coalesce(min(at_ms), 0) from charge where state = @requested",
            new { requested = (short)ChargeState.Requested }, cancellationToken: ct));
        _unknown.Saw(unknown, oldest);
    }

    public void Dispose() => _meter.Dispose();
}

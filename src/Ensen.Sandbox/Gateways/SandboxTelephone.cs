using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Sandbox.Gateways;

/// <summary>
/// The sandbox's telephone: numbers that nobody else has, and everybody's telephones to call them from. A fault of it loses the report of a
/// call, or reports the call twice.
/// </summary>
public sealed class SandboxTelephone : ITelephone
{
    readonly Database _db;
    readonly SandboxExchanges _exchanges;

    internal SandboxTelephone(Database db, SandboxExchanges exchanges) => (_db, _exchanges) = (db, exchanges);

    /// <summary>No carrier has numbers that begin so.</summary>
    public IReadOnlyList<string> Numbers { get; } =
        ["+815000000101", "+815000000102", "+815000000103", "+815000000104", "+815000000105", "+815000000106"];

    /// <summary>That telephone calls that number. Whether a challenge waited for it.</summary>
    /// <param name="from">Null: the caller's number is withheld.</param>
    public async Task<bool> Call(HearCall hear, string? from, string? to, TimeProvider clock, CancellationToken ct = default)
    {
        var id = Id.New(clock);
        var (mode, _) = await _db.Transact(tx => SandboxFaults.Take(tx, Gateway.Telephone), ct);
        var reports = mode switch
        {
            FaultMode.Accept or FaultMode.CallbackFirst => 1,
            FaultMode.Twice => 2,
            _ => 0,
        };
        var call = new IncomingCall(Id.Bare(id), from, to);
        var matched = false;
        for (var i = 0; i < reports; i++)
            matched |= await hear.Run(call, ct);
        await _db.Transact(tx => _exchanges.Note(tx, Gateway.Telephone, id, $"{Shown(from)} calls {Shown(to)}",
            reports == 0 ? "not reported" : matched ? "matched" : "nobody waits for it"), ct);
        return matched;
    }

    static string Shown(string? number) => string.IsNullOrWhiteSpace(number) ? "withheld"
        : CardDigits.In(number) ? "no telephone's number" : number.Length <= 40 ? number : number[..40];
}

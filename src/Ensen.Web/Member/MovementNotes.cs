using Ensen.AutoCharges;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Wallet;
using Ensen.Withdrawals;

namespace Ensen.Web.Members;

/// <summary>
/// What a list of movements says of some of them beside their kind: that a withdrawal is still on its way, that a charge was made by
/// itself.
/// </summary>
sealed class MovementNotes(OwnWithdrawals withdrawals, OwnAutoCharges autoCharges)
{
    /// <summary>The key of the text for each movement of which there is something to say.</summary>
    public async Task<IReadOnlyDictionary<EntryId, string>> Of(
        MemberId member, IReadOnlyList<HistoryItem> items, CancellationToken ct = default)
    {
        var notes = new Dictionary<EntryId, string>();
        if (items.Any(item => item.Kind == EntryKind.Withdrawal))
            foreach (var entry in await withdrawals.UnderWay(member, ct))
                notes[entry] = "WithdrawState_UnderWay";
        var charges = items.Where(item => item is { ChargedBy: ChargeSource.Bank, ChargeId: not null }).ToList();
        var made = await autoCharges.Among(member, [.. charges.Select(item => item.ChargeId!.Value)], ct);
        foreach (var item in charges.Where(item => made.Contains(item.ChargeId!.Value)))
            notes[item.EntryId] = "AutoCharge";
        return notes;
    }
}

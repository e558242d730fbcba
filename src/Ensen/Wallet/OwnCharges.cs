using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>Charges for the member whose wallet they fill. Somebody else's are not found.</summary>
public sealed class OwnCharges(Database db)
{
    public async Task<ChargeRow?> Find(MemberId member, ChargeId charge, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Charges.Find(connection, member, charge);
    }

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<ChargeRow>> Latest(MemberId member, int limit, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Charges.Latest(connection, member, limit);
    }
}

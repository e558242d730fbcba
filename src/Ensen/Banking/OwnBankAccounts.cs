using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Banking;

/// <summary>Reads a member's linked accounts, for their pages and programs; charges take from the first.</summary>
public sealed class OwnBankAccounts(Database db)
{
    public async Task<IReadOnlyList<BankAccount>> Of(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await BankAccounts.Of(connection, member);
    }
}

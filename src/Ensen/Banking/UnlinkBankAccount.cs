using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Banking;

/// <summary>Why an account stays.</summary>
public enum UnlinkBankAccountRefusal
{
    None = 0,

    /// <summary>The member has no such account.</summary>
    NotFound = 1,
}

/// <summary>
/// Removes the link: nothing is taken from the account any more, and it may be linked to another wallet. A charge that is on its way ends
/// as it would have. No proof is asked for: it only takes away.
/// </summary>
public sealed class UnlinkBankAccount(Database db, Outbox outbox, TimeProvider clock)
{
    public async Task<Answer<BankAccount, UnlinkBankAccountRefusal>> Run(MemberId member, BankAccountId id, CancellationToken ct = default)
    {
        var removed = await db.Transact(async tx =>
        {
            var now = clock.Now();
            var found = await BankAccounts.Find(tx.Connection!, id, tx);
            if (found?.Member != member || await tx.Connection!.ExecuteAsync(
                "update bank_account set removed_ms = @now where id = @id and member = @member and removed_ms is null",
                new { id, member, now = now.ToUnixTimeMilliseconds() }, tx) == 0)
                return null;
            await tx.Connection!.ExecuteAsync("delete from bank_account_claim where bank_account = @id", new { id }, tx);
            if (await MemberDirectory.Read(tx.Connection!, member, tx) is { } told
                && Notice.Of(NoticeKind.BankUnlinked, told, at: now) is { } notice)
                await (notice with { Account = found!.Told }).Add(outbox, tx, Id.New(now));
            return found;
        }, ct);
        if (removed is null)
            return UnlinkBankAccountRefusal.NotFound;
        outbox.Wake();
        return removed;
    }
}

using System.Buffers.Binary;
using Ensen.Banking;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Merchants;
using Ensen.Settlement;
using Ensen.Storage;

namespace Ensen.Sandbox;

/// <summary>Gives merchants a bank account to which they are paid, at once, as two operators do in the console.</summary>
sealed class SandboxPayOutAccounts(Database db, PayOutAccounts accounts, TimeProvider clock)
{
    const string By = "sandbox";

    /// <summary>An account that the sandbox makes up of the merchant's number.</summary>
    public Task<PayOutAccount?> MakeUp(MerchantId merchant, CancellationToken ct) => Set(merchant, "9990", "001", "ordinary",
        FormattableString.Invariant($"{BinaryPrimitives.ReadUInt32BigEndian(merchant.Value.ToByteArray().AsSpan(12)) % 10_000_000:0000000}"),
        "サンドボックス", ct);

    /// <summary>Null when there is no such merchant, no such account, or another one waits for two people.</summary>
    public async Task<PayOutAccount?> Set(MerchantId merchant, string? bank, string? branch, string? kind, string? number, string? holder,
        CancellationToken ct)
    {
        if (BankAccountNumber.Read(bank, branch, kind, number) is not { } read || !ZenginKana.TryWrite(holder, out var written, out _)
            || written.Length > ZenginFile.MostHolder)
            return null;
        await using (var connection = await db.Connect(ct))
            if (await ProposePayOutAccount.NameOf(connection, merchant) is null)
                return null;
        var now = clock.Now();
        var account = new PayOutAccount(Id.New<PayOutAccountId>(now), merchant, "", read.BankCode, read.BranchCode, (short)read.Kind,
            read.Number, written, (short)PayOutAccountState.Proposed, By, By, now.ToUnixTimeMilliseconds());
        var isSet = await db.Transact(async tx => await PayOutAccounts.Propose(tx, account, null)
            && await PayOutAccounts.Decide(tx, account.Id, merchant, PayOutAccountState.InForce, By, now), ct);
        return isSet ? (await accounts.Of(merchant, ct)).InForce : null;
    }
}

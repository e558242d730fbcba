using Ensen.Banking;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Merchants;
using Ensen.Staff;
using Ensen.Storage;
using Dapper;

namespace Ensen.Settlement;

/// <summary>A bank account to which a merchant is to be paid, as it was typed.</summary>
/// <param name="Holder">As the bank has it, in kana of any width or in Latin letters.</param>
/// <param name="Key">The caller's own name for the request, by which a repeat is the same proposal; null where there is none.</param>
public sealed record ProposePayOutAccountRequest(MerchantId Merchant, string? BankCode, string? BranchCode, string? Kind, string? Number,
    string? Holder, string Reason, ActingOperator By, string? Key = null);

/// <summary>Why it cannot be proposed; the names are the contract's codes.</summary>
public enum ProposePayOutAccountRefusal
{
    None = 0,

    /// <summary>The reason is missing, or longer than a line of 200 characters.</summary>
    InvalidRequest = 1,

    /// <summary>No bank has such a number: bank 4 digits, branch 3, number at most 7.</summary>
    InvalidAccount = 2,

    /// <summary>The holder cannot be written as banks write names, or not in 30 letters.</summary>
    InvalidKana = 3,

    /// <summary>There is no such merchant.</summary>
    NotFound = 4,

    /// <summary>Another account of the merchant waits for a second person.</summary>
    Held = 5,

    /// <summary>Whoever asks may not.</summary>
    Forbidden = 6,

    /// <summary>Something else was proposed under this key.</summary>
    KeyReused = 7,
}

/// <summary>
/// The first of two people: says to which account a merchant is to be paid. From this moment nothing is paid to the one before; so who
/// slips in an account of their own gets nothing by being quick.
/// </summary>
public sealed class ProposePayOutAccount(Database db, Operators operators, OperatorLog log, TimeProvider clock)
{
    public async Task<Answer<PayOutAccount, ProposePayOutAccountRefusal>> Run(
        ProposePayOutAccountRequest request, CancellationToken ct = default)
    {
        if (await operators.Acting(request.By, OperatorRoles.Corrections, ct) is not { } by) return ProposePayOutAccountRefusal.Forbidden;
        string? merchant;
        await using (var connection = await db.Connect(ct))
            merchant = await NameOf(connection, request.Merchant);
        var number = BankAccountNumber.Read(request.BankCode, request.BranchCode, request.Kind, request.Number);
        if (Decide(request, number, merchant) is not ProposePayOutAccountRefusal.None and var refusal) return refusal;

        var now = clock.Now();
        ZenginKana.TryWrite(request.Holder, out var holder, out _);
        var account = new PayOutAccount(Id.New<PayOutAccountId>(now), request.Merchant, merchant!, number!.BankCode, number.BranchCode,
            (short)number.Kind, number.Number, holder!, (short)PayOutAccountState.Proposed, FourEyes.Kept(by.Person), request.Reason.Trim(),
            now.ToUnixTimeMilliseconds());
        var under = request.Key is null ? null : $"{by.Id} {request.Key}";
        var kept = await db.Transact(async tx =>
        {
            if (!await PayOutAccounts.Propose(tx, account, under))
                return under is null ? null : await PayOutAccounts.Under(tx.Connection!, under, tx);
            await log.Append(tx, OperatorAct.ProposedPayOutAccount, by, request.By, account.Id.ToString(), account.Reason,
                request.Merchant.ToString());
            return account;
        }, ct);
        if (kept is null) return ProposePayOutAccountRefusal.Held;
        if (kept.Id == account.Id) return account;
        return kept with { Id = account.Id, AtMs = account.AtMs, State = account.State, Held = account.Held } == account
            ? ((Answer<PayOutAccount, ProposePayOutAccountRefusal>)kept).AsReplay() : ProposePayOutAccountRefusal.KeyReused;
    }

    /// <summary>The checks, in the order of the refusals.</summary>
    internal static ProposePayOutAccountRefusal Decide(ProposePayOutAccountRequest request, BankAccountNumber? number, string? merchant)
    {
        if (!OperatorLine.IsOne(request.Reason)) return ProposePayOutAccountRefusal.InvalidRequest;
        if (number is null) return ProposePayOutAccountRefusal.InvalidAccount;
        if (!ZenginKana.TryWrite(request.Holder, out var holder, out _) || holder.Length > ZenginFile.MostHolder)
            return ProposePayOutAccountRefusal.InvalidKana;
        return merchant is null ? ProposePayOutAccountRefusal.NotFound : ProposePayOutAccountRefusal.None;
    }

    internal static Task<string?> NameOf(System.Data.Common.DbConnection connection, MerchantId merchant) =>
        connection.QuerySingleOrDefaultAsync<string?>("select name from merchant where id = @merchant", new { merchant });
}

using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Settlement;

/// <summary>Which proposed account an operator takes back, and why.</summary>
public sealed record WithdrawPayOutAccountRequest(PayOutAccountId Account, string Reason, ActingOperator By);

/// <summary>Why it is not taken back; the names are the contract's codes.</summary>
public enum WithdrawPayOutAccountRefusal
{
    None = 0,

    /// <summary>The reason is missing, or longer than a line of 200 characters.</summary>
    InvalidRequest = 1,
    NotFound = 2,

    /// <summary>It was confirmed or withdrawn before.</summary>
    AlreadyDecided = 3,

    /// <summary>Whoever takes it back may not.</summary>
    Forbidden = 4,
}

/// <summary>Takes back an account that waits for a second person: the one before is paid again.</summary>
public sealed class WithdrawPayOutAccount(Database db, Operators operators, OperatorLog log, TimeProvider clock)
{
    public async Task<Answer<PayOutAccount, WithdrawPayOutAccountRefusal>> Run(
        WithdrawPayOutAccountRequest request, CancellationToken ct = default)
    {
        if (await operators.Acting(request.By, OperatorRoles.Corrections, ct) is not { } by) return WithdrawPayOutAccountRefusal.Forbidden;
        while (true)
        {
            PayOutAccount? account;
            await using (var connection = await db.Connect(ct))
                account = await PayOutAccounts.Find(connection, request.Account);
            if (Decide(request, account) is not WithdrawPayOutAccountRefusal.None and var refusal) return refusal;
            if (await db.Transact(async tx =>
            {
                if (!await PayOutAccounts.Decide(
                    tx, request.Account, account!.Merchant, PayOutAccountState.Withdrawn, FourEyes.Kept(by.Person), clock.Now()))
                    return false;
                await log.Append(tx, OperatorAct.WithdrewPayOutAccount, by, request.By, request.Account.ToString(), request.Reason,
                    account.Merchant.ToString());
                return true;
            }, ct))
                return account! with { State = (short)PayOutAccountState.Withdrawn };
        }
    }

    /// <summary>The checks, in the order of the refusals.</summary>
    internal static WithdrawPayOutAccountRefusal Decide(WithdrawPayOutAccountRequest request, PayOutAccount? account)
    {
        if (!OperatorLine.IsOne(request.Reason)) return WithdrawPayOutAccountRefusal.InvalidRequest;
        return account switch
        {
            null => WithdrawPayOutAccountRefusal.NotFound,
            { State: (short)PayOutAccountState.Proposed } => WithdrawPayOutAccountRefusal.None,
            _ => WithdrawPayOutAccountRefusal.AlreadyDecided,
        };
    }
}

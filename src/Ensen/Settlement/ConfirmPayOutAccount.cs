using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Settlement;

/// <summary>Why a proposed account is not put in force; the names are the contract's codes.</summary>
public enum ConfirmPayOutAccountRefusal
{
    None = 0,
    NotFound = 1,

    /// <summary>The second person is the first, by whichever account.</summary>
    SamePerson = 2,

    /// <summary>It was confirmed or withdrawn before.</summary>
    AlreadyDecided = 3,

    /// <summary>Whoever confirms may not.</summary>
    Forbidden = 4,
}

/// <summary>
/// The second of two people (<see cref="FourEyes"/>): has called the merchant back on the number that was known before, and puts the
/// account in force. From then on what waited is paid to it.
/// </summary>
public sealed class ConfirmPayOutAccount(Database db, Operators operators, OperatorLog log, TimeProvider clock)
{
    public async Task<Answer<PayOutAccount, ConfirmPayOutAccountRefusal>> Run(
        PayOutAccountId id, ActingOperator acting, CancellationToken ct = default)
    {
        if (await operators.Acting(acting, OperatorRoles.Corrections, ct) is not { } by) return ConfirmPayOutAccountRefusal.Forbidden;
        while (true)
        {
            PayOutAccount? account;
            await using (var connection = await db.Connect(ct))
                account = await PayOutAccounts.Find(connection, id);
            if (Decide(account, by.Person) is not ConfirmPayOutAccountRefusal.None and var refusal) return refusal;
            // It is decided once: whoever finds that somebody else was first looks again, and is told.
            if (await db.Transact(async tx =>
            {
                if (!await PayOutAccounts.Decide(
                    tx, id, account!.Merchant, PayOutAccountState.InForce, FourEyes.Kept(by.Person), clock.Now()))
                    return false;
                await log.Append(tx, OperatorAct.ConfirmedPayOutAccount, by, acting, id.ToString(), null, account.Merchant.ToString());
                return true;
            }, ct))
                return account! with { State = (short)PayOutAccountState.InForce };
        }
    }

    /// <summary>The checks, in the order of the refusals.</summary>
    internal static ConfirmPayOutAccountRefusal Decide(PayOutAccount? account, PersonId by)
    {
        if (account is null) return ConfirmPayOutAccountRefusal.NotFound;
        if (!FourEyes.AreTwo(account.ProposedBy, by)) return ConfirmPayOutAccountRefusal.SamePerson;
        return account.State == (short)PayOutAccountState.Proposed
            ? ConfirmPayOutAccountRefusal.None : ConfirmPayOutAccountRefusal.AlreadyDecided;
    }
}

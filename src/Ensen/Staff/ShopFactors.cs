using System.Data.Common;
using Dapper;
using Ensen.Access;

namespace Ensen.Staff;

/// <summary>An owner of a merchant always has a passkey or an authenticator; what comes and goes stands in the merchant's log.</summary>
sealed class ShopFactors(ShopLog log) : IFactorOwner
{
    public SubjectKind Kind => SubjectKind.ShopAccount;

    public async Task<bool> MustKeepOne(DbTransaction tx, Subject subject)
    {
        if (await ShopAccounts.Find(tx.Connection!, new ShopAccountId(subject.Id), tx) is not { } account)
            return false;
        // In the merchant's turn: nobody makes them an owner beside this.
        await ShopLog.Turn(tx, account.Merchant);
        return await tx.Connection!.ExecuteScalarAsync<ShopRole?>(
            "select role from shop_account where id = @Id", new { account.Id }, tx) == ShopRole.Owner;
    }

    public async Task Tell(DbTransaction tx, Subject subject, FactorEvent what, string? passkey, string device)
    {
        if (await ShopAccounts.Find(tx.Connection!, new ShopAccountId(subject.Id), tx) is { } who)
            await log.Append(tx, ActOf(what), new ActingShop(who.Merchant, who.Id), who.Id);
    }

    static ShopAct ActOf(FactorEvent what) => what switch
    {
        FactorEvent.PasskeyAdded => ShopAct.AddedPasskey,
        FactorEvent.PasskeyRemoved => ShopAct.RemovedPasskey,
        FactorEvent.PasskeyCopied => ShopAct.PasskeyCopied,
        FactorEvent.AuthenticatorSet => ShopAct.SetAuthenticator,
        FactorEvent.AuthenticatorRemoved => ShopAct.RemovedAuthenticator,
        FactorEvent.RecoveryCodesMade => throw new ArgumentOutOfRangeException(nameof(what), what, "shop accounts have no recovery codes"),
    };
}

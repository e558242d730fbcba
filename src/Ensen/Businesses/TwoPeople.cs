using System.Data.Common;
using Dapper;
using Ensen.Merchants;
using Ensen.Staff;

namespace Ensen.Businesses;

/// <summary>
/// Who of a company acts, and whether two of its accounts are two people. Whoever invites somebody could as well have invited themselves,
/// so an account and all that came by its invitations are taken for one: only two whom the programme let in on their own, or whom such two
/// invited, are two.
/// </summary>
static class TwoPeople
{
    const int LongestLine = 100;

    /// <summary>Whether whoever acts has that right now, in the transaction that does it; the company's turn is taken before.</summary>
    public static async Task<bool> May(DbTransaction tx, ActingShop by, ShopRight right)
    {
        await ShopLog.Turn(tx, by.Merchant);
        return by.Account is { } id && await ShopAccounts.Find(tx.Connection!, by.Merchant, id, tx)
            is { State: ShopAccountState.Active } account && account.Role.May(right);
    }

    public static async Task<bool> Are(DbConnection connection, ShopAccountId first, ShopAccountId second, DbTransaction? tx = null) =>
        await First(connection, first, tx) != await First(connection, second, tx);

    /// <summary>The account that stands at the beginning of a line of invitations.</summary>
    static async Task<ShopAccountId> First(DbConnection connection, ShopAccountId account, DbTransaction? tx)
    {
        for (var length = 0; length < LongestLine; length++)
        {
            if (await connection.ExecuteScalarAsync<Guid?>(
                "select invited_by from shop_account where id = @account", new { account }, tx) is not { } inviter)
                return account;
            account = new ShopAccountId(inviter);
        }
        throw new InvalidOperationException($"{account} stands in a line of invitations without end.");
    }
}

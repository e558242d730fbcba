using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Members;

namespace Ensen.Banking;

/// <summary>A linked bank account. <paramref name="Token"/> is the bank's own name for it.</summary>
public sealed record BankAccount(BankAccountId Id, MemberId Member, string Token, string BankName, string LastFour, long LinkedMs)
{
    /// <summary>As a mail names it: bank and last digits.</summary>
    public string Told => $"{BankName} ****{LastFour}";
}

/// <summary>Reading linked accounts.</summary>
public static class BankAccounts
{
    const string Columns = "id, member, token, bank_name, last_four, linked_ms";

    /// <summary>The member's, the one linked last first: charges take from that one.</summary>
    public static async Task<IReadOnlyList<BankAccount>> Of(DbConnection connection, MemberId member, DbTransaction? tx = null) =>
        (await connection.QueryAsync<BankAccount>(
            $"""
            select {Columns}
            from bank_account
            where member = @member and removed_ms is null
            order by linked_ms desc, id desc
            limit 20
            """, new { member }, tx)).AsList();

    /// <summary>The one that charges take from; null when none is linked.</summary>
    public static async Task<BankAccount?> ForCharges(DbConnection connection, MemberId member) =>
        await Of(connection, member) is [var first, ..] ? first : null;

    internal static Task<BankAccount?> Find(DbConnection connection, BankAccountId id, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<BankAccount?>(
            $"select {Columns} from bank_account where id = @id and removed_ms is null", new { id }, tx);

    internal static Task Insert(DbTransaction tx, BankAccount account) => tx.Connection!.ExecuteAsync(
        """
        insert into bank_account (id, member, token, bank_name, last_four, linked_ms)
        values (@Id, @Member, @Token, @BankName, @LastFour, @LinkedMs)
        """,
        new { account.Id, account.Member, account.Token, account.BankName, account.LastFour, account.LinkedMs }, tx);

    /// <summary>Takes the account for the member; false when it is somebody's. Of any number at once one gets it.</summary>
    internal static async Task<bool> Claim(DbTransaction tx, byte[] numberHash, BankAccountId account, MemberId member) =>
        await tx.Connection!.ExecuteAsync(
            """
            insert into bank_account_claim (number_hash, bank_account, member)
            values (@numberHash, @account, @member)
            on conflict (number_hash) do nothing
            """,
            new { numberHash, account, member }, tx) == 1;

    /// <summary>The account that has this number here; null when none has.</summary>
    internal static Task<BankAccountId?> ClaimedBy(DbConnection connection, byte[] numberHash, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<BankAccountId?>(
            "select bank_account from bank_account_claim where number_hash = @numberHash", new { numberHash }, tx);
}

using System.Data.Common;
using Dapper;
using Ensen.Banking;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Settlement;

/// <summary>Where an account of a merchant stands. The numbers are stored.</summary>
public enum PayOutAccountState : short
{
    /// <summary>It waits for a second person; nothing is paid to the merchant meanwhile.</summary>
    Proposed = 1,
    InForce = 2,

    /// <summary>Another one has taken its place.</summary>
    Replaced = 3,
    Withdrawn = 4,
}

/// <summary>A bank account to which a merchant is paid; <paramref name="Holder"/> in the letters that banks write.</summary>
public sealed record PayOutAccount(
    PayOutAccountId Id, MerchantId Merchant, string MerchantName, string Bank, string Branch, short Kind, string Number, string Holder,
    short State, string ProposedBy, string Reason, long AtMs, bool Held = false)
{
    public string LastFour => Number[^4..];

    public string KindName => BankAccountNumber.NameOf((BankAccountKind)Kind);
}

/// <summary>Reads and changes accounts of merchants.</summary>
public sealed class PayOutAccounts(Database db)
{
    const string Columns =
        """
        a.id, a.merchant, m.name as merchant_name, a.bank, a.branch, a.kind, a.number, a.holder, a.state, a.proposed_by, a.reason, a.at_ms,
        a.held
        from pay_out_account a
        join merchant m on m.id = a.merchant
        """;

    /// <summary>The account in force and the one that is proposed; null where there is none.</summary>
    public async Task<(PayOutAccount? InForce, PayOutAccount? Proposed)> Of(MerchantId merchant, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var both = (await connection.QueryAsync<PayOutAccount>(
            $"select {Columns} where a.merchant = @merchant and a.state in (1, 2)", new { merchant })).AsList();
        PayOutAccount? In(PayOutAccountState state) => both.Find(a => a.State == (short)state);
        return (In(PayOutAccountState.InForce), In(PayOutAccountState.Proposed));
    }

    /// <summary>Held although no other is proposed: a file for the bank has no letters for it.</summary>
    internal const string Unwritten =
        """
        pay_out_account a
        where a.state = 2
          and a.held = true
          and not exists (select 1 from pay_out_account p where p.merchant = a.merchant and p.state = 1)
        """;

    /// <summary>Accounts in force that no file for the bank can name; at most a hundred.</summary>
    public async Task<IReadOnlyList<(MerchantId Merchant, string Name)>> CannotBeWritten(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<(MerchantId, string)>(
            $"select a.merchant, (select m.name from merchant m where m.id = a.merchant) as name from {Unwritten} order by a.id limit 100"))
            .AsList();
    }

    /// <summary>Those that wait for a second person, the newest first; at most a hundred.</summary>
    public async Task<IReadOnlyList<PayOutAccount>> Waiting(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<PayOutAccount>($"select {Columns} where a.state = 1 order by a.id desc limit 100")).AsList();
    }

    /// <summary>Merchants to whom money is due that has no account to go to, the most first; at most a hundred.</summary>
    public async Task<IReadOnlyList<(MerchantId Merchant, string Name, Yen Due)>> WithoutAccount(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<(MerchantId, string, Yen)>(
            $"""
            select m.id, m.name, d.balance
            from merchant m
            join account d on d.owner = m.id and d.account_type = {AccountType.MerchantDue.Number} and d.term = 0
            where d.balance > 0
              and not exists (select 1 from pay_out_account a where a.merchant = m.id and a.state = 2)
            order by d.balance desc
            limit 100
            """)).AsList();
    }

    /// <summary>
    /// Merchants in whose name, or the name or number of one of whose stores, these letters stand, by name, with one of their stores; so
    /// many at most. None where nothing is asked for.
    /// </summary>
    public async Task<IReadOnlyList<(MerchantId Merchant, string Name, string Store)>> Search(
        string letters, int limit, CancellationToken ct = default)
    {
        if (letters.Trim().Length == 0)
            return [];
        var like = "%" + letters.Trim().Replace("!", "!!", StringComparison.Ordinal)
            .Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal) + "%";
        var id = Basics.Id.TryParse(letters.Trim(), out MerchantId merchant) ? merchant : default;
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<(MerchantId, string, string)>(
            """
            select m.id, m.name,
              coalesce((select min(s.name || '  ' || s.area || '  ' || s.number) from store s where s.merchant = m.id), '') as store
            from merchant m
            where m.id = @id
              or lower(m.name) like lower(@like) escape '!'
              or exists (
                select 1
                from store s
                where s.merchant = m.id
                  and (lower(s.name) like lower(@like) escape '!' or s.number like @like escape '!'))
            order by m.name, m.id
            limit @limit
            """,
            new { id, like, limit })).AsList();
    }

    internal static Task<PayOutAccount?> Find(DbConnection connection, PayOutAccountId id, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<PayOutAccount?>($"select {Columns} where a.id = @id", new { id }, tx);

    internal static Task<PayOutAccount?> Under(DbConnection connection, string under, DbTransaction tx) =>
        connection.QuerySingleOrDefaultAsync<PayOutAccount?>($"select {Columns} where a.proposed_under = @under", new { under }, tx);

    /// <summary>Proposes an account and holds the one in force; false when another is proposed already.</summary>
    internal static async Task<bool> Propose(DbTransaction tx, PayOutAccount account, string? under)
    {
        var isNew = await tx.Connection!.ExecuteAsync(
            """
            insert into pay_out_account
              (id, merchant, bank, branch, kind, number, holder, state, held, proposed_by, reason, at_ms, proposed_under)
            values (@Id, @Merchant, @Bank, @Branch, @Kind, @Number, @Holder, 1, false, @ProposedBy, @Reason, @AtMs, @under)
            on conflict do nothing
            """,
            new
            {
                account.Id,
                account.Merchant,
                account.Bank,
                account.Branch,
                account.Kind,
                account.Number,
                account.Holder,
                account.ProposedBy,
                account.Reason,
                account.AtMs,
                under,
            }, tx) == 1;
        if (isNew)
            await Hold(tx, account.Merchant, true);
        return isNew;
    }

    /// <summary>Puts a proposed account in force, or takes it back; false when that was decided before.</summary>
    internal static async Task<bool> Decide(
        DbTransaction tx, PayOutAccountId id, MerchantId merchant, PayOutAccountState how, string by, DateTimeOffset now)
    {
        // The row is taken before anything else is changed: whoever comes second finds it decided, and has changed nothing.
        if (await tx.Connection!.ExecuteAsync(
            "update pay_out_account set decided_by = @by, decided_ms = @at where id = @id and state = 1",
            new { id, by, at = now.ToUnixTimeMilliseconds() }, tx) != 1)
            return false;
        if (how == PayOutAccountState.InForce)
            await tx.Connection!.ExecuteAsync(
                "update pay_out_account set state = 3 where merchant = @merchant and state = 2", new { merchant }, tx);
        await tx.Connection!.ExecuteAsync("update pay_out_account set state = @how where id = @id", new { id, how = (short)how }, tx);
        await Hold(tx, merchant, false);
        return true;
    }

    /// <summary>Nothing is paid to this one; whichever took its place meanwhile is not meant.</summary>
    internal static Task Hold(DbTransaction tx, PayOutAccountId id) => tx.Connection!.ExecuteAsync(
        "update pay_out_account set held = true where id = @id and state = 2", new { id }, tx);

    static Task Hold(DbTransaction tx, MerchantId merchant, bool held) => tx.Connection!.ExecuteAsync(
        "update pay_out_account set held = @held where merchant = @merchant and state = 2", new { merchant, held }, tx);
}

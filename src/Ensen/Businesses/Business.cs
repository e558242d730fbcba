using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Businesses;

/// <summary>A company that keeps money here. Who works for it are the accounts at its merchant's desk.</summary>
public sealed record Business
{
    public BusinessId Id { get; init; }
    public MerchantId Merchant { get; init; }
    public string Name { get; init; } = "";

    /// <summary>Of its account (<see cref="BusinessNumber"/>).</summary>
    public string Number { get; init; } = "";
    public long OpenedMs { get; init; }
}

/// <summary>Looks companies' accounts up.</summary>
public sealed class BusinessAccounts(Database db)
{
    const string Columns =
        """
        select b.id, b.merchant, m.name, b.number, b.opened_ms
        from business b
        join merchant m on m.id = b.merchant
        """;

    /// <summary>The account of whoever is at this desk; null where it has none.</summary>
    public async Task<Business?> Of(MerchantId merchant, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<Business?>($"{Columns} where b.merchant = @merchant", new { merchant });
    }

    /// <summary>By the account's number as people type it, or by its id; null when it is nobody's.</summary>
    public async Task<Business?> Find(string? named, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return Id.TryParse(named, out BusinessId id) ? await Find(connection, id)
            : BusinessNumber.Read(named) is { } number ? await FindByNumber(connection, number) : null;
    }

    public async Task<Business?> Find(BusinessId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Find(connection, id);
    }

    /// <summary>What a company holds now.</summary>
    public async Task<Yen> Balance(BusinessId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return new Yen(await connection.ExecuteScalarAsync<long?>(
            "select balance from account where owner = @id and account_type = @type and term = 0",
            new { id, type = AccountType.BusinessMoney.Number }) ?? 0);
    }

    /// <summary>Those of these owners that are companies' accounts, and the companies' names.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> NamesAmong(IEnumerable<Guid> owners, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var names = new Dictionary<Guid, string>();
        foreach (var owner in owners)
            if (await Find(connection, new BusinessId(owner)) is { } found)
                names[owner] = found.Name;
        return names;
    }

    internal static Task<Business?> Find(DbConnection connection, BusinessId id) =>
        connection.QuerySingleOrDefaultAsync<Business?>($"{Columns} where b.id = @id", new { id });

    internal static Task<Business?> FindByNumber(DbConnection connection, string number) =>
        connection.QuerySingleOrDefaultAsync<Business?>($"{Columns} where b.number = @number", new { number });
}

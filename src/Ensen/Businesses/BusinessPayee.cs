using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Businesses;

/// <summary>A company on the list of another one: it is paid once a second person has confirmed it.</summary>
public sealed record BusinessPayee
{
    public PayeeId Id { get; init; }
    public BusinessId Business { get; init; }
    public BusinessId Of { get; init; }
    public string Name { get; init; } = "";
    public string Number { get; init; } = "";
    public ShopAccountId AddedBy { get; init; }
    public long AddedMs { get; init; }
    public ShopAccountId? ConfirmedBy { get; init; }
    public long? ConfirmedMs { get; init; }
    public long? RemovedMs { get; init; }

    public bool IsConfirmed => ConfirmedBy is not null && RemovedMs is null;
}

/// <summary>Reads the lists of payees.</summary>
public sealed class Payees(Database db)
{
    /// <summary>So many a company has on its list at most.</summary>
    public const int Most = 1_000;

    const string Columns =
        """
        select p.id, p.business, p.payee as "Of", m.name, b.number, p.added_by, p.added_ms, p.confirmed_by, p.confirmed_ms, p.removed_ms
        from business_payee p
        join business b on b.id = p.payee
        join merchant m on m.id = b.merchant
        """;

    /// <summary>Those on a company's list, by name; who waits to be confirmed among them.</summary>
    public async Task<IReadOnlyList<BusinessPayee>> List(BusinessId business, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<BusinessPayee>(
            $"{Columns} where p.business = @business and p.removed_ms is null order by m.name, p.id limit @Most",
            new { business, Most })).AsList();
    }

    internal static Task<BusinessPayee?> Find(DbConnection connection, BusinessId business, PayeeId id, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<BusinessPayee?>(
            $"{Columns} where p.business = @business and p.id = @id", new { business, id }, tx);

    internal static Task<BusinessPayee?> OnList(DbConnection connection, BusinessId business, BusinessId payee, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<BusinessPayee?>(
            $"{Columns} where p.business = @business and p.payee = @payee and p.removed_ms is null", new { business, payee }, tx);

    /// <summary>Whether all of these are on the list, and confirmed.</summary>
    internal static async Task<bool> AreConfirmed(
        DbConnection connection, BusinessId business, IEnumerable<BusinessId> payees, DbTransaction? tx = null)
    {
        var confirmed = (await connection.QueryAsync<BusinessId>(
            """
            select payee
            from business_payee
            where business = @business and removed_ms is null and confirmed_ms is not null
            limit @Most
            """, new { business, Most }, tx)).ToHashSet();
        return payees.All(confirmed.Contains);
    }
}

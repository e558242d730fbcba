using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.AutoCharges;

/// <summary>Tells which of a member's charges nobody asked for but the setting.</summary>
public sealed class OwnAutoCharges(Database db)
{
    const int Most = 200;

    /// <summary>Those among the charges given, which are of one member.</summary>
    public async Task<IReadOnlySet<ChargeId>> Among(MemberId member, IReadOnlyCollection<ChargeId> charges, CancellationToken ct = default)
    {
        if (charges.Count == 0)
            return new HashSet<ChargeId>();
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<ChargeId>(
            """
            select id
            from charge
            where member_id = @member
              and id between @first and @last
              and idempotency_key like @prefix
            order by id
            limit @Most
            """,
            new
            {
                member,
                first = charges.Min(c => c.Value),
                last = charges.Max(c => c.Value),
                prefix = ChargeByItself.KeyPrefix + "%",
                Most,
            }))
            .Where(made => charges.Contains(made)).ToHashSet();
    }
}

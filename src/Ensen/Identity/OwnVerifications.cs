using Dapper;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Identity;

/// <summary>Reads how far a member's own verification is, for their pages and programs.</summary>
public sealed class OwnVerifications(Database db, MemberKeys keys, TimeProvider clock)
{
    /// <summary>All that the member typed for their verifications, as far as it can be read; the oldest first.</summary>
    public async Task<IReadOnlyList<PersonalDetails>> Details(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var typed = new List<PersonalDetails>();
        foreach (var (id, kept) in await connection.QueryAsync<(VerificationId Id, byte[]? Kept)>(
            "select id, details from verification where member = @member order by id limit 1000", new { member }))
            if (await PersonalDetails.Read(connection, keys, member, id, kept) is { } details)
                typed.Add(details);
        return typed;
    }

    /// <summary>The last one, whatever became of it.</summary>
    public async Task<Verification?> Latest(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Verifications.Latest(connection, member, clock.GetUtcNow());
    }

    /// <summary>The one by which the member is verified now.</summary>
    public async Task<Verification?> InForce(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Verifications.InForce(connection, member);
    }

    public async Task<Verification?> Find(MemberId member, VerificationId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Verifications.Find(connection, member, id, clock.GetUtcNow());
    }
}

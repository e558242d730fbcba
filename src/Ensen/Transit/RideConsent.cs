using Dapper;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Transit;

/// <summary>
/// Whether a member's rides may be used to recommend something to them: not until they say so, and no longer from the moment they take it
/// back.
/// </summary>
public sealed class RideConsent(Database db, TimeProvider clock)
{
    public async Task<bool> Given(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.ExecuteScalarAsync<long>("select count(*) from ride_consent where member = @member", new { member }) > 0;
    }

    public Task Set(MemberId member, bool given, CancellationToken ct = default) => db.Transact(async tx =>
    {
        // The turn: whoever leaves at the same time leaves nothing behind.
        await SpendingLimits.TakeTurn(tx, member);
        if (!given)
            await tx.Connection!.ExecuteAsync("delete from ride_consent where member = @member", new { member }, tx);
        else if (await MemberDirectory.Read(tx.Connection!, member, tx) is { HasLeft: false })
            await tx.Connection!.ExecuteAsync(
                "insert into ride_consent (member, given_ms) values (@member, @now) on conflict (member) do nothing",
                new { member, now = clock.GetUtcNow().ToUnixTimeMilliseconds() }, tx);
    }, ct);
}

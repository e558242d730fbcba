using Dapper;
using Ensen.Storage;

namespace Ensen.Joining;

/// <summary>
/// What time does to applications: one that its applicant does not carry on lapses, and what was typed for one that came to nothing is
/// taken out, photos and all. It can be run any number of times.
/// </summary>
public sealed class ForgetApplications(Database db, TimeProvider clock)
{
    /// <summary>A mailbox that was never shown: whoever typed it may not be its owner.</summary>
    public static TimeSpan UnconfirmedKept { get; } = TimeSpan.FromDays(7);

    /// <summary>Somebody who was refused may ask why.</summary>
    public static TimeSpan RefusedKept { get; } = TimeSpan.FromDays(90);

    const int Bite = 100;

    public async Task Run(CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        long Before(TimeSpan kept) => (now - kept).ToUnixTimeMilliseconds();
        await Lapse(Before(ApplicantLink.Life), ct);
        while (await Forget(Before(UnconfirmedKept), Before(RefusedKept), ct) == Bite)
            ct.ThrowIfCancellationRequested();
    }

    Task Lapse(long before, CancellationToken ct) => db.Transact(tx => tx.Connection!.ExecuteAsync(
        """
        update merchant_application
        set state = @lapsed, link_hash = null, link_until_ms = null
        where state in (@asked, @approved) and changed_ms <= @before
        """,
        new { before, lapsed = ApplicationState.Lapsed, asked = ApplicationState.Asked, approved = ApplicationState.Approved }, tx), ct);

    Task<int> Forget(long unconfirmed, long refused, CancellationToken ct) => db.Transact(async tx =>
    {
        var some = (await tx.Connection!.QueryAsync<Guid>(
            """
            select id
            from merchant_application
            where state = @applied and changed_ms <= @unconfirmed or state in (@refusedState, @lapsed) and changed_ms <= @refused
            order by id
            limit @Bite
            """,
            new
            {
                unconfirmed,
                refused,
                applied = ApplicationState.Applied,
                refusedState = ApplicationState.Refused,
                lapsed = ApplicationState.Lapsed,
                Bite,
            }, tx)).AsList();
        foreach (var id in some)
        {
            // An applicant who comes at this moment has changed the state: then nothing is taken out.
            if (await tx.Connection!.ExecuteAsync(
                "delete from merchant_application where id = @id and changed_ms <= @unconfirmed and state in (@applied, @refused, @lapsed)",
                new
                {
                    id,
                    unconfirmed,
                    applied = ApplicationState.Applied,
                    refused = ApplicationState.Refused,
                    lapsed = ApplicationState.Lapsed,
                }, tx) == 1)
                await tx.Connection!.ExecuteAsync(
                    "delete from merchant_application_photo where application = @id", new { id }, tx);
        }
        return some.Count;
    }, ct);
}

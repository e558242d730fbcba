using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>
/// A call came in: if it is the one that a challenge waits for, the challenge is passed, once, and the telephone counts as the member's. A
/// withheld or foreign number, a number that nobody waits for, a report that was heard before: nothing happens.
/// </summary>
public sealed class HearCall(Database db, StepUp stepUp, AttemptLimiter tries, MemberDirectory members, TimeProvider clock)
{
    /// <summary>Whether a challenge was passed by it.</summary>
    public async Task<bool> Run(IncomingCall call, CancellationToken ct = default)
    {
        var isFromJapan = TelephoneNumber.TryParse(call.From, out var from) && TelephoneNumber.IsOfJapan(from);
        var to = TelephoneNumber.TryParse(call.To, out var dialled) ? dialled : null;
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var passed = await db.Transact(async tx =>
        {
            if (await tx.Connection!.ExecuteAsync(
                """
                insert into call_report (id, at_ms)
                values (@Report, @now)
                on conflict (id) do nothing
                """,
                new { call.Report, now }, tx) == 0 || !isFromJapan || to is null)
                return null;
            // Gone with the first call: of forty at once one finds it.
            var expected = await tx.Connection!.QuerySingleOrDefaultAsync<Expected?>(
                """
                delete from expected_call
                where telephone = @from and dialled = @to and expires_ms > @now
                returning challenge, member
                """,
                new { from, to, now }, tx);
            if (expected is null)
                return null;
            // The registered one, or the one that is to be registered: that counts as the member's once it is.
            var isRegistered = await tx.Connection!.ExecuteScalarAsync<int?>(
                "select 1 from member where id = @Member and telephone = @from", new { expected.Member, from }, tx) is not null;
            var purpose = await tx.Connection!.ExecuteScalarAsync<string?>(
                "select purpose from challenge where id = @Challenge", new { expected.Challenge }, tx);
            var isAwaited = purpose == ChangeTelephone.Shown.Name
                ? await ChangeTelephone.Pending(tx.Connection!, expected.Member, Instant.OfMilliseconds(now), tx) == from
                : purpose == SecondFactors.Recovering.Name
                    ? await Recoveries.TelephoneOf(tx.Connection!, expected.Member, tx) == from : isRegistered;
            if (!isAwaited || !await stepUp.Pass(tx, expected.Challenge))
                return null;
            if (isRegistered)
                await tx.Connection!.ExecuteAsync(
                    "update member set telephone_possessed_ms = @now where id = @Member", new { expected.Member, now }, tx);
            await members.Changing(tx, expected.Member);
            return expected;
        }, ct);
        if (passed is null)
            return false;
        members.Changed(passed.Member);
        await tries.Forget(ProofByCall.Tries, Id.Bare(passed.Member), ct);
        return true;
    }

    sealed record Expected(ChallengeId Challenge, MemberId Member);
}

using System.Data.Common;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>
/// A call from the registered telephone to a number that the challenge names, within two minutes. Which challenge a call is for is told by
/// caller and number dialled: no two open ones have both in common. What a call proves and what not: docs/decisions.
/// </summary>
public sealed class ProofByCall(Database db, ITelephone telephone, AttemptLimiter tries, Programme programme, TimeProvider clock)
    : IProofMethod
{
    internal const string Tries = "call";

    public ProofMethod Method => ProofMethod.Call;

    public TimeSpan? Life => programme.Membership.CallLife;

    /// <summary>By whoever calls, and by nobody who is signed in.</summary>
    public bool IsAnswered => false;

    public async Task<bool> Has(DbConnection connection, Caller caller, StepUpPurpose purpose) =>
        telephone.Numbers.Count > 0 && caller.Kind == SubjectKind.Member && await NumberOf(connection, caller, purpose) is not null
        && !(purpose.Lasts && await IsNewDevice(connection, caller));

    /// <summary>There are numbers of ours that can be called.</summary>
    internal bool CanBeCalled => telephone.Numbers.Count > 0;

    /// <summary>Whether the member can call us from a registered telephone, and whether a call has shown that it is theirs.</summary>
    internal async Task<(bool Can, bool Has)> From(DbConnection connection, MemberId member)
    {
        var (number, possessed) = await connection.QuerySingleOrDefaultAsync<(string? Number, long? PossessedMs)>(
            "select telephone, telephone_possessed_ms from member where id = @member", new { member });
        return (telephone.Numbers.Count > 0 && number is not null && TelephoneNumber.IsOfJapan(number), possessed is not null);
    }

    public async Task<ProofAsked> Ask(
        Caller caller, StepUpPurpose purpose, ChallengeId challenge, DateTimeOffset until, CancellationToken ct)
    {
        var rules = programme.Membership;
        var limit = new AttemptLimit(rules.CallTries, TimeSpan.FromMinutes(rules.CallTriesMinutes));
        if (!await tries.Count(Tries, Id.Bare(caller.Id), limit, ct))
            return ProofAsked.TooMany(await tries.UntilFresh(Tries, Id.Bare(caller.Id), limit, ct));
        // Any of them first, so that nobody tells beforehand which one somebody is going to call. One row a transaction: whoever held two
        // in one order would wait for whoever holds them in another.
        var number = "";
        await using (var connection = await db.Connect(ct))
            number = await NumberOf(connection, caller, purpose) ?? "";
        foreach (var dialled in telephone.Numbers.Shuffle())
            if (await db.Transact(tx => Expect(tx, caller, number, dialled, challenge, until), ct))
                return new ProofAsked(dialled);
        await tries.TakeBack(Tries, Id.Bare(caller.Id), ct);
        return ProofAsked.TooMany(await UntilFree(number, ct));
    }

    public Task<ProofJudged> Judge(Caller caller, string? asked, TypedProof typed, CancellationToken ct) =>
        throw new InvalidOperationException("Nobody answers a call but the telephone.");

    /// <summary>Forgets calls that nobody waits for any more, and reports that are too old to be believed. Run now and then.</summary>
    public Task<int> Tidy(CancellationToken ct = default) => db.Transact(async tx =>
    {
        var old = clock.GetUtcNow().AddDays(-1).ToUnixTimeMilliseconds();
        await tx.Connection!.ExecuteAsync("delete from expected_call where expires_ms < @old", new { old }, tx);
        return await tx.Connection!.ExecuteAsync("delete from call_report where at_ms < @old", new { old }, tx);
    }, ct);

    /// <summary>Takes a number of the pool for this telephone, unless another challenge waits for a call from there to it.</summary>
    async Task<bool> Expect(
        DbTransaction tx, Caller caller, string number, string dialled, ChallengeId challenge, DateTimeOffset until) =>
        await tx.Connection!.ExecuteAsync(
            """
            insert into expected_call (telephone, dialled, challenge, member, expires_ms)
            values (@number, @dialled, @challenge, @Id, @until)
            on conflict (telephone, dialled) do update
            set challenge = excluded.challenge, member = excluded.member, expires_ms = excluded.expires_ms
            where expected_call.expires_ms <= @now
            """,
            new
            {
                number,
                dialled,
                challenge,
                caller.Id,
                until = until.ToUnixTimeMilliseconds(),
                now = clock.GetUtcNow().ToUnixTimeMilliseconds(),
            }, tx) == 1;

    /// <summary>How long until a number is free that this telephone may call.</summary>
    async Task<TimeSpan> UntilFree(string number, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var soonest = await connection.ExecuteScalarAsync<long?>(
            "select min(expires_ms) from expected_call where telephone = @number", new { number });
        var wait = soonest is { } ms ? Instant.OfMilliseconds(ms) - clock.GetUtcNow() : TimeSpan.Zero;
        return wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1);
    }

    /// <summary>
    /// The registered number, or the new one that is to be shown, if the network says truly enough who calls from it: one of Japan's.
    /// </summary>
    async Task<string?> NumberOf(DbConnection connection, Caller caller, StepUpPurpose purpose)
    {
        var number = purpose == ChangeTelephone.Shown
            ? await ChangeTelephone.Pending(connection, new MemberId(caller.Id), clock.Now())
            : purpose == SecondFactors.Recovering ? await Recoveries.TelephoneOf(connection, new MemberId(caller.Id))
            : await connection.QuerySingleOrDefaultAsync<string?>("select telephone from member where id = @Id", new { caller.Id });
        return number is not null && TelephoneNumber.IsOfJapan(number) ? number : null;
    }

    /// <summary>
    /// Signed in by a person a short while ago: it may be a thief's who has the password. A program's token is older than that.
    /// </summary>
    async Task<bool> IsNewDevice(DbConnection connection, Caller caller) =>
        caller.ByPerson && await Sessions.OpenedAt(connection, caller) is var opened
        && (opened is null || clock.GetUtcNow() - opened < programme.Membership.NewDeviceLife);
}

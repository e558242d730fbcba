using System.Data.Common;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Operations;

/// <summary>Which restriction one operator wants lifted, and why.</summary>
public sealed record LiftRestrictionRequest(RestrictionId Restriction, string Reason, ActingOperator By);

/// <summary>Why a restriction is not lifted.</summary>
public enum LiftRestrictionRefusal
{
    None = 0,

    /// <summary>The reason is missing, or longer than a line of 200 characters.</summary>
    InvalidRequest = 1,

    /// <summary>There is no such restriction.</summary>
    NotFound = 2,

    /// <summary>It was lifted before, or its time is over.</summary>
    Ended = 3,

    /// <summary>Whoever asks may not.</summary>
    Forbidden = 4,
}

/// <summary>
/// Ends a restriction before its time: a freeze by mistake is undone at once, by whoever made it or by another; both stand in the log.
/// Others that the member is under stay in force.
/// </summary>
public sealed class LiftRestriction(Database db, Operators operators, OperatorLog log, TimeProvider clock)
{
    public async Task<Answer<Restriction, LiftRestrictionRefusal>> Run(LiftRestrictionRequest request, CancellationToken ct = default)
    {
        if (await operators.Acting(request.By, OperatorRoles.Security, ct) is not { } by)
            return LiftRestrictionRefusal.Forbidden;
        Restriction? seen;
        await using (var connection = await db.Connect(ct))
            seen = await Restrictions.Find(connection, db.Catalogue, request.Restriction);
        var now = clock.Now();
        if (seen is null || Decide(request, seen, now) != LiftRestrictionRefusal.None)
            return Decide(request, seen, now);
        var how = new Lifting(now, Decider.Operator(FourEyes.Kept(by.Person)), request.Reason.Trim());
        var refusal = await db.Transact(async tx =>
        {
            await SpendingLimits.TakeTurn(tx, seen.Subject);
            var found = Decide(request, await Restrictions.Find(tx.Connection!, db.Catalogue, seen.Id, tx), now);
            if (found != LiftRestrictionRefusal.None)
                return found;
            await Restrictions.Lift(tx, seen, how);
            await log.Append(tx, OperatorAct.LiftedRestriction, by, request.By, new MemberId(seen.Subject).ToString(), how.Reason,
                seen.Id.ToString());
            return found;
        }, ct);
        if (refusal != LiftRestrictionRefusal.None)
            return refusal;
        db.Notifications.Raise(Topics.OfMember(new MemberId(seen.Subject)));
        return seen with { Lifted = how };
    }

    /// <summary>
    /// Lifts all that a member is frozen by, or none of it.
    /// </summary>
    /// <param name="alongside">What commits with it, or not at all.</param>
    /// <returns>How many there were; none is no refusal.</returns>
    public async Task<(LiftRestrictionRefusal Refusal, int Lifted)> All(MemberId member, string reason, ActingOperator acting,
        Func<DbTransaction, Task>? alongside = null, CancellationToken ct = default)
    {
        if (await operators.Acting(acting, OperatorRoles.Security, ct) is not { } by)
            return (LiftRestrictionRefusal.Forbidden, 0);
        if (!OperatorLine.IsOne(reason))
            return (LiftRestrictionRefusal.InvalidRequest, 0);
        var lifted = await db.Transact(async tx =>
        {
            var now = clock.Now();
            var frozen = (await Restrictions.Hold(tx, db.Catalogue, member, now)).Where(r => r.Kind == RestrictionKind.Frozen).ToList();
            var refusal = frozen.Select(r => Decide(new LiftRestrictionRequest(r.Id, reason, acting), r, now))
                .FirstOrDefault(r => r != LiftRestrictionRefusal.None);
            if (refusal != LiftRestrictionRefusal.None)
                return (refusal, 0);
            foreach (var restriction in frozen)
                await Restrictions.Lift(tx, restriction, new Lifting(now, Decider.Operator(FourEyes.Kept(by.Person)), reason.Trim()));
            if (alongside is not null)
                await alongside(tx);
            foreach (var restriction in frozen)
                await log.Append(tx, OperatorAct.LiftedRestriction, by, acting, member.ToString(), reason, restriction.Id.ToString());
            return (refusal, frozen.Count);
        }, ct);
        db.Notifications.Raise(Topics.OfMember(member));
        return lifted;
    }

    /// <summary>Those in force, the newest first; <paramref name="before"/>: the last of the page before.</summary>
    /// <param name="kind">Only those of this kind; null: of every kind.</param>
    public async Task<IReadOnlyList<Restriction>> InForce(
        int limit, RestrictionId? before = null, RestrictionKind? kind = null, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Restrictions.List(connection, db.Catalogue, clock.Now(), limit, before, kind);
    }

    /// <param name="found">The restriction that is to be lifted; null when there is none.</param>
    internal static LiftRestrictionRefusal Decide(LiftRestrictionRequest request, Restriction? found, DateTimeOffset now)
    {
        if (!OperatorLine.IsOne(request.Reason)) return LiftRestrictionRefusal.InvalidRequest;
        // That somebody has left is for ever.
        if (found is null || found.Kind == RestrictionKind.Left) return LiftRestrictionRefusal.NotFound;
        return found.HoldsAt(now) ? LiftRestrictionRefusal.None : LiftRestrictionRefusal.Ended;
    }
}

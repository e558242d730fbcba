using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Operations;

/// <summary>Which restriction one operator wants lifted, and why.</summary>
public sealed record LiftRestrictionRequest(RestrictionId Restriction, string Reason, Decider By);

/// <summary>Why a restriction is not lifted.</summary>
public enum LiftRestrictionRefusal
{
    None = 0,

    /// <summary>Reason or operator are missing, or longer than a line of 200 characters.</summary>
    InvalidRequest = 1,

    /// <summary>There is no such restriction.</summary>
    NotFound = 2,

    /// <summary>It was lifted before, or its time is over.</summary>
    Ended = 3,
}

/// <summary>Ends a restriction before its time. Others that the member is under stay in force.</summary>
public sealed class LiftRestriction(Database db, TimeProvider clock)
{
    public async Task<Answer<Restriction, LiftRestrictionRefusal>> Run(LiftRestrictionRequest request, CancellationToken ct = default)
    {
        Restriction? seen;
        await using (var connection = await db.Connect(ct))
            seen = await Restrictions.Find(connection, db.Catalogue, request.Restriction);
        var now = clock.Now();
        if (seen is null || Decide(request, seen, now) != LiftRestrictionRefusal.None)
            return Decide(request, seen, now);
        var how = new Lifting(now, request.By with { Name = request.By.Name.Trim() }, request.Reason.Trim());
        var refusal = await db.Transact(async tx =>
        {
            await SpendingLimits.TakeTurn(tx, seen.Subject);
            var found = Decide(request, await Restrictions.Find(tx.Connection!, db.Catalogue, seen.Id, tx), now);
            if (found == LiftRestrictionRefusal.None)
                await Restrictions.Lift(tx, seen, how);
            return found;
        }, ct);
        if (refusal != LiftRestrictionRefusal.None)
            return refusal;
        db.Notifications.Raise(Topics.OfMember(new MemberId(seen.Subject)));
        return seen with { Lifted = how };
    }

    /// <summary>Those in force, the newest first; <paramref name="before"/>: the last of the page before.</summary>
    public async Task<IReadOnlyList<Restriction>> InForce(int limit, RestrictionId? before = null, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Restrictions.List(connection, db.Catalogue, clock.Now(), limit, before);
    }

    /// <param name="found">The restriction that is to be lifted; null when there is none.</param>
    internal static LiftRestrictionRefusal Decide(LiftRestrictionRequest request, Restriction? found, DateTimeOffset now)
    {
        if (!OperatorLine.IsOne(request.Reason) || !OperatorLine.IsOne(request.By.Name)) return LiftRestrictionRefusal.InvalidRequest;
        if (found is null) return LiftRestrictionRefusal.NotFound;
        return found.HoldsAt(now) ? LiftRestrictionRefusal.None : LiftRestrictionRefusal.Ended;
    }
}

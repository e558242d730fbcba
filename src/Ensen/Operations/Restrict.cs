using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Operations;

/// <summary>
/// What one operator wants a member restricted in. <paramref name="By"/>: the operator, as the installation knows people.
/// </summary>
/// <param name="Until">When it is over by itself; null: only when it is lifted.</param>
public sealed record RestrictRequest(MemberId Member, RestrictionKind Kind, string Reason, string By, DateTimeOffset? Until = null);

/// <summary>Why a member is not restricted.</summary>
public enum RestrictRefusal
{
    None = 0,

    /// <summary>Reason or operator are missing, or longer than a line of 200 characters.</summary>
    InvalidRequest = 1,

    /// <summary>It would be over already.</summary>
    InvalidUntil = 2,

    /// <summary>There is no such member.</summary>
    NotFound = 3,

    /// <summary>The same operator restricted the member in the same way for the same reason, and that is in force.</summary>
    Restricted = 4,
}

/// <summary>
/// Restricts a member. Once it is answered, nothing that the restriction forbids is posted, whichever node decided it and when.
/// </summary>
public sealed class Restrict(Database db, MemberDirectory members, TimeProvider clock)
{
    public async Task<Answer<Restriction, RestrictRefusal>> Run(RestrictRequest request, CancellationToken ct = default)
    {
        var (known, now) = (await members.Find(request.Member, ct) is not null, clock.Now());
        if (Decide(request, known, [], now) is not RestrictRefusal.None and var refusal)
            return refusal;
        var restriction = new Restriction(
            Id.New<RestrictionId>(now), request.Member, request.Kind, request.Reason.Trim(), request.By.Trim(), now,
            request.Until);
        var late = await db.Transact(async tx =>
        {
            var inForce = await Restrictions.Hold(tx, db.Catalogue, request.Member, now);
            var found = Decide(request, known, inForce, now);
            if (found == RestrictRefusal.None)
                await Restrictions.Add(tx, restriction);
            return found;
        }, ct);
        if (late != RestrictRefusal.None)
            return late;
        db.Notifications.Raise(Topics.OfMember(request.Member));
        return restriction;
    }

    /// <param name="inForce">The member's restrictions that hold now.</param>
    internal static RestrictRefusal Decide(RestrictRequest request, bool known, IReadOnlyList<Restriction> inForce, DateTimeOffset now)
    {
        if (!OperatorLine.IsOne(request.Reason) || !OperatorLine.IsOne(request.By)) return RestrictRefusal.InvalidRequest;
        if (request.Until <= now) return RestrictRefusal.InvalidUntil;
        if (!known) return RestrictRefusal.NotFound;
        return inForce.Any(r => r.Kind == request.Kind && r.By == request.By.Trim() && r.Reason == request.Reason.Trim())
            ? RestrictRefusal.Restricted : RestrictRefusal.None;
    }
}

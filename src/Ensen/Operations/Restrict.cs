using System.Data.Common;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Operations;

/// <summary>What somebody wants a member restricted in: an operator, a rule, or the member.</summary>
/// <param name="Until">When it is over by itself; null: only when it is lifted.</param>
/// <param name="Device">The device on which a member asked for it.</param>
public sealed record RestrictRequest(
    MemberId Member, RestrictionKind Kind, string Reason, Decider By, DateTimeOffset? Until = null, string? Device = null)
{
    /// <summary>The account by which an operator asks; then <see cref="By"/> is its person.</summary>
    public ActingOperator? Acting { get; init; }

    /// <summary>What commits with the restriction, or not at all.</summary>
    public Func<DbTransaction, Task>? Alongside { get; init; }

    /// <summary>An operator asks: who that is, is looked up.</summary>
    public static RestrictRequest ByOperator(
        ActingOperator acting, MemberId member, RestrictionKind kind, string reason, DateTimeOffset? until = null) =>
        new(member, kind, reason, Decider.Operator(""), until) { Acting = acting };

    /// <summary>The member asks, of their own wallet.</summary>
    public bool IsOwn => By == Thaw.Self(Member);
}

/// <summary>Why a member is not restricted.</summary>
public enum RestrictRefusal
{
    None = 0,

    /// <summary>The reason, or who asks, are missing, or longer than a line of 200 characters.</summary>
    InvalidRequest = 1,

    /// <summary>It would be over already.</summary>
    InvalidUntil = 2,

    /// <summary>There is no such member.</summary>
    NotFound = 3,

    /// <summary>The same somebody restricted the member in the same way for the same reason, and that is in force.</summary>
    Restricted = 4,

    /// <summary>An operator asks who may not.</summary>
    Forbidden = 5,
}

/// <summary>
/// Restricts a member: the one place where a freeze is decided, whoever asks for it. Once it is answered, nothing that the restriction
/// forbids is posted, whichever node decided it and when. A member who froze their own wallet is told so by mail; what others decided is
/// told on the member's pages alone.
/// </summary>
public sealed class Restrict(
    Database db, MemberDirectory members, Outbox outbox, Operators operators, OperatorLog log, TimeProvider clock)
{
    public async Task<Answer<Restriction, RestrictRefusal>> Run(RestrictRequest request, CancellationToken ct = default)
    {
        Operator? by = null;
        if (request.By.Kind == InitiatorKind.Operator)
        {
            if (request.Acting is not { } acting || (by = await operators.Acting(acting, OperatorRoles.Security, ct)) is null)
                return RestrictRefusal.Forbidden;
            request = request with { By = Decider.Operator(FourEyes.Kept(by.Person)) };
        }
        var (member, now) = (await members.Find(request.Member, ct), clock.Now());
        if (Decide(request, member is { HasLeft: false }, [], now) is not RestrictRefusal.None and var refusal)
            return refusal;
        var restriction = new Restriction(
            Id.New<RestrictionId>(now), request.Member, request.Kind, request.Reason.Trim(), Trimmed(request.By), now,
            request.Until);
        var late = await db.Transact(async tx =>
        {
            var inForce = await Restrictions.Hold(tx, db.Catalogue, request.Member, now);
            var found = Decide(request, known: true, inForce, now);
            if (found != RestrictRefusal.None)
                return found;
            await Restrictions.Add(tx, restriction);
            if (request.Alongside is { } alongside)
                await alongside(tx);
            // What went alongside may have given the member another address: the mail goes to the one that counts from now on.
            if (request.IsOwn && await MemberDirectory.Read(tx.Connection!, request.Member, tx) is { } told
                && Notice.Of(NoticeKind.Frozen, told, request.Device ?? "", now) is { } notice)
                await notice.Add(outbox, tx, Id.New(now));
            if (by is not null)
                await log.Append(tx, OperatorAct.FrozeMember, by, request.Acting!.Value, request.Member.ToString(), restriction.Reason,
                    restriction.Id.ToString());
            return found;
        }, ct);
        if (late != RestrictRefusal.None)
            return late;
        db.Notifications.Raise(Topics.OfMember(request.Member));
        if (request.IsOwn)
            outbox.Wake();
        return restriction;
    }

    /// <param name="inForce">The member's restrictions that hold now.</param>
    internal static RestrictRefusal Decide(RestrictRequest request, bool known, IReadOnlyList<Restriction> inForce, DateTimeOffset now)
    {
        if (!OperatorLine.IsOne(request.Reason) || !OperatorLine.IsName(request.By.Name)) return RestrictRefusal.InvalidRequest;
        if (request.Until <= now) return RestrictRefusal.InvalidUntil;
        if (!known) return RestrictRefusal.NotFound;
        return inForce.Any(r => r.Kind == request.Kind && r.By == Trimmed(request.By) && r.Reason == request.Reason.Trim())
            ? RestrictRefusal.Restricted : RestrictRefusal.None;
    }

    static Decider Trimmed(Decider by) => by with { Name = by.Name.Trim() };
}

using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Operations;

/// <summary>Whether a wallet is frozen, by its own member or by somebody else.</summary>
public sealed record FreezeState(bool BySelf, bool ByOthers)
{
    public bool Frozen => BySelf || ByOthers;
}

/// <summary>A member who wants to use the wallet again that they froze.</summary>
/// <param name="Device">The device on which they ask.</param>
public sealed record ThawRequest(MemberId Member, StepUpProof Proof, string Device);

/// <summary>Why a wallet stays frozen.</summary>
public enum ThawRefusal
{
    None = 0,

    /// <summary>Somebody else froze it: that is not the member's to lift.</summary>
    Frozen = 1,

    /// <summary>The member has to prove who they are.</summary>
    StepUpRequired = 2,
}

/// <summary>
/// A member freezes the own wallet, from wherever they are signed in and without a further proof, and thaws it, which takes one. It is a
/// restriction of their own word: those of others stay in force beside it.
/// </summary>
public sealed class Thaw(Database db, Restrict restrict, StepUp stepUp, MemberDirectory members, Outbox outbox, TimeProvider clock)
{
    const string FrozenWhy = "frozen by its member";
    const string ThawedWhy = "thawed by its member";

    /// <summary>What a challenge says that is to thaw a wallet.</summary>
    public static StepUpPurpose Purpose { get; } = new("thaw");

    /// <summary>The member, as who decided a restriction.</summary>
    public static Decider Self(MemberId member) => new(InitiatorKind.Member, member.ToString());

    /// <summary>
    /// Freezes the wallet; one that is frozen already stays so. What proved the member until now proves nothing any more.
    /// </summary>
    public async Task<FreezeState> Freeze(MemberId member, string device, CancellationToken ct = default)
    {
        // Before the freeze, so that no proof of a moment ago outlives it.
        await stepUp.Void(Subject.Member(member), ct);
        var answer = await restrict.Run(
            new RestrictRequest(member, RestrictionKind.Frozen, FrozenWhy, Self(member), Device: device), ct);
        return answer.Accepted || answer.Refusal == RestrictRefusal.Restricted
            ? await StateOf(member, ct)
            : throw new InvalidOperationException($"A member could not freeze the own wallet: {answer.Refusal}");
    }

    public async Task<FreezeState> StateOf(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return State(member, await Restrictions.Of(connection, db.Catalogue, member, clock.Now()));
    }

    public async Task<Answer<FreezeState, ThawRefusal>> Run(ThawRequest request, CancellationToken ct = default)
    {
        var member = await members.Find(request.Member, ct);
        var (refusal, after, lifted) = await db.Transact(async tx =>
        {
            var now = clock.Now();
            var inForce = await Restrictions.Hold(tx, db.Catalogue, request.Member, now);
            var decided = Decide(request.Member, inForce, isProven: false);
            if (decided == ThawRefusal.StepUpRequired && await stepUp.Take(tx, request.Proof, Purpose))
                decided = Decide(request.Member, inForce, isProven: true);
            List<Restriction> own = decided == ThawRefusal.None ? [.. inForce.Where(r => IsOwn(request.Member, r))] : [];
            foreach (var restriction in own)
                await Restrictions.Lift(tx, restriction, new Lifting(now, Self(request.Member), ThawedWhy));
            if (own.Count > 0 && member is not null && Notice.Of(NoticeKind.Thawed, member, request.Device, now) is { } notice)
                await notice.Add(outbox, tx, Id.New(now));
            return (decided, State(request.Member, inForce.Except(own)), own.Count > 0);
        }, ct);
        if (refusal != ThawRefusal.None)
            return refusal;
        if (lifted)
        {
            db.Notifications.Raise(Topics.OfMember(request.Member));
            outbox.Wake();
        }
        return after;
    }

    /// <param name="inForce">The member's restrictions that hold now.</param>
    internal static ThawRefusal Decide(MemberId member, IReadOnlyList<Restriction> inForce, bool isProven)
    {
        var state = State(member, inForce);

        if (state is { ByOthers: true, BySelf: false }) return ThawRefusal.Frozen;
        return state.BySelf && !isProven ? ThawRefusal.StepUpRequired : ThawRefusal.None;
    }

    static FreezeState State(MemberId member, IEnumerable<Restriction> inForce)
    {
        var frozen = inForce.Where(r => r.Kind == RestrictionKind.Frozen).ToList();
        return new FreezeState(frozen.Exists(r => IsOwn(member, r)), frozen.Exists(r => !IsOwn(member, r)));
    }

    static bool IsOwn(MemberId member, Restriction restriction) =>
        restriction.Kind == RestrictionKind.Frozen && restriction.By == Self(member);
}

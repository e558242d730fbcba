using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Identity;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Wallet;
using Ensen.Points;
using Ensen.Storage;

namespace Ensen.Operations;

/// <summary>A member who leaves the programme.</summary>
/// <param name="Confirmed">They said so in as many words.</param>
public sealed record LeaveRequest(MemberId Member, bool Confirmed, StepUpProof Proof, IdempotencyKey Key);

/// <summary>The member has left; so many points went with them.</summary>
[StoredAs("left")]
public sealed record MemberLeft(MemberId Member, PointAmount PointsLost, DateTimeOffset At);

/// <summary>Why a member stays one, in the order it is checked.</summary>
public enum LeaveRefusal
{
    None = 0,

    /// <summary>It was not confirmed.</summary>
    InvalidRequest = 1,

    /// <summary>Something stands in the way: <see cref="Leaving"/> says what.</summary>
    CannotLeave = 2,

    /// <summary>The member has to prove who they are.</summary>
    StepUpRequired = 3,
    KeyReused = 4,
}

/// <summary>
/// A member leaves. One step of the ledger decides it and does all of it: the points go to breakage, the owner's accounts are closed to
/// every later entry, every session ends, the member's own key is destroyed and each table gives up what says who it was (<see
/// cref="EraseMember"/>). What the law wants kept is sealed before to a key that no node can open. What was under way at that instant on
/// other nodes is erased by <see cref="FormerMembers"/> afterwards.
/// </summary>
public sealed class LeaveProgramme(
    Database db, GeneralLedger ledger, StepUp stepUp, Sessions sessions, MemberDirectory members, MemberKeys keys, RecordsKey records,
    Outbox outbox, Programme programme, TimeProvider clock)
{
    const string Why = "left the programme";

    /// <summary>How long records are kept after the end, by law.</summary>
    public const int RecordYears = 7;

    /// <summary>What a challenge says that is to leave.</summary>
    public static StepUpPurpose Purpose { get; } = new("leaving", lasts: true);

    public async Task<Answer<MemberLeft, LeaveRefusal>> Run(LeaveRequest request, CancellationToken ct = default)
    {
        if (!request.Confirmed) return LeaveRefusal.InvalidRequest;
        var now = clock.Now();
        var member = await members.Find(request.Member, ct);
        if (member is { Verified: true } && !records.IsSetUp || await Obstructed(request.Member, now, ct))
            return LeaveRefusal.CannotLeave;
        if (!await stepUp.Stands(request.Proof, Purpose, ct))
            return LeaveRefusal.StepUpRequired;
        var draft = new LeavingDraft(this, request, Id.New<EntryId>(now, request.Member), now);
        try
        {
            var answer = await ledger.Post(draft, ct);
            if (answer is { Accepted: true, Replayed: false })
                Tell(request.Member, draft.Ended);
            return answer;
        }
        catch (RefusedInStepException e)
        {
            return e.Refusal;
        }
    }

    async Task<bool> Obstructed(MemberId member, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await Obstructed(connection, null, member, now);
    }

    async Task<bool> Obstructed(DbConnection connection, DbTransaction? tx, MemberId member, DateTimeOffset now)
    {
        foreach (var obstacle in db.Catalogue.All<LeavingObstacle>())
            if (await obstacle.Stands(connection, tx, member, now))
                return true;
        return false;
    }

    void Tell(MemberId member, EndedSessions? ended)
    {
        if (ended is not null)
            sessions.Tell(ended);
        members.Changed(member);
        db.Notifications.Raise(Topics.OfMember(member));
        outbox.Wake();
    }

    /// <summary>The decision: checks in the order of the refusals, then a line, then what is posted.</summary>
    internal static Decision<MemberLeft, LeaveRefusal> Decide(MemberId member, AccountState state, EntryId id, DateTimeOffset now)
    {
        var own = state.Of(member);

        // Whoever asks again while the first answer is on its way is told the same.
        if (own.HasLeft) return new Decision<MemberLeft, LeaveRefusal>(new MemberLeft(member, PointAmount.Zero, now));
        if (own.IsFrozen || own.Arriving > 0 || own.Total(Unit.Yen) != 0) return LeaveRefusal.CannotLeave;

        // From here nothing may fail. Of each lot goes what is left, also of one whose last day is over.
        var lots = Lots.Of(own);
        var pending = own.ByTerm(AccountType.PendingPoints).ToList();
        var points = Lots.Total(lots) + new PointAmount(pending.Sum(p => p.Balance));
        return new Decision<MemberLeft, LeaveRefusal>(new MemberLeft(member, points, now))
        {
            Entry = points == PointAmount.Zero ? null : new Entry(id, EntryKind.Leaving, now, Initiator.Member(member),
            [
                .. lots.Select(l => l.Lot.LegOf(member, -l.Points)),
                .. pending.Select(p => new Leg(member, AccountType.PendingPoints, p.Term, -p.Balance)),
                Leg.Of(Chart.Operator, AccountType.Breakage, points),
            ]),
        };
    }

    /// <summary>Beside the entry, in its transaction: all that leaving is besides the points.</summary>
    async Task<EndedSessions> Leave(DbTransaction tx, LeaveRequest request, SpendingLimit turn, bool posts, DateTimeOffset now)
    {
        var id = request.Member;
        // An entry takes the owner's turn by itself. Without one it is taken here, as it was read; where somebody was first all of this is
        // decided again.
        if (!posts && !await SpendingLimits.Keep(tx, turn))
            throw new MovedException("the turn of who leaves");
        if (await MemberDirectory.Read(tx.Connection!, id, tx) is not { HasLeft: false } member
            || member.Verified && !records.IsSetUp || await Obstructed(tx.Connection!, tx, id, now))
            throw new RefusedInStepException(LeaveRefusal.CannotLeave);
        if (!await stepUp.Take(tx, request.Proof, Purpose))
            throw new RefusedInStepException(LeaveRefusal.StepUpRequired);

        await FormerMembers.Add(tx, id, now, await Record(tx, member, now), records);
        await Restrictions.Add(tx, new Restriction(
            Id.New<RestrictionId>(now), id, RestrictionKind.Left, Why, Thaw.Self(id), now, Until: null));
        var ended = await sessions.EndAll(tx, Subject.Member(id), except: null, SessionEnd.OtherDevice);
        await keys.Destroy(tx, id);
        await EraseMember.Run(tx, db.Catalogue, id, now);
        await members.Changing(tx, id);
        // After the erasing, so that it is the one thing that is still to be sent; of what was sent nothing is kept.
        if (Notice.Of(NoticeKind.Left, member, at: now) is { } goodbye)
            await goodbye.AddUnrecorded(outbox, tx, Id.New(now));
        return ended;
    }

    /// <summary>What the law wants kept of a verified member; null of one who never was.</summary>
    async Task<byte[]?> Record(DbTransaction tx, Member member, DateTimeOffset now)
    {
        var verifications = await KeptIdentity.Of(tx, keys, member.Id, programme.Identity);
        if (verifications.Count == 0 || !records.IsSetUp)
            return null;
        var record = new KeptRecord(
            member.Id.ToString(), member.Name, JapanDay.InTokyo(Instant.OfMilliseconds(member.CreatedMs)), JapanDay.InTokyo(now),
            verifications);
        return records.Seal(JsonSerializer.SerializeToUtf8Bytes(record, LeavingJson.Default.KeptRecord), FormerMembers.About(member.Id));
    }

    sealed class LeavingDraft(LeaveProgramme verb, LeaveRequest request, EntryId id, DateTimeOffset now) : Draft<MemberLeft, LeaveRefusal>
    {
        /// <summary>The sessions that ended with it, once it is committed.</summary>
        public EndedSessions? Ended { get; private set; }

        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [request.Member];
        public override IReadOnlyList<IdempotencyKey> IdempotencyKeys { get; } = [request.Key];
        public override bool IsAlone => true;
        public override JsonTypeInfo<MemberLeft> Json => LeavingJson.Default.MemberLeft;
        public override LeaveRefusal Reused(IdempotencyKey key) => LeaveRefusal.KeyReused;

        public override Decision<MemberLeft, LeaveRefusal> Decide(AccountState state)
        {
            var decision = LeaveProgramme.Decide(request.Member, state, id, now);
            if (!decision.Answer.Accepted)
                return decision with { IsForNow = true };
            if (state.Of(request.Member).HasLeft)
                return decision;
            var turn = state.Of(request.Member).SpendingLimit(LimitKind.Pay);
            return decision with
            {
                Alongside = async (tx, _) => Ended = await verb.Leave(tx, request, turn, decision.Entry is not null, now),
            };
        }
    }

    /// <summary>What stood in the way only in the step itself.</summary>
    sealed class RefusedInStepException(LeaveRefusal refusal) : Exception($"A member does not leave: {refusal}.")
    {
        public LeaveRefusal Refusal => refusal;
    }
}

/// <summary>What is kept of a verified member who left, as it is sealed.</summary>
public sealed record KeptRecord(
    string MemberId, string Name, DateTimeOffset JoinedAt, DateTimeOffset LeftAt, IReadOnlyList<VerificationOnRecord> Verifications);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = false)]
[JsonSerializable(typeof(MemberLeft))]
[JsonSerializable(typeof(KeptRecord))]
sealed partial class LeavingJson : JsonSerializerContext;

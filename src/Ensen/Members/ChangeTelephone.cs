using System.Data.Common;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>Another telephone that a member wants in place of the registered one.</summary>
public sealed record ChangeTelephoneRequest(MemberId Member, string Telephone, StepUpProof Proof);

/// <summary>Why the registered telephone stays as it is.</summary>
public enum ChangeTelephoneRefusal
{
    None = 0,

    /// <summary>It is no telephone of Japan (another cannot be shown by a call), or it is the registered one.</summary>
    InvalidRequest = 1,

    /// <summary>The member has to prove who they are, or by a call that they have the new one.</summary>
    StepUpRequired = 2,

    /// <summary>No other telephone was asked for a short while ago.</summary>
    NotFound = 3,
}

/// <summary>
/// Gives a member another registered telephone: first a proof of who they are, then a call from the new one. Whoever does it with a stolen
/// number gains little at once: low caps hold for three days, and the member is told by mail. The old number is kept as long.
/// </summary>
public sealed class ChangeTelephone(
    Database db, StepUp stepUp, MemberDirectory members, LowCaps lowCaps, Outbox outbox, Programme programme, TimeProvider clock)
{
    /// <summary>What a challenge says that is to name another telephone.</summary>
    public static StepUpPurpose Purpose { get; } = new("change_telephone", lasts: true);

    /// <summary>What a challenge says that is to show it, by a call from it.</summary>
    public static StepUpPurpose Shown { get; } = new("new_telephone", only: ProofMethod.Call);

    /// <summary>How long the new telephone is waited for.</summary>
    static readonly TimeSpan s_awaited = TimeSpan.FromHours(1);

    /// <summary>The first half: names the new telephone, which is called from next.</summary>
    public async Task<ChangeTelephoneRefusal> Ask(ChangeTelephoneRequest request, CancellationToken ct = default)
    {
        var isOne = TelephoneNumber.TryParse(request.Telephone, out var telephone) && TelephoneNumber.IsOfJapan(telephone);
        var member = await members.Find(request.Member, ct);
        if (!isOne || telephone == member?.Telephone)
            return ChangeTelephoneRefusal.InvalidRequest;
        return await db.Transact(async tx =>
        {
            if (!await stepUp.Take(tx, request.Proof, Purpose))
                return ChangeTelephoneRefusal.StepUpRequired;
            var now = clock.Now();
            await tx.Connection!.ExecuteAsync(
                "delete from telephone_change where member = @Member and done_ms is null", new { request.Member }, tx);
            await tx.Connection!.ExecuteAsync(
                """
                insert into telephone_change (id, member, telephone, telephone_before, possessed_before_ms, asked_ms)
                values (@id, @Member, @telephone, @before, @possessed, @now)
                """,
                new
                {
                    id = Id.New(now),
                    request.Member,
                    telephone,
                    before = member?.Telephone,
                    possessed = member?.TelephonePossessedMs,
                    now = now.ToUnixTimeMilliseconds(),
                }, tx);
            return ChangeTelephoneRefusal.None;
        }, ct);
    }

    /// <summary>The second half, once the new telephone has called: it is the registered one.</summary>
    public async Task<Answer<Member, ChangeTelephoneRefusal>> Finish(MemberId id, StepUpProof proof, string device,
        CancellationToken ct = default)
    {
        var member = await members.Find(id, ct) ?? throw new ArgumentException("There is no such member.", nameof(id));
        var refusal = await db.Transact(async tx =>
        {
            if (!await stepUp.Take(tx, proof, Shown))
                return ChangeTelephoneRefusal.StepUpRequired;
            var now = clock.Now();
            if (await Pending(tx.Connection!, id, now, tx) is not { } telephone)
                return ChangeTelephoneRefusal.NotFound;
            // First, as everywhere, the owner's turn.
            await lowCaps.Begin(tx, id, LowCapsCause.TelephoneChanged);
            await StopRecovery.OfWhoIsThere(tx, id, outbox, now);
            var at = now.ToUnixTimeMilliseconds();
            await tx.Connection!.ExecuteAsync(
                "update telephone_change set done_ms = @at where member = @id and done_ms is null", new { id, at }, tx);
            await tx.Connection!.ExecuteAsync(
                "update member set telephone = @telephone, telephone_possessed_ms = @at where id = @id", new { id, telephone, at }, tx);
            await stepUp.Void(tx, Subject.Member(id));
            if (Notice.Of(NoticeKind.TelephoneChanged, member, device, now) is { } notice)
                await notice.Add(outbox, tx, Id.New(now));
            await members.Changing(tx, id);
            return ChangeTelephoneRefusal.None;
        }, ct);
        if (refusal != ChangeTelephoneRefusal.None)
            return refusal;
        members.Changed(id);
        outbox.Wake();
        return await members.Find(id, ct) ?? member;
    }

    /// <summary>
    /// Another telephone, in the transaction in which whoever had lost everything comes in again and has called from it. The number before
    /// is kept as after any change.
    /// </summary>
    internal static async Task Replace(DbTransaction tx, Member member, string telephone, DateTimeOffset now)
    {
        var values = new
        {
            change = Id.New(now),
            member.Id,
            telephone,
            before = member.Telephone,
            possessed = member.TelephonePossessedMs,
            at = now.ToUnixTimeMilliseconds(),
        };
        await tx.Connection!.ExecuteAsync(
            """
            insert into telephone_change (id, member, telephone, telephone_before, possessed_before_ms, asked_ms, done_ms)
            values (@change, @Id, @telephone, @before, @possessed, @at, @at)
            """, values, tx);
        await tx.Connection!.ExecuteAsync(
            "update member set telephone = @telephone, telephone_possessed_ms = @at where id = @Id", values, tx);
    }

    /// <summary>The telephone whose call is awaited; null when none is.</summary>
    public async Task<string?> Pending(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Pending(connection, member, clock.Now());
    }

    /// <summary>The change whose call is awaited; null when none is.</summary>
    public async Task<ChangeUnderWay?> UnderWay(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var (telephone, askedMs) = await connection.QuerySingleOrDefaultAsync<(string? Telephone, long AskedMs)>(
            "select telephone, asked_ms from telephone_change where member = @member and done_ms is null and asked_ms > @from",
            new { member, from = (clock.Now() - s_awaited).ToUnixTimeMilliseconds() });
        return telephone is null ? null
            : new ChangeUnderWay(TelephoneNumber.Masked(telephone), Instant.OfMilliseconds(askedMs) + s_awaited);
    }

    /// <summary>The member wants the new telephone no more: its call changes nothing. False when none was awaited.</summary>
    public async Task<bool> Withdraw(MemberId member, CancellationToken ct = default)
    {
        var from = (clock.Now() - s_awaited).ToUnixTimeMilliseconds();
        return await db.Transact(tx => tx.Connection!.ExecuteAsync(
            "delete from telephone_change where member = @member and done_ms is null and asked_ms > @from", new { member, from }, tx), ct) > 0;
    }

    internal static async Task<string?> Pending(DbConnection connection, MemberId member, DateTimeOffset now, DbTransaction? tx = null) =>
        await connection.QuerySingleOrDefaultAsync<string?>(
            "select telephone from telephone_change where member = @member and done_ms is null and asked_ms > @from",
            new { member, from = (now - s_awaited).ToUnixTimeMilliseconds() }, tx);

    /// <summary>
    /// Takes back what was asked for since an instant, in the transaction that is its reason: of several changes the telephone before the
    /// first is the registered one again, and no number is waited for.
    /// </summary>
    internal static async Task TakeBack(DbTransaction tx, MemberId member, DateTimeOffset since)
    {
        var values = new { member, from = since.ToUnixTimeMilliseconds() };
        var first = await tx.Connection!.QueryFirstOrDefaultAsync<Before?>(
            """
            select telephone_before as Telephone, possessed_before_ms as PossessedMs
            from telephone_change
            where member = @member and asked_ms >= @from and done_ms is not null
            order by asked_ms
            """, values, tx);
        if (first is not null)
            await tx.Connection!.ExecuteAsync(
                "update member set telephone = @Telephone, telephone_possessed_ms = @PossessedMs where id = @member",
                new { first.Telephone, first.PossessedMs, member }, tx);
        await tx.Connection!.ExecuteAsync("delete from telephone_change where member = @member and asked_ms >= @from", values, tx);
    }

    sealed class Before
    {
        public string? Telephone { get; init; }
        public long? PossessedMs { get; init; }
    }

    /// <summary>
    /// Forgets numbers of before, and those that never called; not while a change of the address can be taken back, and they with it. Run
    /// now and then.
    /// </summary>
    public Task<int> Tidy(CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        var old = now.AddHours(-Math.Max(1, programme.Membership.TelephoneChangeHours));
        return db.Transact(tx => tx.Connection!.ExecuteAsync(
            """
            delete from telephone_change
            where coalesce(done_ms, asked_ms) < @old
              and not exists (
                select 1
                from mail_change m
                where m.member = telephone_change.member and m.undone_ms is null and m.undo_until_ms > @now)
            """,
            new { old = old.ToUnixTimeMilliseconds(), now = now.ToUnixTimeMilliseconds() }, tx), ct);
    }
}

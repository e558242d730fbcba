using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Identity;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Operations;

/// <summary>A member leaves: what is lost is lost, what stands in the way is named, and afterwards nothing reaches them any more.</summary>
public class LeaveTests
{
    // Attack 76.
    [Theory, BothEngines]
    public async Task Nothing_happens_without_a_word_and_a_proof(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(30.Points());
        var session = await SignedIn(town, aoi);

        (await Leave(town, aoi, session, confirmed: false)).Refusal.ShouldBe(LeaveRefusal.InvalidRequest);
        (await Leave(town, aoi, session)).Refusal.ShouldBe(LeaveRefusal.StepUpRequired);
        await town.Db.Transact(tx => town.Get<StepUp>().Mark(tx, session, Thaw.Purpose), Ct);
        (await Leave(town, aoi, session)).Refusal.ShouldBe(LeaveRefusal.StepUpRequired, "a proof for something else");
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 30");
        await Prove(town, session);
        var key = Town.Key(aoi.Id, "a key", "leaving", true);
        (await town.Pay(aoi, await town.Store("Café Loop"), 30.Yen(), 30.Points(), key: "a key")).Accepted.ShouldBeTrue();
        (await town.Get<LeaveProgramme>().Run(new LeaveRequest(aoi.Id, true, new StepUpProof(session), key), Ct))
            .Refusal.ShouldBe(LeaveRefusal.KeyReused);
        (await town.Get<MemberDirectory>().Find(aoi.Id, Ct))!.HasLeft.ShouldBeFalse();
    }

    [Theory, BothEngines]
    public async Task Points_are_lost_by_lot_and_everything_ends_in_one_step(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(30.Points());
        var (here, there) = (await SignedIn(town, aoi), await SignedIn(town, aoi));
        await Prove(town, here);
        var ahead = (await town.Get<Leaving>().Of(aoi.Id, Ct))!;
        (ahead.MayLeave, ahead.Points).ShouldBe((true, 30.Points()));

        var left = await Leave(town, aoi, here);

        left.Value!.PointsLost.ShouldBe(30.Points());
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 0");
        (await town.Balance(Chart.Operator, AccountType.Breakage)).ShouldBe(30);
        (await town.Entries(EntryKind.Leaving)).ShouldBe(1);
        (await town.Get<Sessions>().Devices(Subject.Member(aoi.Id), Ct)).ShouldBeEmpty();
        (await town.Get<Sessions>().IsOpen(Subject.Member(aoi.Id), there.Session, Ct)).ShouldBeFalse();
        (await town.Get<Leaving>().Of(aoi.Id, Ct)).ShouldBeNull();
        var row = (await town.Get<MemberDirectory>().Find(aoi.Id, Ct))!;
        (row.HasLeft, row.Name, row.Email, row.Telephone, row.Verified).ShouldBe((true, "", null, null, false));
        (await town.Get<FormerMembers>().Find(aoi.Id, Ct))!.RecordKey.ShouldBe(new RecordsKey(Town.Records.Public).Name);
    }

    [Theory, BothEngines]
    public async Task What_stands_in_the_way_is_named_and_keeps_the_member(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1.Yen());
        var session = await SignedIn(town, aoi);
        await Prove(town, session);

        (await InTheWay(town, aoi)).ShouldBe(["money_left"]);
        (await Leave(town, aoi, session)).Refusal.ShouldBe(LeaveRefusal.CannotLeave);
        await town.Paid(aoi, await town.Store("Café Loop"), 1.Yen());
        await town.Freeze(aoi);
        (await InTheWay(town, aoi)).ShouldBe(["frozen"]);
        (await Leave(town, aoi, session)).Refusal.ShouldBe(LeaveRefusal.CannotLeave);
        (await town.Get<LiftRestriction>().All(aoi.Id, "a mistake", await town.Operator("Suzuki"), ct: Ct)).Lifted.ShouldBe(1);
        await town.ChangeSpendingLimit(aoi, LimitKind.Arriving, limit => limit.Use(500, default));
        (await InTheWay(town, aoi)).ShouldBe(["charge_pending"]);
        (await Leave(town, aoi, session)).Refusal.ShouldBe(LeaveRefusal.CannotLeave);
        await town.ChangeSpendingLimit(aoi, LimitKind.Arriving, limit => limit.Use(-500, default));

        (await InTheWay(town, aoi)).ShouldBeEmpty();
        (await Leave(town, aoi, session)).Accepted.ShouldBeTrue();
    }

    /// <summary>What a thief would do last, so that the owner of the address finds no way back.</summary>
    [Theory, BothEngines]
    public async Task Whoever_has_just_changed_the_address_does_not_leave_before_that_can_be_undone_no_more(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi");
        var session = await SignedIn(town, aoi);
        await Prove(town, session);
        await town.Db.Transact(tx => tx.Connection!.ExecuteAsync(
            """
            insert into mail_change (id, member, email, email_key, email_before, confirm_hash, undo_hash, asked_ms, expires_ms, undo_until_ms, done_ms)
            values (@id, @member, 'thief@example.jp', 'thief@example.jp', 'aoi@example.jp', @a, @b, 0, 0, @until, 1)
            """,
            new
            {
                id = Guid.NewGuid(),
                member = aoi.Id,
                a = new byte[] { 1 },
                b = new byte[] { 2 },
                until = town.Clock.GetUtcNow().AddHours(72).ToUnixTimeMilliseconds(),
            }, tx), Ct);

        (await InTheWay(town, aoi)).ShouldBe(["change_pending"]);
        (await Leave(town, aoi, session)).Refusal.ShouldBe(LeaveRefusal.CannotLeave);
    }

    // Attack 108, and every other way to somebody who is not there.
    [Theory, BothEngines]
    public async Task Nothing_reaches_whoever_has_left_and_no_yen_is_lost(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var ren = await town.Member("Ren").With(5_000.Yen());
        var cafe = await town.Store("Café Loop");
        var paid = await town.Paid(aoi, cafe, 1_000.Yen());
        var session = await SignedIn(town, aoi);
        await Prove(town, session);
        (await Leave(town, aoi, session)).Accepted.ShouldBeTrue();

        (await town.Refund(paid.PaymentId, cafe, 1_000.Yen())).Refusal.ShouldBe(RefundRefusal.MemberLeft);
        (await town.Send(ren, aoi, 100.Yen())).Refusal.ShouldBe(TransferRefusal.NotFound);
        (await town.Send(aoi, ren, 100.Yen())).Refusal.ShouldBe(TransferRefusal.NotFound);
        (await town.Pay(aoi, cafe, 1.Yen())).Refusal.ShouldBe(PayRefusal.MemberLeft);
        (await town.Get<Charge>().Run(new ChargeRequest(aoi.Payer, ChargeSource.Card, 2_000.Yen(), Town.Key(aoi.Id, null)), Ct))
            .Refusal.ShouldBe(ChargeRefusal.MemberLeft);
        (await town.Get<Restrict>().Run(RestrictRequest.ByOperator(
            await town.Operator("Suzuki"), aoi.Id, RestrictionKind.Frozen, "theft"), Ct)).Refusal.ShouldBe(RestrictRefusal.NotFound);
        await using var connection = await town.Db.Connect(Ct);
        var restriction = (await Restrictions.Of(connection, town.Db.Catalogue, aoi.Id, town.Clock.GetUtcNow())).Single();
        restriction.Kind.ShouldBe(RestrictionKind.Left);
        (await town.Get<LiftRestriction>().Run(new LiftRestrictionRequest(
            restriction.Id, "a mistake", await town.Operator("Suzuki")), Ct)).Refusal.ShouldBe(LiftRestrictionRefusal.NotFound);
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 0");
        (await town.Holds(ren)).ShouldBe("money 5000, prepaid 0, points 0");
    }

    /// <summary>
    /// Forty leave and forty others send, refund and pay at the same time, on two nodes: whatever comes first, nobody who has left holds
    /// anything, and every yen is where it was sent or where it came from.
    /// </summary>
    [Theory, BothEngines]
    public async Task Forty_leave_while_forty_send_them_money(Engine engine)
    {
        await using var town = await Town.On(engine);
        var node = town.Get<GeneralLedger>();
        await using var other = new GeneralLedger(town.Db, town.Clock, 2);
        var cafe = await town.Store("Café Loop");
        var (leavers, sessions, paid) = (new List<Resident>(), new List<Caller>(), new List<PaymentId>());
        for (var i = 0; i < 40; i++)
        {
            var who = await town.Member($"Leaver {i}").With(250.Yen());
            paid.Add((await town.Paid(who, cafe, 250.Yen())).PaymentId);
            leavers.Add(who);
            sessions.Add(await SignedIn(town, who));
            await Prove(town, sessions[i]);
        }
        var senders = await town.Crowd(40, 1_000.Yen());

        var left = Enumerable.Range(0, 40).Select(i => Task.Run(() => Leave(town, leavers[i], sessions[i]))).ToList();
        var sent = Enumerable.Range(0, 40).Select(i => Task.Run(() => town.Send(senders[i], leavers[i], 100.Yen(), node: other))).ToList();
        var refunded = Enumerable.Range(0, 40).Select(i => Task.Run(() => town.Refund(paid[i], cafe, 50.Yen(), node: other))).ToList();
        await Task.WhenAll(left.Cast<Task>().Concat(sent).Concat(refunded));

        var yen = 0L;
        for (var i = 0; i < 40; i++)
        {
            var hasLeft = (await left[i]).Accepted;
            var (arrived, back) = ((await sent[i]).Accepted, (await refunded[i]).Accepted);
            if (!arrived)
                (await sent[i]).Refusal.ShouldBe(TransferRefusal.NotFound);
            if (!back)
                (await refunded[i]).Refusal.ShouldBe(RefundRefusal.MemberLeft);
            if (!hasLeft)
                (await left[i]).Refusal.ShouldBe(LeaveRefusal.CannotLeave);
            hasLeft.ShouldBe(!arrived && !back, "money and leaving exclude each other");
            yen += (await town.Wallet(leavers[i])).Balance.Value + (await town.Wallet(senders[i])).Balance.Value;
        }
        (yen + await town.Balance(cafe.Id, AccountType.Payable)).ShouldBe(40 * 250 + 40 * 1_000);
    }

    /// <summary>
    /// Forty leave and pay with their points at the same time, on two nodes: whatever comes first, each point is paid or lost once, and
    /// nobody pays who has left.
    /// </summary>
    [Theory, BothEngines]
    public async Task Forty_leave_while_they_pay_with_their_points(Engine engine)
    {
        await using var town = await Town.On(engine);
        await using var other = new GeneralLedger(town.Db, town.Clock, 2);
        var cafe = await town.Store("Café Loop");
        var (leavers, sessions) = (new List<Resident>(), new List<Caller>());
        for (var i = 0; i < 40; i++)
        {
            leavers.Add(await town.Member($"Leaver {i}").With(250.Points()));
            sessions.Add(await SignedIn(town, leavers[i]));
            await Prove(town, sessions[i]);
        }

        var paying = Enumerable.Range(0, 40).Select(i => Task.Run(() =>
            town.Pay(Town.Payment(leavers[i], cafe, 100.Yen(), 100.Points()), other))).ToList();
        var leaving = Enumerable.Range(0, 40).Select(i => Task.Run(() => Leave(town, leavers[i], sessions[i]))).ToList();
        var (paid, left) = (await Task.WhenAll(paying), await Task.WhenAll(leaving));

        for (var i = 0; i < 40; i++)
        {
            left[i].Refusal.ShouldBe(LeaveRefusal.None);
            paid[i].Refusal.ShouldBe(paid[i].Accepted ? PayRefusal.None : PayRefusal.MemberLeft);
            left[i].Value!.PointsLost.ShouldBe(paid[i].Accepted ? 150.Points() : 250.Points());
            (await town.Holds(leavers[i])).ShouldBe("money 0, prepaid 0, points 0");
        }
        (await town.Balance(Chart.Operator, AccountType.Breakage)).ShouldBe(left.Sum(l => l.Value!.PointsLost.Value));
        (await town.Balance(cafe.Id, AccountType.Payable)).ShouldBe(100 * paid.Count(p => p.Accepted));
    }

    /// <summary>Forty leave and charge at the same time, on two nodes: money that arrives and leaving exclude each other.</summary>
    [Theory, BothEngines]
    public async Task Forty_leave_while_they_charge(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        await using var other = new GeneralLedger(desk.Db, desk.Clock, 2);
        var leave = new LeaveProgramme(
            desk.Db, other, desk.Get<StepUp>(), desk.Get<Sessions>(), desk.Get<MemberDirectory>(), desk.Get<MemberKeys>(),
            desk.Get<RecordsKey>(), desk.Get<Outbox>(), desk.Programme, desk.Clock);
        desk.Get<Charge>().Patience = TimeSpan.FromSeconds(60);
        var (leavers, sessions) = (new List<MemberId>(), new List<Caller>());
        for (var i = 0; i < 40; i++)
        {
            leavers.Add((await desk.Get<CreateVerifiedMember>().Run(new CreateVerifiedMemberRequest($"Leaver {i}", Verified: true), Ct)).Value!.Id);
            sessions.Add((await desk.Get<Sessions>().Open(Subject.Member(leavers[i]), "Firefox", ct: Ct)).Caller);
            await desk.Db.Transact(tx => desk.Get<StepUp>().Mark(tx, sessions[i], LeaveProgramme.Purpose), Ct);
        }

        var charging = Enumerable.Range(0, 40).Select(i => Task.Run(() => desk.Get<Charge>().Run(new ChargeRequest(
            new Payer(leavers[i], Verified: true), ChargeSource.Card, 2_000.Yen(), Town.Key(leavers[i], null)), Ct))).ToList();
        var leaving = Enumerable.Range(0, 40).Select(i => Task.Run(() => leave.Run(
            new LeaveRequest(leavers[i], Confirmed: true, new StepUpProof(sessions[i]), Town.Key(leavers[i], null)), Ct))).ToList();
        var (charged, left) = (await Task.WhenAll(charging), await Task.WhenAll(leaving));

        for (var i = 0; i < 40; i++)
        {
            charged[i].Refusal.ShouldBe(charged[i].Accepted ? ChargeRefusal.None : ChargeRefusal.MemberLeft);
            left[i].Refusal.ShouldBe(charged[i].Accepted ? LeaveRefusal.CannotLeave : LeaveRefusal.None);
            if (charged[i].Value is { } done)
                (done.State, done.Balance).ShouldBe((ChargeState.Completed, 2_000.Yen()));
            (await desk.Get<MemberDirectory>().Find(leavers[i], Ct))!.HasLeft.ShouldBe(left[i].Accepted);
        }
        (await desk.Count("select cast(coalesce(sum(balance), 0) as bigint) from account where account_type = @Number",
            new { AccountType.Prepaid.Number })).ShouldBe(2_000 * charged.Count(c => c.Accepted));
        (await desk.Count("select cast(coalesce(sum(balance), 0) as bigint) from account where account_type = @Number",
            new { AccountType.Suspense.Number })).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task Whoever_asks_forty_times_at_once_leaves_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(250.Points());
        var session = await SignedIn(town, aoi);
        await Prove(town, session);

        var left = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => Leave(town, aoi, session))));

        left.Select(l => l.Refusal).ShouldAllBe(r => r == LeaveRefusal.None || r == LeaveRefusal.StepUpRequired);
        left.Count(l => l.Value?.PointsLost == 250.Points()).ShouldBe(1);
        left.Where(l => l.Accepted).Sum(l => l.Value!.PointsLost.Value).ShouldBe(250);
        (await town.Entries(EntryKind.Leaving)).ShouldBe(1);
        (await town.Count("select count(*) from former_member")).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task What_another_node_wrote_after_the_leaving_is_swept(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi");
        var session = await SignedIn(town, aoi);
        await Prove(town, session);
        (await Leave(town, aoi, session)).Accepted.ShouldBeTrue();
        var late = await SignedIn(town, aoi);

        await town.Get<FormerMembers>().Run(Ct);

        (await town.Get<Sessions>().IsOpen(Subject.Member(aoi.Id), late.Session, Ct)).ShouldBeFalse();
        (await town.Count("select count(*) from session where subject = @Id", new { aoi.Id })).ShouldBe(0);
        (await town.Count("select count(*) from former_member where swept_ms is null")).ShouldBe(1, "something may still be under way");
        town.Clock.Move(TimeSpan.FromMinutes(11));
        await town.Get<FormerMembers>().Run(Ct);
        (await town.Count("select count(*) from former_member where swept_ms is null")).ShouldBe(0);
        (await town.Get<FormerMembers>().Run(Ct)).ShouldBe(0);
    }

    static Task<Caller> SignedIn(Town town, Resident who) => SignedIn(town, who.Id);

    internal static async Task<Caller> SignedIn(Town town, MemberId who) =>
        (await town.Get<Sessions>().Open(Subject.Member(who), "Firefox", assurance: AssuranceLevel.Password, ct: Ct)).Caller;

    internal static Task Prove(Town town, Caller session) =>
        town.Db.Transact(tx => town.Get<StepUp>().Mark(tx, session, LeaveProgramme.Purpose), Ct);

    static Task<Answer<MemberLeft, LeaveRefusal>> Leave(Town town, Resident who, Caller session, bool confirmed = true) =>
        town.Get<LeaveProgramme>().Run(new LeaveRequest(who.Id, confirmed, new StepUpProof(session), Town.Key(who.Id, null)), Ct);

    static async Task<IEnumerable<string>> InTheWay(Town town, Resident who) =>
        (await town.Get<Leaving>().Of(who.Id, Ct))!.Obstacles.Select(o => o.Code);

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}

using System.Diagnostics.Metrics;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Sandbox;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Operations;

/// <summary>Operators see members with a reason, masked or by one, and what they were shown stands in the log before they are (attack 96).</summary>
public class LookUpMembersTests
{
    [Theory, BothEngines]
    public async Task A_search_finds_by_mail_telephone_number_and_name_and_shows_masks(Engine engine)
    {
        await using var town = await Town.On(engine);
        var clerk = await town.Operator("Clerk", roles: OperatorRoles.Support);
        var aoi = await Admit(town, "青井 花", "hana@example.jp", "090-1234-5678");
        await Admit(town, "緑川 空", "sora@example.jp", "090-8765-4321");

        foreach (var query in new[] { "HANA@example.jp", "+81 90 1234 5678", aoi.ToString(), "青井", "井 花", "青井花", "井　花", " 青 井花 ", "ＨＡＮＡ＠example.jp" })
        {
            var found = (await town.Get<LookUpMembers>().Search(query, "asked by telephone", clerk, Ct)).Value!;
            found.More.ShouldBeFalse();
            found.Members.ShouldHaveSingleItem(query).ShouldBe(
                new FoundMember(aoi, "青**", "h**@example.jp", "090-****-5678", Verified: true, Frozen: false));
        }
        (await town.Get<LookUpMembers>().Search("%_", "asked", clerk, Ct)).Value!.Members.ShouldBeEmpty("nothing is a pattern");
        (await town.Get<LookUpMembers>().Search("x", "asked", clerk, Ct)).Refusal.ShouldBe(LookUpMembersRefusal.InvalidRequest);

        var rows = (await town.Get<OperatorLog>().List(10, ct: Ct)).Where(r => r.Act == OperatorAct.SearchedMembers).ToList();
        rows[^1].ShouldSatisfyAllConditions(
            row => row.Detail.ShouldBe($"mail: {aoi}"), row => row.Reason.ShouldBe("asked by telephone"), row => row.Operator.ShouldBe(clerk));
        rows[0].Detail.ShouldBe("name: nobody");
        rows.ShouldAllBe(row => !row.Detail!.Contains("hana", StringComparison.OrdinalIgnoreCase));
    }

    [Theory, BothEngines]
    public async Task No_search_shows_more_than_twenty_and_who_searches_much_is_counted(Engine engine)
    {
        await using var town = await Town.On(engine);
        var clerk = await town.Operator("Clerk", roles: OperatorRoles.Support);
        for (var i = 0; i < 22; i++)
            await Admit(town, $"Celebrity {i}", $"star{i}@example.jp", null);
        var many = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Name == "ensen.console.many_searches")
                    l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref many, value));
        _ = town.Get<OperationsMeter>();
        listener.Start();

        var found = (await town.Get<LookUpMembers>().Search("celebrity", "curious", clerk, Ct)).Value!;
        found.Members.Count.ShouldBe(LookUpMembers.MostFound);
        found.More.ShouldBeTrue();
        (await town.Get<OperatorLog>().List(1, ct: Ct))[0].Detail!.Split("mbr_").Length.ShouldBe(LookUpMembers.MostFound + 1);
        for (var i = 1; i < 30; i++)
            await town.Get<LookUpMembers>().Search("celebrity", "curious", clerk, Ct);
        Interlocked.Read(ref many).ShouldBe(0);
        await town.Get<LookUpMembers>().Search("celebrity", "curious", clerk, Ct);
        Interlocked.Read(ref many).ShouldBeGreaterThanOrEqualTo(1);
    }

    [Theory, BothEngines]
    public async Task A_profile_has_devices_caps_and_restrictions_and_its_row_stands_first(Engine engine)
    {
        await using var town = await Town.On(engine);
        var clerk = await town.Operator("Clerk", roles: OperatorRoles.Support);
        var aoi = await Admit(town, "青井 花", "hana@example.jp", "090-1234-5678");
        await town.Get<Sessions>().Open(Subject.Member(aoi), "Safari, iPhone", ct: Ct);
        (await town.Get<Restrict>().Run(RestrictRequest.ByOperator(await town.Operator("Suzuki"), aoi, RestrictionKind.Frozen, "theft"), Ct))
            .Accepted.ShouldBeTrue();

        var profile = (await town.Get<LookUpMembers>().View(aoi, "asked by telephone", clerk, Ct)).Value!;

        (profile.Member.Name, profile.Member.Email, profile.Member.Telephone).ShouldBe(("青井 花", "hana@example.jp", "+819012345678"));
        profile.Devices.ShouldHaveSingleItem().Name.ShouldBe("Safari, iPhone");
        profile.Restrictions.ShouldHaveSingleItem().By.Name.ShouldBe(await town.Person("Suzuki"));
        profile.Frozen.ShouldBeTrue();
        profile.Caps.Caps.PerPayment.ShouldBe(500_000);
        var row = (await town.Get<OperatorLog>().List(1, ct: Ct))[0];
        (row.Act, row.Subject, row.Reason, row.Operator).ShouldBe((OperatorAct.ViewedMember, aoi.ToString(), "asked by telephone", clerk));
        (await town.Get<LookUpMembers>().View(aoi, " ", clerk, Ct)).Refusal.ShouldBe(LookUpMembersRefusal.InvalidRequest);
        (await town.Get<LookUpMembers>().View(Id.New<MemberId>(town.Clock), "asked", clerk, Ct)).Refusal.ShouldBe(LookUpMembersRefusal.NotFound);
    }

    [Theory, BothEngines]
    public async Task Who_may_not_sees_nobody_and_leaves_no_row(Engine engine)
    {
        await using var town = await Town.On(engine);
        var auditor = await town.Operator("Auditor", roles: OperatorRoles.Audit | OperatorRoles.Security | OperatorRoles.Staff);
        var aoi = await Admit(town, "青井 花", "hana@example.jp", null);

        (await town.Get<LookUpMembers>().Search("hana@example.jp", "asked", auditor, Ct)).Refusal.ShouldBe(LookUpMembersRefusal.Forbidden);
        (await town.Get<LookUpMembers>().View(aoi, "asked", auditor, Ct)).Refusal.ShouldBe(LookUpMembersRefusal.Forbidden);
        (await town.Get<OperatorLog>().List(10, ct: Ct)).ShouldAllBe(r => r.Act == OperatorAct.InvitedOperator);
    }

    [Theory, BothEngines]
    public async Task Freeze_and_thaw_happen_once_for_their_key(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await Admit(town, "青井 花", "hana@example.jp", null);
        var (suzuki, ito) = (await town.Operator("Suzuki"), await town.Operator("Ito"));
        var freeze = town.Get<OperatorFreeze>();
        var frozen = Request(aoi, suzuki, "k1", "theft");

        var forty = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => freeze.Freeze(frozen, Ct))));
        forty.ShouldAllBe(a => a.Accepted && a.Value!.Frozen);
        (await town.Count("select count(*) from restriction")).ShouldBe(1);
        (await freeze.Freeze(Request(aoi, suzuki, "k1", "another reason"), Ct)).Refusal.ShouldBe(OperatorFreezeRefusal.KeyReused);

        var thawed = Request(aoi, suzuki, "k3", "found");
        (await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => freeze.Thaw(thawed, Ct))))).ShouldAllBe(a => a.Accepted);
        (await town.Get<OperatorLog>().List(100, ct: Ct)).Count(r => r.Act == OperatorAct.LiftedRestriction).ShouldBe(1);
        (await freeze.Freeze(Request(aoi, suzuki, "k4", "theft again"), Ct)).Accepted.ShouldBeTrue();
        (await freeze.Thaw(thawed, Ct)).Replayed.ShouldBeTrue("the repeat of a request that is done lifts nothing that came later");
        (await town.Count("select count(*) from restriction where lifted_ms is null")).ShouldBe(1);
        (await freeze.Thaw(Request(Id.New<MemberId>(town.Clock), ito, "k5", "found"), Ct)).Refusal.ShouldBe(OperatorFreezeRefusal.NotFound);
        (await freeze.Freeze(Request(aoi, ito, "k6", " "), Ct)).Refusal.ShouldBe(OperatorFreezeRefusal.InvalidRequest);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static OperatorFreezeRequest Request(MemberId member, OperatorId by, string key, string reason) =>
        new(member, reason, by, IdempotencyKey.Of(by, key, member, reason));

    static async Task<MemberId> Admit(Town town, string name, string email, string? telephone)
    {
        var made = await town.Get<CreateVerifiedMember>().Run(new CreateVerifiedMemberRequest(name, true, email, telephone), Ct);
        made.Refusal.ShouldBe(CreateVerifiedMemberRefusal.None);
        return made.Value!.Id;
    }
}

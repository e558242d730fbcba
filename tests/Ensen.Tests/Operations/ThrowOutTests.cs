using System.Security.Cryptography;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Operations;

/// <summary>A member's devices and passkeys, thrown out by an operator; and who looks at many members.</summary>
public class ThrowOutTests
{
    [Theory, BothEngines]
    public async Task Of_forty_at_once_one_throws_a_device_out_and_the_other_devices_stay(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren, suzuki) = (await town.Member("Aoi"), await town.Member("Ren"), await town.Operator("Suzuki"));
        var (gone, stays) = (await Open(town, aoi.Id), await Open(town, aoi.Id));

        (await Throw(town, ren.Id, suzuki, device: gone.Caller.Session)).ShouldBe(ThrowOutRefusal.NotFound, "it is another member's");
        (await Throw(town, aoi.Id, suzuki, device: gone.Caller.Session, reason: " ")).ShouldBe(ThrowOutRefusal.InvalidRequest);
        (await town.Get<Sessions>().Who(gone.Token, Ct)).ShouldNotBeNull();
        var forty = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(
            () => Throw(town, aoi.Id, suzuki, device: gone.Caller.Session), Ct)));

        forty.Count(r => r == ThrowOutRefusal.None).ShouldBe(1);
        forty.Where(r => r != ThrowOutRefusal.None).ShouldAllBe(r => r == ThrowOutRefusal.NotFound);
        (await town.Get<Sessions>().Who(gone.Token, Ct)).ShouldBeNull();
        (await town.Get<Sessions>().Who(stays.Token, Ct)).ShouldNotBeNull();
        var rows = (await town.Get<OperatorLog>().List(100, ct: Ct)).Where(r => r.Act == OperatorAct.ThrewOutDevice).ToList();
        rows.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            row => row.Subject.ShouldBe(aoi.Id.ToString()), row => row.Reason.ShouldBe("stolen"),
            row => row.Detail.ShouldBe(gone.Caller.Session.ToString()));
    }

    [Theory, BothEngines]
    public async Task A_passkey_that_was_thrown_out_opens_nothing(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, suzuki) = (await town.Member("Aoi"), await town.Operator("Suzuki"));
        var (subject, credential) = (Subject.Member(aoi.Id), RandomNumberGenerator.GetBytes(16));
        var caller = (await Open(town, aoi.Id)).Caller;
        await town.Db.Transact(tx => town.Get<StepUp>().Mark(tx, caller, Passkeys.Purpose), Ct);
        var added = (await town.Get<AddPasskey>().Run(new AddPasskeyRequest(subject,
            new NewPasskey(Id.New(town.Clock), credential, [4, 5, 6], 0, "internal", false, false), new StepUpProof(caller), "Key", "phone"), Ct)).Value!;

        var profile = (await town.Get<LookUpMembers>().View(aoi.Id, "asked", suzuki, Ct)).Value!;
        profile.Passkeys.ShouldHaveSingleItem().Name.ShouldBe("Key");
        (await Throw(town, aoi.Id, suzuki, passkey: added.Id)).ShouldBe(ThrowOutRefusal.None);

        (await town.Get<SignInByPasskey>().Run(new SignedByPasskey(Id.New(town.Clock), subject, credential, 1, false), "phone", ct: Ct))
            .Accepted.ShouldBeFalse();
        (await Throw(town, aoi.Id, suzuki, passkey: added.Id)).ShouldBe(ThrowOutRefusal.NotFound);
        (await town.Get<Sessions>().Devices(subject, Ct)).Count.ShouldBe(1, "the devices stay");
    }

    [Theory, BothEngines]
    public async Task Who_may_not_throws_nothing_out(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, clerk) = (await town.Member("Aoi"), await town.Operator("Clerk", roles: RoleNames.All & ~OperatorRoles.Security));
        var open = await Open(town, aoi.Id);

        (await Throw(town, aoi.Id, clerk, device: open.Caller.Session)).ShouldBe(ThrowOutRefusal.Forbidden);

        (await town.Get<Sessions>().Who(open.Token, Ct)).ShouldNotBeNull();
    }

    [Theory, BothEngines]
    public async Task Who_opens_many_members_within_a_day_is_shown_to_those_who_audit(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (clerk, other) = (await town.Operator("Clerk"), await town.Operator("Other"));
        var members = new List<MemberId>();
        for (var i = 0; i < 101; i++)
            members.Add((await town.Member($"Celebrity {i}")).Id);
        foreach (var member in members.Take(100))
            await town.Get<LookUpMembers>().View(member, "curious", clerk, Ct);
        for (var i = 0; i < 120; i++)
            await town.Get<LookUpMembers>().View(members[0], "the same one, often", other, Ct);
        (await town.Get<LookUpMembers>().WhoSawMany(Ct)).ShouldBeEmpty("a hundred are no more than a hundred, and one often is one");

        await town.Get<LookUpMembers>().View(members[100], "curious", clerk, Ct);

        (await town.Get<LookUpMembers>().WhoSawMany(Ct)).ShouldBe([(clerk, 101)]);
        town.Clock.Move(TimeSpan.FromDays(1));
        (await town.Get<LookUpMembers>().WhoSawMany(Ct)).ShouldBeEmpty();
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static Task<OpenedSession> Open(Town town, MemberId who) => town.Get<Sessions>().Open(Subject.Member(who), "Safari, iPhone", ct: Ct);

    static async Task<ThrowOutRefusal> Throw(
        Town town, MemberId who, OperatorId by, SessionId? device = null, PasskeyId? passkey = null, string reason = "stolen") =>
        (await town.Get<ThrowOut>().Run(new ThrowOutRequest(who, device, passkey, reason, by), Ct)).Refusal;
}

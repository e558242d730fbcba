using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Members;

/// <summary>
/// A new device is thrown out by the one before it: low caps end with it. They do not end by the hand of whoever came with them, and
/// come back with whoever signs in before they would have been over.
/// </summary>
public class EndDevicesTests
{
    [Theory, BothEngines]
    public async Task Low_caps_end_with_the_new_device_that_alone_had_brought_them_on(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, old) = await Aoi(town);
        var stranger = (await aoi.SignIn()).Session!;
        (await Low(town, aoi)).ShouldBe(LowCapsCause.NewDevice);

        (await Out(town, old, stranger)).ShouldBeTrue();

        (await Low(town, aoi)).ShouldBeNull();
        (await town.Get<Sessions>().Who(stranger.Token, Ct)).ShouldBeNull();
        (await town.Get<Sessions>().HowEnded(stranger.Token, SubjectKind.Member, Ct)).ShouldBe(
            new SessionOver(SessionEnd.OtherDevice, Instant.OfMilliseconds(town.Clock.GetUtcNow().ToUnixTimeMilliseconds())));
        (await Out(town, old, stranger)).ShouldBeFalse("it is out");
        (await town.Count("select count(*) from restriction where lifted_ms is not null")).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task They_stay_while_another_device_is_in_that_came_since(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, old) = await Aoi(town);
        var first = (await aoi.SignIn()).Session!;
        town.Clock.Move(TimeSpan.FromHours(1));
        var second = (await aoi.SignIn()).Session!;

        (await Out(town, second, first)).ShouldBeTrue("a thief throws the one device out from the other");
        (await Low(town, aoi)).ShouldBe(LowCapsCause.NewDevice);
        (await Out(town, second, second)).ShouldBeTrue();
        (await Low(town, aoi)).ShouldBe(LowCapsCause.NewDevice, "nobody ends them by signing out");
        var third = (await aoi.SignIn()).Session!;
        town.Clock.Move(TimeSpan.FromHours(1));
        await town.Get<EndDevices>().Others(old, Ct);
        (await Low(town, aoi)).ShouldBeNull("all that came are out");
        (await town.Get<Sessions>().Who(third.Token, Ct)).ShouldBeNull();
        (await town.Get<Sessions>().IsOpen(old.Subject, old.Session, Ct)).ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task Whoever_signs_in_again_meanwhile_finds_them_for_what_is_left_of_their_time(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, old) = await Aoi(town);
        var until = town.Clock.GetUtcNow().AddHours(24);
        var stranger = (await aoi.SignIn()).Session!;
        (await Out(town, old, stranger)).ShouldBeTrue();
        town.Clock.Move(TimeSpan.FromHours(2));

        // The browser of the device that was thrown out says that it is known.
        (await aoi.SignIn(known: new KnownDevice(Guid.NewGuid(), [aoi.Member.Id]))).Session.ShouldNotBeNull();

        (await town.Get<LowCaps>().Find(aoi.Member.Id, Ct)).ShouldBe(new LowCapsInForce(LowCapsCause.NewDevice, until));
        town.Clock.Move(TimeSpan.FromHours(22));
        (await Low(town, aoi)).ShouldBeNull();
        (await aoi.SignIn(known: new KnownDevice(Guid.NewGuid(), [aoi.Member.Id]))).Session.ShouldNotBeNull();
        (await Low(town, aoi)).ShouldBeNull("their time is over");
    }

    [Theory, BothEngines]
    public async Task Those_of_a_new_telephone_stay_and_a_new_password_ends_those_of_devices(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, old) = await Aoi(town);
        await aoi.SignIn();
        await town.Db.Transact(tx => town.Get<LowCaps>().Begin(tx, aoi.Member.Id, LowCapsCause.TelephoneChanged), Ct);

        await town.Db.Transact(tx => town.Get<StepUp>().Mark(tx, old, ChangePassword.Purpose), Ct);
        (await town.Get<ChangePassword>().Run(
            new ChangePasswordRequest(aoi.Member.Id, "Circle-line-10", new StepUpProof(old), "phone", "192.0.2.1"), Ct)).Accepted.ShouldBeTrue();

        (await town.Count("select count(*) from restriction where lifted_ms is null")).ShouldBe(1);
        (await Low(town, aoi)).ShouldBe(LowCapsCause.TelephoneChanged);
    }

    // A sign-in on a new device and the throwing out of another at the same time: whichever comes first, low caps hold for who came.
    [Theory, BothEngines]
    public async Task A_device_that_comes_while_another_goes_has_low_caps(Engine engine)
    {
        await using var town = await Town.On(engine, new Programme { Membership = new() { TriesPerAccountAndAddress = 1_000, TriesPerAccount = 1_000 } });
        var (aoi, old) = await Aoi(town);
        for (var round = 0; round < 10; round++)
        {
            var goes = (await aoi.SignIn()).Session!;
            var both = (Out(town, old, goes), Task.Run(() => aoi.SignIn(), Ct));
            await Task.WhenAll(both.Item1, both.Item2);
            (await Low(town, aoi)).ShouldBe(LowCapsCause.NewDevice, $"round {round}");
            await town.Get<EndDevices>().Others(old, Ct);
            (await Low(town, aoi)).ShouldBeNull();
        }
    }

    /// <summary>Aoi, who has been a member for a week, and the device on which she is signed in.</summary>
    static async Task<(Visitor Aoi, Caller Old)> Aoi(Town town)
    {
        var aoi = await Visitor.In(town);
        var old = await town.Get<SignIn>().Open(aoi.Member, "the first device", Ct);
        town.Clock.Move(TimeSpan.FromDays(7));
        return (aoi, old.Caller);
    }

    static async Task<LowCapsCause?> Low(Town town, Visitor who) => (await town.Get<LowCaps>().Find(who.Member.Id, Ct))?.Cause;

    static Task<bool> Out(Town town, Caller by, OpenedSession which) => town.Get<EndDevices>().One(by, which.Caller.Session, Ct);

    static Task<bool> Out(Town town, OpenedSession by, OpenedSession which) => Out(town, by.Caller, which);

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}

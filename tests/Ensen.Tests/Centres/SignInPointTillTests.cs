using Ensen.Access;
using Ensen.Basics;
using Ensen.Centres;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Centres;

/// <summary>A point till is signed in by its centre's number and PIN; what is wrong is told to nobody.</summary>
public class SignInPointTillTests
{
    const string Pin = "730416";

    [Theory, BothEngines]
    public async Task The_number_and_the_PIN_open_the_till_of_that_centre(Engine engine)
    {
        await using var town = await Town.On(engine);
        var mall = (await town.Get<OpenCentre>().Run(new OpenCentreRequest("なんばモール", Pin))).Value!;
        var other = (await town.Get<OpenCentre>().Run(new OpenCentreRequest("うめだモール", "904127"))).Value!;
        var bare = (await town.Get<OpenCentre>().Run(new OpenCentreRequest("てんのうじモール"))).Value!;

        var signedIn = (await SignIn(town, Spaced(mall.Centre.Number), "７３０４１６")).Value.ShouldNotBeNull();
        var caller = (await town.Get<Sessions>().Who(signedIn.Token)).ShouldNotBeNull();
        (caller.Kind, caller.Id, caller.Owner).ShouldBe((SubjectKind.PointTill, mall.TillId.Value, mall.Centre.Id.Value));
        foreach (var (number, pin) in ((string, string)[])
            [(mall.Centre.Number, "904127"), (other.Centre.Number, Pin), ("12345678", Pin), ("", ""), ("x", Pin), (bare.Centre.Number, ""), (bare.Centre.Number, Pin)])
            (await SignIn(town, number, pin)).Refusal.ShouldBe(PointTillSignInRefusal.Unauthenticated, $"{number} {pin}");
    }

    [Theory, BothEngines]
    public async Task Who_guesses_is_slowed_down_and_the_till_that_is_known_is_not(Engine engine)
    {
        await using var town = await Town.On(engine);
        var mall = (await town.Get<OpenCentre>().Run(new OpenCentreRequest("なんばモール", Pin))).Value!;
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(
            () => SignIn(town, mall.Centre.Number, $"{100_200 + i}"))));

        answers.ShouldAllBe(a => !a.Accepted);
        answers.ShouldContain(a => a.Refusal == PointTillSignInRefusal.TooManyRequests);
        (await SignIn(town, mall.Centre.Number, Pin)).Refusal.ShouldBe(PointTillSignInRefusal.TooManyRequests);
        (await SignIn(town, mall.Centre.Number, Pin, new KnownDevice(Guid.CreateVersion7(), [mall.Centre.Id]))).Accepted
            .ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task A_centre_is_opened_once_under_one_key_and_by_whoever_may(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (suzuki, support) = (await town.Operator("Suzuki"), await town.Operator("Support", roles: OperatorRoles.Support));

        (await Open("k", "なんばモール", support)).Refusal.ShouldBe(OpenCentreRefusal.Forbidden);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Open("k", "なんばモール", suzuki))));

        answers.ShouldAllBe(a => a.Accepted);
        answers.Select(a => a.Value!).Distinct().Count().ShouldBe(1);
        (await Open("k", "うめだモール", suzuki)).Refusal.ShouldBe(OpenCentreRefusal.KeyReused);
        (await town.Count("select count(*) from centre")).ShouldBe(1);
        (await town.Count("select count(*) from point_till")).ShouldBe(1);
        (await town.Get<OperatorLog>().List(10)).Count(row => row.Act == OperatorAct.OpenedCentre).ShouldBe(1);

        Task<Answer<OpenedCentre, OpenCentreRefusal>> Open(string key, string name, OperatorId by) => town.Get<OpenCentre>().Run(
            new OpenCentreRequest(name, Pin, IdempotencyKey.Of(by, key, "centre", name, Pin)), by);
    }

    static Task<Answer<PointTillSignedIn, PointTillSignInRefusal>> SignIn(Town town, string number, string pin, KnownDevice? known = null) =>
        town.Get<SignInPointTill>().Run(new PointTillSignInRequest(number, pin, "Chrome, Android", "192.0.2.7", known));

    static string Spaced(string number) => $" {number[..4]} {number[4..]} ";
}

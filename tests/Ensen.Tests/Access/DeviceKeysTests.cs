using System.Security.Cryptography;
using System.Text;
using Ensen.Access;
using Ensen.Storage;
using Ensen.Tests.Members;
using Ensen.Tests.Support;

namespace Ensen.Tests.Access;

/// <summary>What a browser's key has signed counts; what a thief or a copy of the browser sends does not.</summary>
public class DeviceKeysTests
{
    [Theory, BothEngines]
    public async Task A_signature_counts_for_its_session_and_text_alone(Engine engine)
    {
        await using var town = await Town.On(engine);
        var keys = town.Get<DeviceKeys>();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (aoi, ren) = (await Opened(town, "Aoi"), await Opened(town, "Ren"));
        (await keys.BindingOf(aoi, Ct)).ShouldBe(DeviceBinding.Program, "not opened on a page");
        await keys.Bind(aoi.Session, Public(key), Ct);
        await keys.Bind(ren.Session, null, Ct);
        (await keys.BindingOf(aoi, Ct), await keys.BindingOf(ren, Ct)).ShouldBe((DeviceBinding.WithKey, DeviceBinding.WithoutKey));

        (await Judge(town, aoi, key, 1, "pay 100")).ShouldBe(DeviceVerdict.Right);
        (await keys.Judge(aoi.Session, Sign(key, 2, "pay 100"), "pay 900", Ct)).ShouldBe(DeviceVerdict.Wrong, "another text");
        (await Judge(town, aoi, stranger, 2, "pay 100")).ShouldBe(DeviceVerdict.Wrong, "another key");
        (await Judge(town, ren, key, 2, "pay 100")).ShouldBe(DeviceVerdict.Wrong, "another session");
        (await Judge(town, aoi, key, 0, "pay 100")).ShouldBe(DeviceVerdict.Wrong, "no number");
        (await keys.Judge(aoi.Session, new DeviceSignature(2, []), "pay 100", Ct)).ShouldBe(DeviceVerdict.Wrong, "no signature");

        await keys.Bind(aoi.Session, Public(stranger), Ct);
        (await Judge(town, aoi, stranger, 2, "pay 100")).ShouldBe(DeviceVerdict.Wrong, "bound once and for all");
        (await Judge(town, aoi, key, 2, "pay 100")).ShouldBe(DeviceVerdict.Right);
    }

    [Theory, BothEngines]
    public async Task Whatever_is_no_key_of_the_curve_binds_to_none(Engine engine)
    {
        await using var town = await Town.On(engine);
        using var larger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        string?[] none = [null, "", "x", "AAAA", Public(larger), Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo()), new('A', 8_000)];
        foreach (var text in none)
        {
            var caller = await Opened(town, "Aoi");
            await town.Get<DeviceKeys>().Bind(caller.Session, text, Ct);
            (await town.Get<DeviceKeys>().BindingOf(caller, Ct)).ShouldBe(DeviceBinding.WithoutKey, text ?? "null");
        }
    }

    [Theory, BothEngines]
    public async Task Two_tabs_may_overtake_each_other_and_a_copy_that_falls_behind_is_found(Engine engine)
    {
        await using var town = await Town.On(engine);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var aoi = await Bound(town, key);
        (await Judge(town, aoi, key, 5, "pay 5")).ShouldBe(DeviceVerdict.Right);
        town.Clock.Move(TimeSpan.FromMinutes(1));
        (await Judge(town, aoi, key, 4, "pay 4")).ShouldBe(DeviceVerdict.Right, "another tab");
        (await Judge(town, aoi, key, 4, "pay 4")).ShouldBe(DeviceVerdict.Right, "the same, sent again");
        (await Judge(town, aoi, key, 4, "pay 40")).ShouldBe(DeviceVerdict.Copied, "another one under its number");

        town.Clock.Move(TimeSpan.FromMinutes(2));
        (await Judge(town, aoi, key, 3, "pay 3")).ShouldBe(DeviceVerdict.Copied, "the key is further since long");
    }

    [Theory, BothEngines]
    public async Task Forty_at_once_under_one_number_are_one_or_the_same(Engine engine)
    {
        await using var town = await Town.On(engine);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var aoi = await Bound(town, key);

        var others = await Task.WhenAll(Enumerable.Range(1, 40).Select(i => Judge(town, aoi, key, 1, $"pay {i}")));
        others.Count(verdict => verdict == DeviceVerdict.Right).ShouldBe(1);
        others.Count(verdict => verdict == DeviceVerdict.Copied).ShouldBe(39);

        var same = await Task.WhenAll(Enumerable.Range(1, 40).Select(_ => Judge(town, aoi, key, 2, "pay 2")));
        same.ShouldAllBe(verdict => verdict == DeviceVerdict.Right);

        var inTabs = await Task.WhenAll(Enumerable.Range(3, 40).Select(i => Judge(town, aoi, key, i, $"pay {i}")));
        inTabs.ShouldAllBe(verdict => verdict == DeviceVerdict.Right);
    }

    [Theory, BothEngines]
    public async Task Keys_go_with_their_sessions(Engine engine)
    {
        await using var town = await Town.On(engine);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var aoi = await Bound(town, key);
        await Judge(town, aoi, key, 1, "pay 1");
        (await town.Get<DeviceKeys>().Tidy(Ct)).ShouldBe(0);

        await town.Get<Sessions>().End(aoi.Subject, aoi.Session, Ct);
        town.Clock.Move(TimeSpan.FromDays(91));
        await town.Get<Sessions>().Tidy(Ct);
        (await town.Get<DeviceKeys>().Tidy(Ct)).ShouldBe(2);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static async Task<Caller> Opened(Town town, string name) => (await town.Get<Sessions>().Open(
        Subject.Member((await town.Member(name)).Id), "phone", assurance: AssuranceLevel.Password, ct: Ct)).Caller;

    static async Task<Caller> Bound(Town town, ECDsa key)
    {
        var caller = await Opened(town, "Aoi");
        await town.Get<DeviceKeys>().Bind(caller.Session, Public(key), Ct);
        return caller;
    }

    static Task<DeviceVerdict> Judge(Town town, Caller who, ECDsa key, long number, string text) =>
        town.Get<DeviceKeys>().Judge(who.Session, Sign(key, number, text), text, Ct);

    static DeviceSignature Sign(ECDsa key, long number, string text) =>
        new(number, key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256));

    static string Public(ECDsa key) => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
}

using System.Text;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Members;

/// <summary>Personal data under a key of the member's own.</summary>
public class MemberKeysTests
{
    static readonly byte[] s_clear = Encoding.UTF8.GetBytes("大阪市北区");

    [Theory, BothEngines]
    public async Task What_is_kept_is_read_by_its_member_and_its_place_alone(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (keys, aoi, ren) = (town.Get<MemberKeys>(), Id.New<MemberId>(town.Clock), Id.New<MemberId>(town.Clock));
        var kept = await Keep(town, aoi, "address");
        await Keep(town, ren, "address");
        await using var connection = await town.Db.Connect(Ct);

        (await keys.Unprotect(connection, aoi, "address", kept)).ShouldBe(s_clear);
        (await keys.Unprotect(connection, aoi, "name", kept)).ShouldBeNull("another place");
        (await keys.Unprotect(connection, ren, "address", kept)).ShouldBeNull("another member");
        (await keys.Unprotect(connection, aoi, "address", null)).ShouldBeNull();
        (await keys.Unprotect(connection, aoi, "address", [.. kept[..^1], (byte)(kept[^1] ^ 1)])).ShouldBeNull("changed");
        (await keys.Unprotect(connection, aoi, "address", kept[..20])).ShouldBeNull("cut off");
        (await Keep(town, aoi, "address")).ShouldNotBe(kept, "the same data is not seen to be the same");
        kept.AsSpan().IndexOf(s_clear).ShouldBe(-1);
    }

    [Theory, BothEngines]
    public async Task With_the_key_destroyed_nothing_can_be_read_or_kept(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (keys, aoi) = (town.Get<MemberKeys>(), Id.New<MemberId>(town.Clock));
        var kept = await Keep(town, aoi, "address");

        await town.Db.Transact(tx => keys.Destroy(tx, aoi), Ct);

        await using var connection = await town.Db.Connect(Ct);
        (await keys.Unprotect(connection, aoi, "address", kept)).ShouldBeNull();
        await Should.ThrowAsync<InvalidOperationException>(() => Keep(town, aoi, "address"));
        (await town.Count("select count(*) from member_key where protected_key is not null")).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task Of_forty_at_once_all_keep_under_one_key(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (keys, aoi) = (town.Get<MemberKeys>(), Id.New<MemberId>(town.Clock));

        var kept = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => Keep(town, aoi, $"{i}"), Ct)));

        await using var connection = await town.Db.Connect(Ct);
        foreach (var (i, one) in kept.Index())
            (await keys.Unprotect(connection, aoi, $"{i}", one)).ShouldBe(s_clear);
    }

    static Task<byte[]> Keep(Town town, MemberId member, string what) =>
        town.Db.Transact(tx => town.Get<MemberKeys>().Protect(tx, member, what, s_clear), Ct);

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}

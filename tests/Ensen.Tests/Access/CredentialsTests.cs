using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;
using Ensen.Tests.Members;
using Ensen.Tests.Support;

namespace Ensen.Tests.Access;

/// <summary>Hashes are kept by owner and kind, and nobody overwrites a change that they have not read.</summary>
public class CredentialsTests
{
    [Theory, BothEngines]
    public async Task Of_forty_who_read_the_same_stamp_one_changes_the_password(Engine engine)
    {
        await using var club = await Club.Open(engine);
        var owner = Id.New(club.Clock);
        foreach (var read in (string[])["", "A"])
        {
            var kept = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => club.Db.Transact(tx =>
                Credentials.Keep(tx, owner, CredentialKind.Password, $"hash {i}", read + "A", read, club.Clock.GetUtcNow())))));

            kept.Count(k => k).ShouldBe(1);
            await using var connection = await club.Db.Connect();
            (await Credentials.FindHash(connection, owner, CredentialKind.Password)).ShouldBe($"hash {Array.IndexOf(kept, true)}");
        }
    }

    [Theory, BothEngines]
    public async Task Each_kind_is_one_of_its_own(Engine engine)
    {
        await using var club = await Club.Open(engine);
        var (store, other) = (Id.New(club.Clock), Id.New(club.Clock));
        await club.Db.Transact(async tx =>
        {
            await Credentials.Set(tx, store, CredentialKind.TillPin, "old", club.Clock.GetUtcNow());
            await Credentials.Set(tx, store, CredentialKind.TillPin, "till", club.Clock.GetUtcNow());
            await Credentials.Set(tx, store, CredentialKind.RefundPin, "refund", club.Clock.GetUtcNow());
        });

        await using var connection = await club.Db.Connect();
        (await Credentials.FindHash(connection, store, CredentialKind.TillPin)).ShouldBe("till");
        (await Credentials.FindHash(connection, store, CredentialKind.RefundPin)).ShouldBe("refund");
        (await Credentials.FindHash(connection, store, CredentialKind.Password)).ShouldBeNull();
        (await Credentials.FindHash(connection, other, CredentialKind.TillPin)).ShouldBeNull();
    }
}

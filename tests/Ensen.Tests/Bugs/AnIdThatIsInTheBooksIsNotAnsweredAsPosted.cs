using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A draft whose id was in the books already was told "posted": its insert failed as a duplicate, and the second try took the other
/// entry for its own, as if the acknowledgement of its own commit had been lost.
/// </summary>
public class AnIdThatIsInTheBooksIsNotAnsweredAsPosted
{
    [Theory, BothEngines]
    public async Task Another_draft_with_the_same_id_fails(Engine engine)
    {
        await using var town = await Town.On(engine, writers: 1);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var id = Id.New(town.Clock);
        Move Draft(long yen) => new(id, town.Clock.GetUtcNow(), Leg.Of(aoi.Id, AccountType.Money, new Yen(-yen)),
            Leg.Of(Chart.Operator, AccountType.Suspense, new Yen(yen)));

        (await town.Ledger.Post(Draft(100))).Accepted.ShouldBeTrue();
        (await Should.ThrowAsync<AlreadyPostedException>(town.Ledger.Post(Draft(500)))).Id.ShouldBe(id);
        var words = await Gate.Batch<string>(town, () => [Gate.InAWord(town.Ledger.Post(Draft(1)))]);

        words.ShouldBe([nameof(AlreadyPostedException)]);
        (await town.Holds(aoi)).ShouldBe("money 900, prepaid 0, points 0");
    }
}

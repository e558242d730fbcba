using Ensen.Basics;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// The legs of a payment were read into structs, whose constructor Dapper does not call: all of them were empty, and every refund
/// was out of balance. Reading rows into such a struct is now refused.
/// </summary>
public class EveryRefundFailed
{
    [Theory, BothEngines]
    public async Task A_refund_finds_what_was_paid(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var cafe = await town.Store("Café Loop");
        var paid = await town.Paid(aoi, cafe, 600.Yen());

        (await town.Refunded(paid.PaymentId, cafe, 600.Yen())).Yen.ShouldBe(600.Yen());
        (await town.Holds(aoi)).ShouldBe("money 1000, prepaid 0, points 0");
    }

    [Theory, BothEngines]
    public async Task Rows_are_not_read_into_structs(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine);
        await using var connection = await test.Database.Connect();

        await Should.ThrowAsync<NotSupportedException>(Dapper.SqlMapper.QueryAsync<Pair>(connection, "select 1 as first, 2 as second"));
    }

    internal readonly record struct Pair(long First, long Second);
}

using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A cash register's order number of sixteen digits passed Luhn's check by chance, one in ten does, and was refused as a card's number.
/// </summary>
public class LongOrderNumbers(Servers servers)
{
    [Theory, BothEngines]
    public async Task An_order_number_may_be_any_digits(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(5_000), await scene.Store());

        var paid = await shop.Take(await member.Code(), 600, "4111111111111111");

        paid.Created().Number("amount").ShouldBe(600);
        (await shop.Till.Get("/till/payments?orderId=4111111111111111")).Status.ShouldBe(200);
    }
}

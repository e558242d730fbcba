using Ensen.Basics;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Bugs;

/// <summary>
/// PostgreSQL stores neither a NUL nor half of a character: a note with a NUL, and a reason of 200 characters that was cut in the middle of
/// an emoji, failed as if the ledger were down. And a reason could hold a card number, which a
/// note could not; later such a reason was dropped without a word.
/// </summary>
public class WordsThatPeopleWrite
{
    [Theory, BothEngines]
    public async Task A_note_with_a_control_character_is_refused(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var ren = await town.Member("Ren");

        (await town.Send(aoi, ren, 10.Yen(), note: "lunch\0")).Refusal.ShouldBe(TransferRefusal.InvalidRequest);
        (await town.Send(aoi, ren, 10.Yen(), note: "昼ごはん 🍱")).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task A_reason_is_kept_whole_or_refused(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var cafe = await town.Store("Café Loop");
        var paid = await town.Paid(aoi, cafe, 100.Yen());

        foreach (var reason in (string[])[new string('返', 199) + "🍱 and more", "wrong\0 size", "card 4111 1111 1111 1111", "half \ud83d"])
            (await town.Refund(paid.PaymentId, cafe, 10.Yen(), reason: reason)).Refusal.ShouldBe(RefundRefusal.InvalidRequest, reason);
        foreach (var reason in (string[])[new string('返', 198) + "🍱", "JAN 4901234567894 返品"])
            (await town.Refund(paid.PaymentId, cafe, 10.Yen(), reason: reason)).Accepted.ShouldBeTrue(reason);

        (await Reasons(town, paid)).ShouldBe([new string('返', 198) + "🍱", "JAN 4901234567894 返品"]);
    }

    static async Task<IEnumerable<string?>> Reasons(Town town, Paid paid)
    {
        await using var connection = await town.Db.Connect();
        return (await Payments.RefundsOf(connection, paid.PaymentId)).Select(r => r.Reason);
    }
}

using Dapper;
using Ensen.Access;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Merchants;

public class TillsTests
{
    const string Pin = "280417";

    [Theory, BothEngines]
    public async Task Staff_sign_a_till_in_by_number_and_pin(Engine engine)
    {
        await using var street = await Street.Open(engine);
        var opened = await street.Store(tillPin: Pin);

        var signedIn = (await street.Tills.SignIn(new(opened.Store.Number, Pin, "Tablet", "10.0.0.1"))).Value!;

        signedIn.Store.ShouldBe(opened.Store);
        var caller = (await street.Sessions.Who(signedIn.Token)).ShouldNotBeNull();
        (caller.Subject, caller.Owner, caller.Assurance).ShouldBe((Subject.Till(opened.TillId), opened.Store.Id, AssuranceLevel.Pin));
    }

    [Theory, BothEngines]
    public async Task A_pin_whose_hash_is_cheaper_than_todays_is_hashed_again_when_it_is_typed(Engine engine)
    {
        await using var street = await Street.Open(engine);
        var store = (await street.Store(tillPin: Pin)).Store;
        var old = PasswordHash.Make(Pin, CheapHashes.Weaker);
        await street.Db.Transact(tx => Pins.Write(tx, store.Id, PinPurpose.TillSignIn, old, street.Clock.GetUtcNow()));

        (await street.Tills.SignIn(new(store.Number, "280418", "Tablet", "10.0.0.1"))).Refusal.ShouldBe(TillSignInRefusal.Unauthenticated);
        (await Kept()).ShouldBe(old);
        (await street.Tills.SignIn(new(store.Number, Pin, "Tablet", "10.0.0.1"))).Refusal.ShouldBe(TillSignInRefusal.None);
        PasswordHash.Verify(await Kept(), Pin).ShouldBe(PasswordVerdict.Right);

        async Task<string> Kept()
        {
            await using var connection = await street.Db.Connect();
            return await connection.QuerySingleAsync<string>("select hash from credential where owner = @Id", new { store.Id });
        }
    }

    [Theory, BothEngines]
    public async Task A_wrong_number_a_wrong_pin_and_no_pin_get_the_same_answer(Engine engine)
    {
        await using var street = await Street.Open(engine);
        var (with, without) = (await street.Store("With", Pin), await street.Store("Without"));

        (await street.Tills.SignIn(new(with.Store.Number, "280418", "Tablet", "a"))).Refusal.ShouldBe(TillSignInRefusal.Unauthenticated);
        (await street.Tills.SignIn(new("00000000", Pin, "Tablet", "a"))).Refusal.ShouldBe(TillSignInRefusal.Unauthenticated);
        (await street.Tills.SignIn(new("x", Pin, "Tablet", "a"))).Refusal.ShouldBe(TillSignInRefusal.Unauthenticated);
        (await street.Tills.SignIn(new(without.Store.Number, "", "Tablet", "a"))).Refusal.ShouldBe(TillSignInRefusal.Unauthenticated);
    }

    [Theory, BothEngines(true), BothEngines(false)]
    public async Task Guesses_are_few_whether_the_store_exists_or_not(Engine engine, bool exists)
    {
        await using var street = await Street.Open(engine);
        var number = exists ? (await street.Store(tillPin: Pin)).Store.Number : "00000000";

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            Task.Run(() => street.Tills.SignIn(new(number, $"4711{i:00}", "Tablet", "10.0.0.1")))));

        answers.Count(a => a.Refusal == TillSignInRefusal.Unauthenticated).ShouldBe(5);
        answers.Count(a => a.Refusal == TillSignInRefusal.TooManyRequests).ShouldBe(15);
        (await street.Tills.SignIn(new(number, Pin, "Tablet", "10.0.0.1"))).Refusal.ShouldBe(TillSignInRefusal.TooManyRequests);
        street.Clock.Move(TimeSpan.FromSeconds(10));
        (await street.Tills.SignIn(new(number, Pin, "Tablet", "10.0.0.1"))).Refusal.ShouldBe(exists ? TillSignInRefusal.None : TillSignInRefusal.Unauthenticated);
    }

    [Theory, BothEngines]
    public async Task Guesses_from_many_addresses_are_few_too(Engine engine)
    {
        await using var street = await Street.Open(engine);
        var number = (await street.Store(tillPin: Pin)).Store.Number;

        for (var i = 0; i < 22; i++)
            (await street.Tills.SignIn(new(number, "471147", "Tablet", $"10.0.0.{i}"))).Refusal
                .ShouldBe(i < 20 ? TillSignInRefusal.Unauthenticated : TillSignInRefusal.TooManyRequests);

        street.Clock.Move(TimeSpan.FromSeconds(1));
        (await street.Tills.SignIn(new(number, Pin, "Tablet", "10.0.0.99"))).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task A_removed_till_is_signed_out_at_once_and_the_others_stay(Engine engine)
    {
        await using var street = await Street.Open(engine);
        var opened = await street.Store();
        var store = opened.Store.Id;
        var second = (await street.Tills.Add(store, "Terrace")).ShouldNotBeNull();
        var (stolen, kept) = (await street.Sessions.Open(Subject.Till(opened.TillId), "A", store), await street.Sessions.Open(Subject.Till(second), "B", store));

        (await street.Tills.Remove(new StoreId(Guid.NewGuid()), opened.TillId)).ShouldBeFalse();
        (await street.Sessions.Who(stolen.Token)).ShouldNotBeNull();
        (await street.Tills.Remove(store, opened.TillId)).ShouldBeTrue();

        (await street.Sessions.Who(stolen.Token)).ShouldBeNull();
        (await street.Sessions.Who(kept.Token)).ShouldNotBeNull();
        (await street.Tills.OfStore(store)).ShouldHaveSingleItem().Name.ShouldBe("Terrace");
    }

    [Theory, BothEngines]
    public async Task The_refund_pin_is_another_one_and_can_be_changed(Engine engine)
    {
        await using var street = await Street.Open(engine);
        var opened = await street.Store(tillPin: Pin, refundPin: "4719");
        var (store, till) = (opened.Store.Id, opened.TillId);

        (await street.Pins.CheckRefund(store, till, Pin)).ShouldBe(PinCheck.Wrong);
        (await street.Pins.CheckRefund(store, till, "4719")).ShouldBe(PinCheck.Right);
        (await street.Pins.Set(store, PinPurpose.Refund, "1111")).ShouldBeFalse();
        (await street.Pins.Set(store, PinPurpose.Refund, "9174")).ShouldBeTrue();
        (await street.Pins.CheckRefund(store, till, "4719")).ShouldBe(PinCheck.Wrong);
        for (var i = 0; i < 4; i++)
            (await street.Pins.CheckRefund(store, till, "0000")).ShouldBe(PinCheck.Wrong);
        (await street.Pins.CheckRefund(store, till, "9174")).ShouldBe(PinCheck.TooManyRequests);
        (await street.Pins.CheckRefund((await street.Store("Other")).Store.Id, till, "")).ShouldBe(PinCheck.Wrong);
    }
}

using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Sales;
using Ensen.Sandbox;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Staff;

/// <summary>Who of the staff is at a till, what each gives back, and a tablet that was lost.</summary>
public class TillClerksTests
{
    static readonly TillId s_till = new(Guid.CreateVersion7());

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    internal static RefusalTable<GiveTillPinRefusal> Giving { get; } = new("""
        refusal          by     pin     found
        None             owner  strong  clerk Active
        None             owner  strong  clerk Invited
        Forbidden        clerk  weak    -
        InvalidRequest   owner  weak    -
        NotFound         owner  strong  -
        Ended            owner  strong  clerk Dismissed
        TooManyRequests  before  HashLineTests.Where_too_many_wait_the_one_who_has_most_of_them_gives_way
        """);

    internal static RefusalTable<ChangeRefundCapsRefusal> Capping { get; } = new("""
        refusal         by     cap         found
        None            owner  0           clerk Active
        None            owner  999999999   clerk Invited
        None            owner  -           clerk Active
        None            owner  500:500     clerk Active
        Forbidden       clerk  1000000000  -
        InvalidRequest  owner  1000000000  -
        InvalidRequest  owner  1000:500    clerk Active
        NotFound        owner  1           -
        Ended           owner  1           clerk Dismissed
        """);

    [Fact]
    public void Giving_a_PIN_is_decided_as_the_table_says() => Giving.ShouldHold(row =>
        GiveTillPin.Decide(row.In("by").Say("owner"), row.In("pin").Say("strong"), Found(row.In("found"))));

    [Fact]
    public void Capping_is_decided_as_the_table_says() => Capping.ShouldHold(row => ChangeRefundCaps.Decide(
        new ChangeRefundCapsRequest(default, default, Caps(row.Cells["cap"])),
        row.In("by").Say("owner"), Found(row.In("found"))));

    /// <summary>That of a day, or that of one refund and that of a day.</summary>
    static RefundCaps Caps(string cell) => cell.Split(':') switch
    {
        [var one, var day] => new RefundCaps(Cap(one), Cap(day)),
        var day => new RefundCaps(null, Cap(day[0])),
    };

    static long? Cap(string text) => text == "-" ? null : long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    [Theory, BothEngines]
    public async Task Whoever_has_a_PIN_comes_to_the_tills_of_their_stores_and_nobody_else_does(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (merchant, east, west) = await Stores(town);
        var (kai, sora) = (await Clerk(town, merchant, "Kai", east), await Clerk(town, merchant, "Sora", west));
        var clerks = town.Get<TillClerks>();
        (await clerks.Of(east, Ct)).ShouldBeEmpty("nobody has a PIN yet");
        (await clerks.ProveRefund(east, s_till, null, "2468", Ct)).Check.ShouldBe(PinCheck.Right, "the store's own PIN, while no staff have theirs");
        await Pin(town, merchant, kai, "7305");
        await Pin(town, merchant, sora, "7306");

        (await clerks.Of(east, Ct)).Select(c => c.Name).ShouldBe(["Kai"]);
        (await clerks.At(east, s_till, Ct)).ShouldBeNull();
        (await clerks.Come(east, s_till, kai, "0000", Ct)).Check.ShouldBe(PinCheck.Wrong);
        (await clerks.Come(east, s_till, sora, "7306", Ct)).Check.ShouldBe(PinCheck.Wrong, "not a clerk of this store");
        (await clerks.Come(east, s_till, kai, "７３０５", Ct)).Clerk!.Id.ShouldBe(kai);
        (await clerks.At(east, s_till, Ct))!.Name.ShouldBe("Kai");
        (await clerks.ProveRefund(east, s_till, null, "2468", Ct)).Check.ShouldBe(PinCheck.Wrong, "the store's own PIN is nobody's");
        (await clerks.ProveRefund(east, s_till, kai.ToString(), "7305", Ct)).Clerk!.Id.ShouldBe(kai);

        (await town.Get<DismissFromShop>().Run(new ActingShop(merchant, null), kai, Ct)).Accepted.ShouldBeTrue();
        (await clerks.At(east, s_till, Ct)).ShouldBeNull();
        (await clerks.Come(east, s_till, kai, "7305", Ct)).Check.ShouldBe(PinCheck.Wrong);
    }

    [Theory, BothEngines]
    public async Task Wrong_PINs_of_one_person_at_one_till_are_slowed_down(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (merchant, east, _) = await Stores(town);
        var kai = await Clerk(town, merchant, "Kai", east);
        await Pin(town, merchant, kai, "7305");
        var clerks = town.Get<TillClerks>();

        var checks = new List<PinCheck>();
        for (var i = 0; i < 12; i++)
            checks.Add((await clerks.Come(east, s_till, kai, "1111", Ct)).Check);
        checks.ShouldContain(PinCheck.TooManyRequests);
        (await clerks.Come(east, s_till, kai, "7305", Ct)).Check.ShouldBe(PinCheck.TooManyRequests, "also the right one waits now");
    }

    [Theory, BothEngines]
    public async Task Forty_refunds_at_once_and_by_parts_stay_within_the_cap_of_a_day(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (merchant, east, _) = await Stores(town);
        var kai = await Clerk(town, merchant, "Kai", east);
        (await town.Get<ChangeRefundCaps>().Run(new ChangeRefundCapsRequest(new ActingShop(merchant, null), kai, new RefundCaps(1_000, 5_000)), Ct))
            .ShouldBe(ChangeRefundCapsRefusal.None);
        var shop = new Shop(east, "East");
        var payments = new List<PaymentId>();
        foreach (var who in await town.Crowd(10, 5_000.Yen()))
            payments.Add((await town.Paid(who, shop, 4_000.Yen())).PaymentId);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Refund(town, payments[i % 10], east, 700, kai)));
        answers.Count(a => a.Accepted).ShouldBe(7);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == RefundRefusal.OverLimit);
        (await Refund(town, payments[0], east, 101, kai)).Refusal.ShouldBe(RefundRefusal.OverLimit);
        (await Refund(town, payments[0], east, 100, kai)).Accepted.ShouldBeTrue("what is left of the day");
        (await town.Get<ChangeRefundCaps>().Find(kai, town.Today, Ct)).Today.ShouldBe(5_000.Yen());

        town.Clock.Move(TimeSpan.FromDays(1));
        (await Refund(town, payments[1], east, 1_001, kai)).Refusal.ShouldBe(RefundRefusal.OverLimit, "more than one refund may be");
        (await Refund(town, payments[1], east, 1_000, kai)).Accepted.ShouldBeTrue();
        (await town.Get<DismissFromShop>().Run(new ActingShop(merchant, null), kai, Ct)).Accepted.ShouldBeTrue();
        (await Refund(town, payments[2], east, 1, kai)).Refusal.ShouldBe(RefundRefusal.OverLimit, "a proof of a moment before the dismissal");
    }

    [Theory, BothEngines]
    public async Task Sales_are_told_by_who_was_at_the_till_and_who_gave_back(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (merchant, east, _) = await Stores(town);
        var (kai, sora) = (await Clerk(town, merchant, "Kai", east), await Clerk(town, merchant, "Sora", east));
        await Pin(town, merchant, kai, "7305");
        await Pin(town, merchant, sora, "7306");
        var (aoi, shop) = (await town.Member("Aoi").With(50_000.Yen()), new Shop(east, "East"));

        await Take(100);
        await Come(kai, "7305");
        var paid = await Take(1_000);
        await Come(sora, "7306");
        await Take(30);
        town.Clock.Move(TimeSpan.FromSeconds(5));
        await town.Get<TillClerks>().Leave(s_till, Ct);
        await Take(7);
        (await Refund(town, paid, east, 300, sora)).Accepted.ShouldBeTrue();

        var rows = (await town.Get<AddUpSales>().Run([east], town.Today, town.Today, Ct)).By(SalesBy.Clerk);
        rows.ShouldBe([new SalesRow(kai.ToString(), 1, 0, 1_000.Yen()), new SalesRow(SalesRow.Nobody, 2, 0, 107.Yen()), new SalesRow(sora.ToString(), 1, 1, (-270).Yen())]);

        async Task<PaymentId> Take(long yen)
        {
            town.Clock.Move(TimeSpan.FromSeconds(5));
            return (await town.Pay(Town.Payment(aoi, shop, yen.Yen()) with { Till = s_till })).Value!.PaymentId;
        }

        async Task Come(ShopAccountId who, string pin)
        {
            town.Clock.Move(TimeSpan.FromSeconds(5));
            (await town.Get<TillClerks>().Come(east, s_till, who, pin, Ct)).Check.ShouldBe(PinCheck.Right);
        }
    }

    [Theory, BothEngines]
    public async Task A_lost_tablet_is_thrown_out_and_its_token_opens_nothing_any_more(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (merchant, east, west) = await Stores(town);
        var (sessions, devices, by) = (town.Get<Sessions>(), town.Get<TillDevices>(), new ActingShop(merchant, null));
        var till = (await town.Get<Tills>().OfStore(east, Ct)).Single().Id;
        var (lost, kept) = (await sessions.Open(Subject.Till(till), "Tablet", east, ct: Ct), await sessions.Open(Subject.Till(till), "Counter", east, ct: Ct));

        (await devices.ThrowOut(by, [west], till, lost.Caller.Session, Ct)).ShouldBeFalse("not a store that they see");
        (await sessions.Who(lost.Token, Ct)).ShouldNotBeNull();
        (await devices.ThrowOut(by, [east, west], till, lost.Caller.Session, Ct)).ShouldBeTrue();
        (await sessions.Who(lost.Token, Ct)).ShouldBeNull();
        (await sessions.Who(kept.Token, Ct)).ShouldNotBeNull();
        (await devices.Of(east, Ct)).Select(d => d.Device.Name).ShouldBe(["Counter"]);
        (await devices.ThrowOut(by, [east, west], till, lost.Caller.Session, Ct)).ShouldBeFalse("it is out already");
        (await town.Get<ShopLog>().List(merchant, 10, ct: Ct)).Count(e => e.Act == ShopAct.ThrewOutTill).ShouldBe(1);
    }

    static ShopAccount? Found(CellWords words) => words.Words.Count < 2 ? null
        : new ShopAccount { Role = ShopRole.Clerk, State = Enum.Parse<ShopAccountState>(words.Words[1]) };

    static async Task<(MerchantId Merchant, StoreId East, StoreId West)> Stores(Town town)
    {
        var east = (await town.Get<OpenStore>().Run(new OpenStoreRequest("Bread", "East", RefundPin: "2468"), Ct)).Value!.Store;
        var west = (await town.Get<OpenStore>().Run(new OpenStoreRequest("Bread", "West", Merchant: east.Merchant), Ct)).Value!.Store;
        return (east.Merchant, east.Id, west.Id);
    }

    static async Task<ShopAccountId> Clerk(Town town, MerchantId merchant, string name, params StoreId[] stores) =>
        (await town.Get<CreateShopAccount>().Run(merchant, name, ShopRole.Clerk, stores, Ct)).Value!.Account;

    static async Task Pin(Town town, MerchantId merchant, ShopAccountId who, string pin) =>
        (await town.Get<GiveTillPin>().Run(new GiveTillPinRequest(new ActingShop(merchant, null), who, pin), Ct)).Accepted.ShouldBeTrue();

    static Task<Answer<Refunded, RefundRefusal>> Refund(Town town, PaymentId payment, StoreId store, long yen, ShopAccountId by) =>
        town.Get<Refund>().Run(new RefundRequest(payment, [store], yen.Yen(), null, Initiator.ShopAccount(by),
            [Town.Key(store, null, "refund", payment, yen)], ChangeRefundCaps.Of(by, ShopRole.Clerk)), Ct);
}

using Dapper;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Merchants;

public class OpenStoreTests
{
    [Theory, BothEngines]
    public async Task A_store_opens_with_its_number_tag_and_till(Engine engine)
    {
        await using var street = await Street.Open(engine);

        var opened = (await street.Opening.Run(new OpenStoreRequest(
            "Taisho & Co.", " 麺や 大正 ", "Taisho", "大正", "ramen", "大阪市大正区三軒家東1-1", "551-0002", "Menya Taisho"))).Value!;

        var store = (await street.Stores.Find(opened.Store.Id)).ShouldNotBeNull();
        store.ShouldBe(opened.Store);
        (store.Name, store.LatinName, store.PostalCode, store.Category, store.State).ShouldBe(
            ("麺や 大正", "Menya Taisho", "5510002", "ramen", StoreState.Open));
        store.Number.Length.ShouldBe(8);
        (await street.Stores.FindByNumber(store.Number)).ShouldBe(store);
        (await street.Tags.OfStore(store.Id)).ShouldHaveSingleItem().Id.ShouldBe(opened.TagId);
        (await street.Tills.OfStore(store.Id)).ShouldHaveSingleItem().Id.ShouldBe(opened.TillId);
    }

    [Theory, BothEngines]
    public async Task A_merchant_opens_a_second_store_and_nobody_elses(Engine engine)
    {
        await using var street = await Street.Open(engine);
        var first = await street.Store("One");
        var second = await street.Store("Two", merchant: first.Store.Merchant);

        (await street.Stores.OfMerchant(first.Store.Merchant)).ShouldBe([first.Store, second.Store], ignoreOrder: true);
        (await street.Opening.Run(new OpenStoreRequest("", "Three", Merchant: Id.New<MerchantId>(street.Clock))))
            .Refusal.ShouldBe(OpenStoreRefusal.NotFound);
        (await street.Stores.List(10)).Count.ShouldBe(2);
        await using var connection = await street.Db.Connect();
        (await connection.ExecuteScalarAsync<int>("select count(*) from store_number")).ShouldBe(2);
    }

    [Theory]
    [InlineData("", "ramen", "", "5510002", null, OpenStoreRefusal.InvalidName)]
    [InlineData("4111 1111 1111 1111", "ramen", "", "5510002", null, OpenStoreRefusal.InvalidName)]
    [InlineData("Taisho", "rocket", "", "5510002", null, OpenStoreRefusal.InvalidCategory)]
    [InlineData("Taisho", "ramen", "a\nb", "5510002", null, OpenStoreRefusal.InvalidAddress)]
    [InlineData("Taisho", "ramen", "", "551000", null, OpenStoreRefusal.InvalidPostalCode)]
    [InlineData("Taisho", "ramen", "", "５５１０００", null, OpenStoreRefusal.InvalidPostalCode)]
    [InlineData("Taisho", "ramen", "", "5510002", "123456", OpenStoreRefusal.WeakPin)]
    [InlineData("Taisho", "ramen", "", "5510002", "2468", OpenStoreRefusal.WeakPin)]
    [InlineData("Taisho", "ramen", "", "5510002", "280417", OpenStoreRefusal.None)]
    public void Each_fault_has_its_code(string name, string category, string area, string postal, string? pin, OpenStoreRefusal refusal) =>
        OpenStore.Check(new OpenStoreRequest("M", name, area, Category: category, PostalCode: postal, TillPin: pin)).ShouldBe(refusal);

    [Theory, BothEngines]
    public async Task A_name_without_latin_letters_gets_a_latin_one_for_the_code(Engine engine)
    {
        await using var street = await Street.Open(engine);
        var store = (await street.Store("麺や 大正")).Store;
        store.LatinName.ShouldBe($"STORE {store.Number}");
    }

    [Fact]
    public void Alarms_ring_where_the_tills_of_the_store_listen()
    {
        var store = Guid.NewGuid();
        Stores.TopicOf(new StoreId(store)).ShouldBe(Topics.OfStore(new StoreId(store)));
    }
}

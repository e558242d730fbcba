using System.Text.Json;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Wallet;
using FsCheck;
using FsCheck.Fluent;

namespace Ensen.Tests.Basics;

/// <summary>Ids as outsiders see them.</summary>
public class IdTests
{
    [Fact]
    public void Every_id_is_read_back_as_it_was_written() =>
        Prop.ForAll<Guid>(id => Id.TryParse(new PaymentId(id).ToString(), out PaymentId read) && read == id
            && Id.TryParseBare(Id.Bare(id), out var bare) && bare == id).QuickCheckThrowOnFailure();

    [Fact]
    public void Text_sorts_as_the_ids_do() =>
        Prop.ForAll<Guid, Guid>((a, b) => Math.Sign(string.CompareOrdinal(Id.Bare(a), Id.Bare(b))) == Math.Sign(a.CompareTo(b)))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Later_ids_sort_later()
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_780_000_000_000);
        string.CompareOrdinal(Id.New<PaymentId>(at).ToString(), Id.New<PaymentId>(at.AddMilliseconds(1)).ToString()).ShouldBeLessThan(0);
    }

    [Fact]
    public void Within_a_millisecond_they_do_too()
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_780_000_000_000);
        var ids = Enumerable.Range(0, 2_000).Select(_ => Id.New(at)).ToList();

        // Once in 67 million ids the count begins again; other tests count as well.
        ids.Zip(ids.Skip(1)).Count(pair => string.CompareOrdinal(Id.Bare(pair.First), Id.Bare(pair.Second)) > 0)
            .ShouldBeLessThanOrEqualTo(1);
        ids.ShouldBeUnique();
        ids.ShouldAllBe(id => id.Version == 7 && id.Variant >= 8 && id.Variant <= 11);
    }

    [Fact]
    public void Of_one_instant_no_two_are_alike()
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_780_000_000_000);
        Enumerable.Range(0, 100_000).Select(_ => Id.New(at)).ShouldBeUnique();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("pay_")]
    [InlineData("pay_00000000000000000000000000 ")]
    [InlineData(" pay_00000000000000000000000000")]
    [InlineData("pay_0000000000000000000000000")]        // one short
    [InlineData("pay_000000000000000000000000000")]      // one long
    [InlineData("pay-00000000000000000000000000")]
    [InlineData("mbr_00000000000000000000000000")]       // something else
    [InlineData("PAY_00000000000000000000000000")]
    [InlineData("pay_80000000000000000000000000")]       // 129 bits
    [InlineData("pay_z0000000000000000000000000")]
    [InlineData("pay_0000000000000000000000000A")]       // capitals, and letters that Crockford leaves out
    [InlineData("pay_0000000000000000000000000i")]
    [InlineData("pay_0000000000000000000000000l")]
    [InlineData("pay_0000000000000000000000000o")]
    [InlineData("pay_0000000000000000000000000u")]
    [InlineData("pay_０0000000000000000000000000")]
    [InlineData("pay_0000000000000000000000000\0")]
    [InlineData("pay_00000000-0000-0000-0000-00000000")]
    [InlineData("pay_0000000000000' or 1=1 --0")]
    public void What_is_no_id_of_a_payment_is_not_read(string? text)
    {
        Id.TryParse(text, out PaymentId id).ShouldBeFalse();
        id.ShouldBe(default(PaymentId));
    }

    [Fact]
    public void The_largest_and_the_smallest_are_ids()
    {
        new PaymentId(Guid.Empty).ToString().ShouldBe("pay_00000000000000000000000000");
        new PaymentId(Guid.AllBitsSet).ToString().ShouldBe("pay_7zzzzzzzzzzzzzzzzzzzzzzzzz");
    }

    [Fact]
    public void A_text_of_another_kind_is_no_id_of_this_one() =>
        Id.TryParse(Id.New<StoreId>(TimeProvider.System).ToString(), out MemberId _).ShouldBeFalse();

    [Fact]
    public void In_json_an_id_is_its_text_and_one_of_another_kind_is_refused()
    {
        var id = Id.New<StoreId>(TimeProvider.System);

        JsonSerializer.Serialize(id).ShouldBe($"\"{id}\"");
        JsonSerializer.Deserialize<StoreId>($"\"{id}\"").ShouldBe(id);
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<MemberId>($"\"{id}\""));
    }

    /// <summary>An id that no module declares would be refused by the database only when a row with it is first read or written.</summary>
    [Fact]
    public void Each_type_of_id_is_declared_by_a_module() =>
        typeof(Id).Assembly.GetTypes()
            .Where(type => type.IsValueType && type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ITypedId<>)))
            .Except(Product.Catalogue.All<IdPrefix>().Select(prefix => prefix.IdType)).ShouldBeEmpty();
}

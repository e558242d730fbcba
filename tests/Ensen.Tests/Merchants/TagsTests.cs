using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Merchants;

public class TagsTests
{
    const string Uid = "04DE5F1EACC040";

    [Theory, BothEngines]
    public async Task The_same_touch_fifty_times_at_once_is_accepted_once(Engine engine)
    {
        await using var street = await Street.Open(engine);
        await using var other = street.SecondNode();
        var tag = (await street.Tags.Register((await street.Store()).Store.Id, Uid, 1)).ShouldNotBeNull();

        for (var counter = 1; counter <= 10; counter++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
                Task.Run(() => (i % 2 == 0 ? street : other).Tags.Accept(tag, Uid, counter))));

            answers.Count(a => a.Accepted).ShouldBe(1);
            answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == TagRefusal.CodeUsed);
        }
    }

    [Theory, BothEngines]
    public async Task The_counter_only_rises(Engine engine)
    {
        await using var street = await Street.Open(engine);
        var tag = (await street.Tags.Register((await street.Store()).Store.Id, Uid, 1))!.Value;

        (await street.Tags.Accept(tag, Uid, 0)).Value!.Counter.ShouldBe(0);
        (await street.Tags.Accept(tag, Uid, 61)).Accepted.ShouldBeTrue();
        (await street.Tags.Accept(tag, Uid, 61)).Refusal.ShouldBe(TagRefusal.CodeUsed);
        (await street.Tags.Accept(tag, Uid, 60)).Refusal.ShouldBe(TagRefusal.CodeUsed);
        (await street.Tags.Accept(tag, Uid, 62)).Accepted.ShouldBeTrue();
        (await street.Tags.Accept(tag, "04958CAA5C5E80", 63)).Refusal.ShouldBe(TagRefusal.InvalidCode);
        (await street.Tags.Resolve(tag)).Value!.Counter.ShouldBe(62);
    }

    [Theory, BothEngines]
    public async Task A_plain_tag_proves_no_touch_and_an_unknown_one_is_not_found(Engine engine)
    {
        await using var street = await Street.Open(engine);
        var opened = await street.Store();

        (await street.Tags.Resolve(opened.TagId)).Value!.Kind.ShouldBe(TagKind.Plain);
        (await street.Tags.Accept(opened.TagId, Uid, 1)).Refusal.ShouldBe(TagRefusal.InvalidCode);
        (await street.Tags.Resolve(Id.New<TagId>(street.Clock))).Refusal.ShouldBe(TagRefusal.NotFound);
        (await street.Tags.Accept(Id.New<TagId>(street.Clock), Uid, 1)).Refusal.ShouldBe(TagRefusal.NotFound);
    }

    [Theory, BothEngines]
    public async Task A_revoked_tag_is_refused_and_a_stolen_one_alarms_its_store_once_a_minute(Engine engine)
    {
        await using var street = await Street.Open(engine);
        var (mine, foreign) = (await street.Store("Mine"), await street.Store("Foreign"));
        var (store, merchant, began) = (mine.Store.Id, mine.Store.Merchant, street.Clock.GetUtcNow());
        var tag = (await street.Tags.Register(store, Uid, 1))!.Value;

        (await street.Tags.Revoke(foreign.Store.Merchant, tag)).ShouldBeFalse();
        (await street.Tags.Revoke(merchant, tag)).ShouldBeTrue();
        (await street.Tags.Accept(tag, Uid, 1)).Refusal.ShouldBe(TagRefusal.TagRevoked);
        (await street.Tags.Alarms(store, began)).ShouldBeEmpty();

        (await street.Tags.Revoke(merchant, tag, stolen: true)).ShouldBeTrue();
        for (var i = 0; i < 3; i++)
            (await street.Tags.Resolve(tag)).Refusal.ShouldBe(TagRefusal.TagRevoked);
        (await street.Tags.Alarms(store, began)).ShouldHaveSingleItem().Tag.ShouldBe(tag);
        street.Clock.Move(TimeSpan.FromMinutes(2));
        await street.Tags.Accept(tag, Uid, 2);
        (await street.Tags.Alarms(store, began)).Count.ShouldBe(2);
    }

    [Theory, BothEngines]
    public async Task A_chip_is_one_tag_and_moves_only_between_stores_of_one_merchant(Engine engine)
    {
        await using var street = await Street.Open(engine);
        var first = await street.Store("One");
        var second = await street.Store("Two", merchant: first.Store.Merchant);
        var foreign = await street.Store("Foreign");
        var merchant = first.Store.Merchant;
        var tag = (await street.Tags.Register(first.Store.Id, Uid, 1))!.Value;

        (await street.Tags.Register(second.Store.Id, Uid, 1)).ShouldBeNull();
        (await street.Tags.Move(merchant, tag, foreign.Store.Id)).ShouldBeFalse();
        (await street.Tags.Move(foreign.Store.Merchant, tag, foreign.Store.Id)).ShouldBeFalse();
        (await street.Tags.Move(merchant, tag, second.Store.Id)).ShouldBeTrue();
        (await street.Tags.Resolve(tag)).Value!.Store.ShouldBe(second.Store.Id);
        await Should.ThrowAsync<ArgumentException>(() => street.Tags.Register(first.Store.Id, "04de5f1eacc040"));
    }
}

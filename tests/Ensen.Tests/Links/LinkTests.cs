using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Links;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Links;

/// <summary>Money sent to whoever opens a link first.</summary>
public class LinkTests
{
    [Theory, BothEngines]
    public async Task Money_leaves_at_once_and_is_claimed_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen()).WithPrepaid(5_000.Yen());
        var ren = await town.Member("Ren").WithPrepaid(200.Yen());

        var made = (await town.Link(aoi, 400.Yen(), note: "夕食代 🍜")).Value!;
        made.ShouldBe(new LinkCreated(made.LinkId, 400.Yen(), 5_600.Yen(), town.Clock.GetUtcNow(), town.Clock.GetUtcNow().AddDays(7)));
        (await town.Holds(aoi)).ShouldBe("money 600, prepaid 5000, points 0");
        (await town.Balance(made.LinkId, AccountType.LinkHeld)).ShouldBe(400);
        (await town.Complaints()).ShouldBeEmpty();

        var claimed = (await town.Claim(ren, made)).Value!;
        claimed.ShouldBe(new LinkClaimed(claimed.ClaimId, 400.Yen(), 600.Yen(), town.Clock.GetUtcNow()));
        (await town.Holds(ren)).ShouldBe("money 400, prepaid 200, points 0");
        (await town.Balance(made.LinkId, AccountType.LinkHeld)).ShouldBe(0);
        (await town.Claim(ren, made)).Refusal.ShouldBe(ClaimLinkRefusal.CodeUsed);
        (await town.TakeBack(aoi, made)).Refusal.ShouldBe(ReturnLinkRefusal.CodeUsed);
        town.Clock.Move(TimeSpan.FromDays(8));
        await town.Get<ReturnLink>().Run();
        (await town.Holds(aoi)).ShouldBe("money 600, prepaid 5000, points 0");
        (await town.Links(aoi)).Single().ShouldBe(LinkState.Claimed);
        (await town.History(ren)).Select(i => (i.Kind, i.Party, i.Yen, i.Note))
            .ShouldContain((EntryKind.LinkClaim, "Aoi", 400.Yen(), "夕食代 🍜"));
    }

    [Theory, BothEngines]
    public async Task What_nobody_claims_for_seven_days_goes_back_once_to_the_money_it_was(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen()).WithPrepaid(70.Yen());
        var ren = await town.Member("Ren");
        var made = (await town.Link(aoi, 1_000.Yen())).Value!;
        var later = (await town.Link(aoi, 1.Yen())).Refusal;
        later.ShouldBe(CreateLinkRefusal.InsufficientBalance);

        town.Clock.Move(TimeSpan.FromDays(7) - TimeSpan.FromMilliseconds(1));
        await town.Get<ReturnLink>().Run();
        (await town.Links(aoi)).ShouldBe([LinkState.Open]);
        town.Clock.Move(TimeSpan.FromMilliseconds(1));
        (await town.Claim(ren, made)).Refusal.ShouldBe(ClaimLinkRefusal.Lapsed);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => town.Get<ReturnLink>().Run())));

        (await town.Links(aoi)).ShouldBe([LinkState.Lapsed]);
        (await town.Holds(aoi)).ShouldBe("money 1000, prepaid 70, points 0");
        (await town.Claim(ren, made)).Refusal.ShouldBe(ClaimLinkRefusal.Lapsed);
        (await town.TakeBack(aoi, made)).Refusal.ShouldBe(ReturnLinkRefusal.Lapsed);
        (await town.Entries(EntryKind.LinkReturn)).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task What_cannot_be_sent_by_link_is_refused(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(500_000.Yen());
        foreach (var amount in (long[])[0, -1, long.MinValue, long.MaxValue, 1_000_000_000])
            (await town.Link(aoi, amount.Yen())).Refusal.ShouldBe(CreateLinkRefusal.InvalidAmount);
        (await town.Link(aoi, 1.Yen(), note: new string('あ', 101))).Refusal.ShouldBe(CreateLinkRefusal.InvalidRequest);
        (await town.Link(aoi, 1.Yen(), note: "4111-1111-1111-1111")).Refusal.ShouldBe(CreateLinkRefusal.InvalidRequest);
        (await town.Link(aoi, 60_000.Yen())).Accepted.ShouldBeTrue();
        (await town.Link(aoi, 40_001.Yen())).Refusal.ShouldBe(CreateLinkRefusal.OverLimit);
        var ren = await town.Member("Ren");
        (await town.Send(aoi, ren, 40_001.Yen())).Refusal.ShouldBe(TransferRefusal.OverLimit);
    }

    /// <summary>The room that a link's money needs to come back is not filled meanwhile; the cap of its day is free again then.</summary>
    [Theory, BothEngines]
    public async Task What_is_taken_back_has_its_room_and_counts_no_more(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren) = (await town.Member("Aoi").With(950_000.Yen()), await town.Member("Ren").With(100_000.Yen()));
        var made = (await town.Link(aoi, 100_000.Yen())).Value!;

        (await town.Send(ren, aoi, 50_001.Yen())).Refusal.ShouldBe(TransferRefusal.OverLimit);
        (await town.Send(ren, aoi, 50_000.Yen())).Accepted.ShouldBeTrue();
        await town.Freeze(aoi);
        (await town.Claim(ren, made)).Refusal.ShouldBe(ClaimLinkRefusal.Frozen);
        (await town.TakeBack(aoi, made)).Accepted.ShouldBeTrue();
        (await town.Holds(aoi)).ShouldBe("money 1000000, prepaid 0, points 0");
        (await town.Claim(ren, made)).Refusal.ShouldBe(ClaimLinkRefusal.Lapsed);
        (await town.Wallet(aoi)).Frozen.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task The_token_is_in_no_row_as_it_is_and_the_sender_reads_it_again(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var first = (await town.Link(aoi, 10.Yen(), key: "k")).Value!;
        var again = await town.Link(aoi, 10.Yen(), key: "k");
        again.Replayed.ShouldBeTrue();
        again.Value.ShouldBe(first);
        (await town.Link(aoi, 11.Yen(), key: "k")).Refusal.ShouldBe(CreateLinkRefusal.KeyReused);

        var links = town.Get<MoneyLinks>();
        var token = links.TokenOf((await links.Of(aoi.Id, first.LinkId))!)!;
        (await links.ByToken(token))!.Row.EntryId.ShouldBe(first.LinkId);
        (await links.ByToken(token[..^1] + (token[^1] == 'a' ? 'b' : 'a'))).ShouldBeNull();
        (await town.Count("select count(*) from money_link where token_kept like @t or token_hash like @t", new { t = $"%{token}%" })).ShouldBe(0);
        (await town.Count("select count(*) from idempotency_key where answer like @t", new { t = $"%{token}%" })).ShouldBe(0);
        var ren = await town.Member("Ren");
        (await links.Of(ren.Id, first.LinkId)).ShouldBeNull();
        (await town.TakeBack(ren, first)).Refusal.ShouldBe(ReturnLinkRefusal.NotFound);
        (await town.Get<ClaimLink>().Run(new ClaimLinkRequest(ren.Payer, "nothing", [Town.Key(ren.Id, null)]))).Refusal
            .ShouldBe(ClaimLinkRefusal.NotFound);
    }

    [Theory, BothEngines]
    public async Task Of_many_who_claim_at_once_one_gets_it(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(100_000.Yen());
        var crowd = await town.Crowd(20, Yen.Zero);
        for (var round = 0; round < 10; round++)
        {
            var made = (await town.Link(aoi, 100.Yen())).Value!;
            var answers = await Task.WhenAll(crowd.Append(aoi).Select(who => Task.Run(() => town.Claim(who, made))));
            answers.Count(a => a.Accepted).ShouldBe(1);
            answers.Count(a => a.Refusal == ClaimLinkRefusal.CodeUsed).ShouldBe(19);
            answers[^1].Refusal.ShouldBe(ClaimLinkRefusal.InvalidRequest);
        }
        (await town.Entries(EntryKind.LinkClaim)).ShouldBe(10);
        (await town.Count("select count(*) from account where account_type = 46 and balance <> 0")).ShouldBe(0);
    }

    /// <summary>Claimed by some, taken back by its sender, and its time is over at the same moment.</summary>
    [Theory, BothEngines]
    public async Task A_link_ends_once_however_many_ends_come_at_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi").With(100_000.Yen());
        var crowd = await town.Crowd(10, Yen.Zero);
        for (var round = 0; round < 10; round++)
        {
            var made = (await town.Link(aoi, 100.Yen())).Value!;
            var ends = await Task.WhenAll(
            [
                .. crowd.Select(who => Task.Run(async () => (await town.Claim(who, made)).Accepted)),
                .. Enumerable.Range(0, 10).Select(_ => Task.Run(async () => (await town.TakeBack(aoi, made)).Accepted)),
            ]);
            ends.Count(done => done).ShouldBe(1);
        }
        (await town.Entries(EntryKind.LinkClaim) + await town.Entries(EntryKind.LinkReturn)).ShouldBe(10);
    }

    /// <summary>Twenty fingers press once: one link, one claim, one return.</summary>
    [Theory, BothEngines]
    public async Task The_same_key_does_it_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren) = (await town.Member("Aoi").With(1_000.Yen()), await town.Member("Ren"));
        var made = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => town.Link(aoi, 700.Yen(), key: "k"))));
        made.Select(a => a.Value).Distinct().Count().ShouldBe(1);
        made.Count(a => !a.Replayed).ShouldBe(1);
        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => town.Claim(ren, made[0].Value!, key: "k"))));
        claims.ShouldAllBe(a => a.Accepted);
        claims.Count(a => !a.Replayed).ShouldBe(1);
        (await town.Holds(ren)).ShouldBe("money 700, prepaid 0, points 0");
        var second = (await town.Link(aoi, 300.Yen())).Value!;
        (await town.Claim(ren, second, key: "k")).Refusal.ShouldBe(ClaimLinkRefusal.KeyReused);
        var back = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => town.TakeBack(aoi, second, key: "back"))));
        back.ShouldAllBe(a => a.Accepted);
        (await town.TakeBack(aoi, second, key: "k")).Refusal.ShouldBe(ReturnLinkRefusal.KeyReused);
        (await town.Holds(aoi)).ShouldBe("money 300, prepaid 0, points 0");
    }
}

/// <summary>What members of a town do with links, by short names.</summary>
static class LinkSteps
{
    public static Task<Answer<LinkCreated, CreateLinkRefusal>> Link(
        this Town town, Resident from, Yen amount, string? key = null, string? note = null) =>
        town.Get<CreateLink>().Run(new CreateLinkRequest(from.Payer, amount, note, [Town.Key(from.Id, key, "link", amount.Value, note)]));

    public static async Task<Answer<LinkClaimed, ClaimLinkRefusal>> Claim(
        this Town town, Resident who, LinkCreated link, string? key = null)
    {
        await using var connection = await town.Db.Connect();
        var token = town.Get<MoneyLinks>().TokenOf((await MoneyLinks.Find(connection, link.LinkId))!)!;
        return await town.Get<ClaimLink>().Run(
            new ClaimLinkRequest(who.Payer, token, [Town.Key(who.Id, key, "claim", link.LinkId)]));
    }

    public static Task<Answer<LinkReturned, ReturnLinkRefusal>> TakeBack(
        this Town town, Resident who, LinkCreated link, string? key = null) =>
        town.Get<ReturnLink>().Withdraw(who.Id, link.LinkId, [Town.Key(who.Id, key, "take back", link.LinkId)]);

    public static async Task<IReadOnlyList<LinkState>> Links(this Town town, Resident who) =>
        [.. (await town.Get<MoneyLinks>().SentBy(who.Id, null, 10)).Select(l => l.State)];
}

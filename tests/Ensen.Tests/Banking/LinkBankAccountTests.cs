using Ensen.Access;
using Ensen.Banking;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Identity;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Banking;

/// <summary>Bank accounts are linked to whom they belong, once, and nobody guesses at them.</summary>
public class LinkBankAccountTests
{
    internal static RefusalTable<LinkBankAccountRefusal> Table { get; } = new("""
        refusal          typed          member      bank   proof
        None             -              verified    there  proven
        InvalidAccount   number holder  unverified  away   none
        InvalidAccount   bank           verified    there  proven
        InvalidAccount   kind           verified    there  proven
        InvalidKana      holder         unverified  away   none
        NotVerified      -              unverified  away   none
        NotAvailable     -              verified    away   none
        StepUpRequired   -              verified    there  none
        TooManyRequests  before         LinkBankAccountTests.Many_names_at_one_account_come_to_an_end
        HolderMismatch   before         LinkBankAccountTests.Whose_account_it_is_not_links_nothing
        AccountRefused   before         LinkBankAccountTests.Whatever_the_bank_refuses_is_told_the_same
        TryAgain         before         LinkBankAccountTests.Whatever_the_bank_refuses_is_told_the_same
        AlreadyLinked    before         LinkBankAccountTests.Of_forty_members_one_gets_the_account_and_is_told_of_the_others
        OverLimit        before         LinkBankAccountTests.A_member_has_so_many_at_most
        KeyReused        before         LinkBankAccountTests.A_verified_member_links_an_account_once_for_its_key
        """);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var typed = row.In("typed");
        return LinkBankAccount.Decide(
            new TypedBankAccount(
                typed.Say("bank") ? "123" : "9999", "００１", typed.Say("kind") ? "deposit" : "ordinary",
                typed.Say("number") ? "12345678" : "123-4567", typed.Say("holder") ? "カ)アオイ" : "ｱｵｲ"),
            row.In("member").Say("verified"), row.In("bank").Say("there"), row.In("proof").Say("proven"));
    });

    [Theory, BothEngines]
    public async Task A_verified_member_links_an_account_once_for_its_key(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var aoi = await desk.Verified();

        var linked = await desk.Link(aoi, key: "k");

        linked.Value!.LastFour.ShouldBe("4567");
        (await desk.Link(aoi, key: "k")).ShouldSatisfyAllConditions(
            a => a.Replayed.ShouldBeTrue(), a => a.Value!.Id.ShouldBe(linked.Value.Id));
        (await desk.Link(aoi, "7654321", key: "k")).Refusal.ShouldBe(LinkBankAccountRefusal.KeyReused);
        (await desk.Link(aoi)).Value!.Id.ShouldBe(linked.Value.Id, "the same account is the same link");
        (await desk.Mailed("aoi")).ShouldHaveSingleItem().ShouldContain("銀行口座を登録しました");
        (await desk.Count("select count(*) from bank_account")).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task Without_a_verified_identity_no_account_is_linked(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var ren = await desk.Newcomer("ren");
        (await desk.Link(ren)).Refusal.ShouldBe(LinkBankAccountRefusal.NotVerified);

        await desk.Begin(ren);
        (await desk.Link(ren)).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task A_proof_for_something_else_links_nothing(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var aoi = await desk.Verified();
        var proof = await desk.Proof(aoi, proven: false);
        await desk.Db.Transact(tx => desk.Get<StepUp>().Mark(tx, proof.Caller, ChangeOwnCaps.Purpose), Ct);
        (await desk.Link(aoi, proof: proof)).Refusal.ShouldBe(LinkBankAccountRefusal.StepUpRequired);
        (await desk.Link(aoi, proof: new StepUpProof(proof.Caller, Id.New<ChallengeId>(desk.Clock)))).Refusal
            .ShouldBe(LinkBankAccountRefusal.StepUpRequired);
        (await desk.World.Exchanges.Latest(Gateway.Bank, 10, Ct)).ShouldBeEmpty("no bank was asked");
    }

    [Theory]
    [BothEngines("ﾐﾄﾞﾘ ｿﾗ")]
    [BothEngines("ﾐｻｷ ｱｵｲ")]
    public async Task Whose_account_it_is_not_links_nothing(Engine engine, string holder)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var aoi = await desk.Verified();
        (await desk.Link(aoi, holder: holder)).Refusal.ShouldBe(LinkBankAccountRefusal.HolderMismatch);
        (await desk.World.Exchanges.Latest(Gateway.Bank, 10, Ct)).ShouldBeEmpty("no bank was asked");
    }

    [Theory, BothEngines]
    public async Task Whatever_the_bank_refuses_is_told_the_same(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var aoi = await desk.Verified();
        (await desk.Link(aoi, SandboxBank.NoSuchAccount)).Refusal.ShouldBe(LinkBankAccountRefusal.AccountRefused);
        (await desk.Link(aoi, SandboxBank.OfSomebodyElse)).Refusal.ShouldBe(LinkBankAccountRefusal.AccountRefused);
        await desk.World.Moods.Set(Gateway.Bank, FaultMode.Refuse, 1, ct: Ct);
        (await desk.Link(aoi)).Refusal.ShouldBe(LinkBankAccountRefusal.AccountRefused);
        await desk.World.Moods.Set(Gateway.Bank, FaultMode.Lost, 1, ct: Ct);
        (await desk.Link(aoi)).Refusal.ShouldBe(LinkBankAccountRefusal.TryAgain);
        (await desk.Link(aoi)).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task Of_forty_members_one_gets_the_account_and_is_told_of_the_others(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(
            engine, new Programme { Identity = new() { LinkTriesPerAccount = 100, LinkTriesPerAddress = 100 } });
        var members = new List<MemberId>();
        for (var i = 0; i < 40; i++)
            members.Add(await desk.Verified($"m{i}"));

        var answers = await Task.WhenAll(members.Select(member => Task.Run(() => desk.Link(member), Ct)));

        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == LinkBankAccountRefusal.AlreadyLinked);
        (await desk.Count("select count(*) from bank_account where removed_ms is null")).ShouldBe(1);
        var owner = answers.ToList().FindIndex(a => a.Accepted);
        (await desk.Mailed($"m{owner}")).Order().ShouldBe(
            (await desk.Mailed($"m{owner}")).Where(s => s.Contains("別の人が", StringComparison.Ordinal) || s.Contains("登録しました", StringComparison.Ordinal))
                .Order(), "told of the link, and once of all the others");
        (await desk.Mailed($"m{owner}")).Count.ShouldBe(2);
        (await desk.Mailed($"m{(owner + 1) % 40}")).ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task Many_names_at_one_account_come_to_an_end(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        // Many members, each verified as somebody else, from many places: five tries, whoever makes them.
        for (var i = 0; i < 5; i++)
            await desk.Link(
                await desk.Verified($"m{i}"), SandboxBank.OfSomebodyElse, from: $"192.0.2.{i}");
        var sixth = await desk.Link(await desk.Verified("m6"), SandboxBank.OfSomebodyElse, from: "192.0.2.77");
        sixth.Refusal.ShouldBe(LinkBankAccountRefusal.TooManyRequests);
        (await desk.Link(await desk.Verified("m7"), "1111111", from: "192.0.2.78")).Accepted.ShouldBeTrue("another account");
    }

    [Theory, BothEngines]
    public async Task Many_accounts_come_to_an_end_by_member_and_by_place(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var aoi = await desk.Verified();
        for (var i = 0; i < 5; i++)
            await desk.Link(aoi, $"200000{i}", "ﾐﾄﾞﾘ");
        (await desk.Link(aoi, "2000009", from: "192.0.2.99")).Refusal.ShouldBe(LinkBankAccountRefusal.TooManyRequests, "one member");
        for (var i = 0; i < 15; i++)
            await desk.Link(await desk.Verified($"m{i}"), $"30000{i:00}", "ﾐﾄﾞﾘ");
        (await desk.Link(await desk.Verified("m99"), "3999999")).Refusal.ShouldBe(LinkBankAccountRefusal.TooManyRequests, "one place");
        desk.Clock.Move(TimeSpan.FromDays(1));
        (await desk.Link(aoi, "2000009")).Accepted.ShouldBeTrue("another day");
    }

    [Theory, BothEngines]
    public async Task A_member_has_so_many_at_most(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(
            engine, new Programme { Identity = new() { LinkTriesPerMember = 100, LinkTriesPerAddress = 100 } });
        var aoi = await desk.Verified();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => desk.Link(aoi, $"10000{i:00}"), Ct)));

        answers.Count(a => a.Accepted).ShouldBe(3);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == LinkBankAccountRefusal.OverLimit);
        (await desk.Count("select count(*) from bank_account_claim")).ShouldBe(3, "what was not linked is free");
    }

    [Theory, BothEngines]
    public async Task A_removed_account_is_free_and_charges_take_from_none(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var (aoi, twin) = (await desk.Verified(), await desk.Verified("twin"));
        var linked = (await desk.Link(aoi)).Value!;
        (await Charge(desk, aoi)).Accepted.ShouldBeTrue();
        (await Charge(desk, twin)).Refusal.ShouldBe(ChargeRefusal.NoBankAccount);
        var unlink = desk.Get<UnlinkBankAccount>();
        (await unlink.Run(twin, linked.Id, Ct)).Refusal.ShouldBe(UnlinkBankAccountRefusal.NotFound, "another member's");

        (await unlink.Run(aoi, linked.Id, Ct)).Accepted.ShouldBeTrue();

        (await unlink.Run(aoi, linked.Id, Ct)).Refusal.ShouldBe(UnlinkBankAccountRefusal.NotFound, "it is gone");
        (await Charge(desk, aoi)).Refusal.ShouldBe(ChargeRefusal.NoBankAccount);
        (await desk.Link(twin)).Accepted.ShouldBeTrue("free for another");
        (await Charge(desk, twin)).Value!.State.ShouldBe(ChargeState.Completed);
        (await desk.Mailed("aoi")).ShouldContain(s => s.Contains("外しました", StringComparison.Ordinal));
    }

    static Task<Answer<Charged, ChargeRefusal>> Charge(IdentityDesk desk, MemberId member) => desk.Get<Charge>().Run(
        new ChargeRequest(new Payer(member, Verified: true), ChargeSource.Bank, 500.Yen(), Town.Key(member, null)), Ct);
}

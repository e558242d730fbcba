using System.Security.Cryptography;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Staff;

/// <summary>Who works for a merchant: how they come and go, what each sees, and that a merchant with owners keeps one.</summary>
public class ShopAccountsTests
{
    const string Password = "Loop-line-09";

    [Theory, BothEngines]
    public async Task An_owner_comes_by_the_merchants_link_and_others_by_the_owner(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (merchant, one, two) = await Stores(town);
        var link = await Invite(town, new ActingShop(merchant, null), ShopRole.Owner);
        (await Join(town, link, "hana", secret: null)).Refusal.ShouldBe(JoinShopRefusal.FactorNeeded);
        var secret = Totp.NewSecret();
        var hana = (await Join(town, link, "Hana@bakery", secret)).Value!;
        var owner = new ActingShop(merchant, hana.Id);
        var clerk = (await Join(town, await Invite(town, owner, ShopRole.Clerk, one), "kai", secret: null)).Value!;
        var manager = (await Join(town, await Invite(town, owner, ShopRole.Manager, one, two), "sora", secret: null)).Value!;

        (await Access(town, hana)).Stores.Select(s => s.Id).ShouldBe([one, two]);
        (await Access(town, clerk)).Stores.Select(s => s.Id).ShouldBe([one]);
        (await Access(town, manager)).Stores.Select(s => s.Id).ShouldBe([one, two]);
        foreach (var (account, may) in ((ShopAccount, string)[])[(hana, "Export Refund Staff Settlements StaffSales Tills Business BusinessApproval"), (manager, "Export Refund StaffSales Tills Business"), (clerk, "")])
        {
            var access = await Access(town, account);
            string.Join(' ', Enum.GetValues<ShopRight>().Where(access.May)).ShouldBe(may);
        }
        foreach (var account in (ShopAccount[])[clerk, manager])
        {
            var by = new ActingShop(merchant, account.Id);
            (await town.Get<InviteToShop>().Run(new InviteToShopRequest(by, "Ren", ShopRole.Clerk, [one]), Ct)).Refusal.ShouldBe(InviteToShopRefusal.Forbidden);
            (await Change(town, by, account.Id, ShopRole.Owner)).ShouldBe(ChangeShopAccountRefusal.Forbidden);
            (await town.Get<DismissFromShop>().Run(by, hana.Id, Ct)).Refusal.ShouldBe(DismissFromShopRefusal.Forbidden);
        }
        var log = await town.Get<ShopLog>().List(merchant, 100, ct: Ct);
        log.Select(e => e.Number).ShouldBe([9, 8, 7, 6, 5, 4, 3, 2, 1], "numbered without a gap, also after refusals");
        ShopAct[] begun = [ShopAct.SignedIn, ShopAct.Joined, ShopAct.Invited];
        log.Select(e => e.Act).ShouldBe([.. begun, .. begun, .. begun], "who joins is signed in");
        log[2].By.ShouldBe(hana.Id);
        log[^1].By.ShouldBeNull();
    }

    [Theory, BothEngines]
    public async Task What_is_of_another_merchant_is_not_there(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (merchant, one, _) = await Stores(town);
        var (other, theirs, _) = await Stores(town);
        var hana = await Owner(town, merchant, "hana");
        var stranger = await Owner(town, other, "gen");
        var by = new ActingShop(merchant, hana.Id);

        (await town.Get<InviteToShop>().Run(new InviteToShopRequest(by, "Ren", ShopRole.Clerk, [theirs]), Ct)).Refusal.ShouldBe(InviteToShopRefusal.NotFound);
        (await Change(town, by, stranger.Id, ShopRole.Clerk, one)).ShouldBe(ChangeShopAccountRefusal.NotFound);
        (await town.Get<DismissFromShop>().Run(by, stranger.Id, Ct)).Refusal.ShouldBe(DismissFromShopRefusal.NotFound);
        (await town.Get<InviteToShop>().Run(new InviteToShopRequest(new ActingShop(other, hana.Id), "Ren", ShopRole.Owner, []), Ct))
            .Refusal.ShouldBe(InviteToShopRefusal.Forbidden, "an account of this merchant acts for no other");
        (await town.Get<ShopAccounts>().Of(merchant, Ct)).Select(a => a.Id).ShouldBe([hana.Id]);
        (await town.Get<ShopAccesses>().Of(new Caller(new SessionId(Guid.NewGuid()), Subject.ShopAccount(hana.Id), other), Ct)).Stores.ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task Another_role_and_other_stores_hold_at_once_and_a_dismissal_ends_every_session(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (merchant, one, two) = await Stores(town);
        var owner = new ActingShop(merchant, (await Owner(town, merchant, "hana")).Id);
        var kai = (await Join(town, await Invite(town, owner, ShopRole.Clerk, one), "kai", secret: null)).Value!;
        var session = (await SignIn(town, "KAI ")).Value!;
        session.Caller.Owner.ShouldBe(merchant.Value);

        (await Change(town, owner, kai.Id, ShopRole.Owner)).ShouldBe(ChangeShopAccountRefusal.FactorNeeded);
        (await Change(town, owner, kai.Id, ShopRole.Manager, two)).ShouldBe(ChangeShopAccountRefusal.None);
        var access = await town.Get<ShopAccesses>().Of((await town.Get<Sessions>().Who(session.Token, Ct))!, Ct);
        (access.Role, access.Stores.Single().Id).ShouldBe((ShopRole.Manager, two));

        var forty = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => town.Get<DismissFromShop>().Run(owner, kai.Id, Ct), Ct)));
        forty.Count(a => a.Accepted).ShouldBe(1);
        (await town.Get<Sessions>().Who(session.Token, Ct)).ShouldBeNull();
        (await town.Get<ShopAccesses>().Of(session.Caller, Ct)).Role.ShouldBeNull();
        (await SignIn(town, "kai")).Refusal.ShouldBe(ShopSignInRefusal.Unauthenticated);
        (await town.Count("select count(*) from credential where owner = @id", new { id = kai.Id.Value })).ShouldBe(0);
        (await Join(town, await Invite(town, owner, ShopRole.Clerk, one), "kai", secret: null)).Accepted.ShouldBeTrue("the name is free again");
    }

    [Theory, BothEngines]
    public async Task Whoever_may_invite_nobody_any_more_has_invited_nobody(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (merchant, one, _) = await Stores(town);
        var hana = new ActingShop(merchant, (await Owner(town, merchant, "hana")).Id);
        var kai = new ActingShop(merchant, (await Owner(town, merchant, "kai")).Id);
        var ren = new ActingShop(merchant, (await Owner(town, merchant, "ren")).Id);
        var (ofKai, ofRen, ofHana) = (
            await Invite(town, kai, ShopRole.Owner), await Invite(town, ren, ShopRole.Clerk, one), await Invite(town, hana, ShopRole.Clerk, one));

        (await town.Get<DismissFromShop>().Run(hana, kai.Account!.Value, Ct)).Accepted.ShouldBeTrue();
        (await Change(town, hana, ren.Account!.Value, ShopRole.Clerk, one)).ShouldBe(ChangeShopAccountRefusal.None);

        (await Join(town, ofKai, "mio", Totp.NewSecret())).Refusal.ShouldBe(JoinShopRefusal.NotFound);
        (await Join(town, ofRen, "mio", secret: null)).Refusal.ShouldBe(JoinShopRefusal.NotFound);
        (await Join(town, ofHana, "mio", secret: null)).Accepted.ShouldBeTrue("the others' are as they were");
        (await town.Count("select count(*) from shop_log where act = @act", new { act = (int)ShopAct.Dismissed })).ShouldBe(3);
    }

    [Theory, BothEngines]
    public async Task Of_forty_who_dismiss_and_demote_the_last_two_owners_at_once_one_does(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (merchant, one, _) = await Stores(town);
        var (hana, gen) = (await Owner(town, merchant, "hana"), await Owner(town, merchant, "gen"));
        var (byHana, byGen) = (new ActingShop(merchant, hana.Id), new ActingShop(merchant, gen.Id));

        var done = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () => (i % 4) switch
        {
            0 => (await town.Get<DismissFromShop>().Run(byHana, gen.Id, Ct)).Accepted,
            1 => (await town.Get<DismissFromShop>().Run(byGen, hana.Id, Ct)).Accepted,
            2 => await Change(town, byHana, hana.Id, ShopRole.Clerk, one) == ChangeShopAccountRefusal.None,
            _ => await Change(town, byGen, gen.Id, ShopRole.Clerk, one) == ChangeShopAccountRefusal.None,
        }, Ct)));

        // Whoever was demoted is a clerk, whom the other may still dismiss: two are done then, and one owner has gone all the same.
        done.Count(d => d).ShouldBeInRange(1, 2);
        var left = (await town.Get<ShopAccounts>().Of(merchant, Ct)).Single(a => a is { Role: ShopRole.Owner, State: ShopAccountState.Active });
        var last = new ActingShop(merchant, left.Id);
        (await town.Get<DismissFromShop>().Run(last, left.Id, Ct)).Refusal.ShouldBe(DismissFromShopRefusal.LastOwner);
        (await town.Get<DismissFromShop>().Run(new ActingShop(merchant, null), left.Id, Ct)).Refusal.ShouldBe(DismissFromShopRefusal.LastOwner);
        (await Change(town, last, left.Id, ShopRole.Manager, one)).ShouldBe(ChangeShopAccountRefusal.LastOwner);
    }

    [Theory, BothEngines]
    public async Task A_link_opens_once_and_in_its_time_and_a_sign_in_name_is_one_accounts(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (merchant, one, _) = await Stores(town);
        var by = new ActingShop(merchant, null);
        var link = await Invite(town, by, ShopRole.Clerk, one);
        (await Join(town, link, "森", secret: null)).Refusal.ShouldBe(JoinShopRefusal.InvalidName);
        (await Join(town, link, "kai", secret: null, password: "short")).Refusal.ShouldBe(JoinShopRefusal.InvalidPassword);

        var forty = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => Join(town, link, "kai", secret: null), Ct)));

        forty.Count(a => a.Accepted).ShouldBe(1);
        (await town.Get<JoinShop>().Find(link, Ct)).ShouldBeNull();
        var second = await Invite(town, by, ShopRole.Clerk, one);
        (await Join(town, second, "Kai", secret: null)).Refusal.ShouldBe(JoinShopRefusal.NameTaken);
        (await Join(town, second, "ren", secret: null)).Accepted.ShouldBeTrue("the link was not used up by that");
        var late = await Invite(town, by, ShopRole.Clerk, one);
        town.Clock.Move(TimeSpan.FromDays(7));
        (await Join(town, late, "late", secret: null)).Refusal.ShouldBe(JoinShopRefusal.NotFound);
    }

    [Theory, BothEngines]
    public async Task Whatever_is_wrong_the_answer_is_the_same_and_who_guesses_is_slowed_down(Engine engine)
    {
        await using var town = await Town.On(engine, new Programme { Membership = new() { TriesPatienceSeconds = 0 } });
        var (merchant, _, _) = await Stores(town);
        var secret = Totp.NewSecret();
        await Owner(town, merchant, "hana", secret);
        town.Clock.Move(TimeSpan.FromMinutes(1));

        (await SignIn(town, "nobody")).Refusal.ShouldBe(ShopSignInRefusal.Unauthenticated);
        (await SignIn(town, "hana")).Refusal.ShouldBe(ShopSignInRefusal.Unauthenticated, "who has an authenticator needs its code");
        (await SignIn(town, "hana", "Wrong-pass-1", secret)).Refusal.ShouldBe(ShopSignInRefusal.Unauthenticated);
        (await SignIn(town, "hana", Password, Totp.NewSecret())).Refusal.ShouldBe(ShopSignInRefusal.Unauthenticated);
        var twenty = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => SignIn(town, "hana", Password, secret, $"192.0.2.{i + 10}"), Ct)));
        twenty.Count(a => a.Accepted).ShouldBe(1, "a code is good once");
        var refusals = new List<ShopSignInRefusal>();
        for (var i = 0; i < 7; i++)
            refusals.Add((await SignIn(town, "hana", $"Wrong-pass-{i}", from: "198.51.100.7")).Refusal);
        refusals.ShouldContain(ShopSignInRefusal.TooManyRequests);
    }

    [Theory, BothEngines]
    public async Task An_owner_keeps_one_of_passkey_and_authenticator_and_a_passkey_signs_in_alone(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (merchant, one, _) = await Stores(town);
        var credential = RandomNumberGenerator.GetBytes(16);
        var made = new NewPasskey(Id.New(town.Clock), credential, [4, 5, 6], 0, "internal", false, false);
        var hana = (await Join(town, await Invite(town, new ActingShop(merchant, null), ShopRole.Owner), "hana", secret: null, passkey: made)).Value!;
        var clerk = (await Join(town, await Invite(town, new ActingShop(merchant, hana.Id), ShopRole.Clerk, one), "kai", Totp.NewSecret())).Value!;

        var session = (await ByPasskey(hana.Id, 1)).Value!;
        session.Caller.Assurance.ShouldBe(AssuranceLevel.Passkey);
        (await ByPasskey(clerk.Id, 2)).Accepted.ShouldBeFalse("another account's credential");
        (await ByPasskey(hana.Id, 1)).Accepted.ShouldBeFalse("the counter went back");
        (await town.Get<ShopLog>().List(merchant, 1, ct: Ct)).Single().Act.ShouldBe(ShopAct.PasskeyCopied);

        await town.Db.Transact(tx => town.Get<StepUp>().Mark(tx, session.Caller, Passkeys.Purpose), Ct);
        var id = (await town.Get<Passkeys>().Of(session.Caller.Subject, Ct)).Single().Id;
        (await town.Get<RemovePasskey>().Run(new RemovePasskeyRequest(session.Caller.Subject, id, new StepUpProof(session.Caller), "Edge"), Ct))
            .Refusal.ShouldBe(RemovePasskeyRefusal.NotDetachable);
        var theirs = (await town.Get<Sessions>().Open(Subject.ShopAccount(clerk.Id), "Edge", merchant, ct: Ct)).Caller;
        await town.Db.Transact(tx => town.Get<StepUp>().Mark(tx, theirs, ChangeFactors.Purpose), Ct);
        (await town.Get<ChangeFactors>().Remove(theirs.Subject, new StepUpProof(theirs), "Edge", Ct)).Accepted.ShouldBeTrue("a clerk need not have one");

        Task<Answer<OpenedSession, ShopSignInRefusal>> ByPasskey(ShopAccountId who, long count) => town.Get<ShopSignIn>().ByPasskey(
            new SignedByPasskey(Id.New(town.Clock), Subject.ShopAccount(who), credential, count, false), "Edge", Ct);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static async Task<(MerchantId Merchant, StoreId One, StoreId Two)> Stores(Town town)
    {
        var one = (await town.Get<OpenStore>().Run(new OpenStoreRequest("Bakery", "Bakery east"), Ct)).Value!.Store;
        var two = (await town.Get<OpenStore>().Run(new OpenStoreRequest("", "Bakery west", Merchant: one.Merchant), Ct)).Value!.Store;
        return (one.Merchant, one.Id, two.Id);
    }

    static async Task<string> Invite(Town town, ActingShop by, ShopRole role, params StoreId[] stores)
    {
        var answer = await town.Get<InviteToShop>().Run(new InviteToShopRequest(by, "Somebody", role, stores), Ct);
        answer.Refusal.ShouldBe(InviteToShopRefusal.None);
        return answer.Value!.Token;
    }

    static async Task<Answer<ShopAccount, JoinShopRefusal>> Join(
        Town town, string token, string name, byte[]? secret, string password = Password, NewPasskey? passkey = null)
    {
        var answer = await town.Get<JoinShop>().Run(new JoinShopRequest(token, name, password, "192.0.2.1", "Edge, Windows", secret,
            secret is null ? null : Totp.CodeAt(secret, town.Clock.GetUtcNow().AddSeconds(-30)), passkey), Ct);
        return answer.Accepted ? answer.Value.Account : answer.Refusal;
    }

    static async Task<ShopAccount> Owner(Town town, MerchantId merchant, string name, byte[]? secret = null) =>
        (await Join(town, await Invite(town, new ActingShop(merchant, null), ShopRole.Owner), name, secret ?? Totp.NewSecret())).Value!;

    static Task<ShopAccess> Access(Town town, ShopAccount account) => town.Get<ShopAccesses>().Of(
        new Caller(new SessionId(Guid.NewGuid()), Subject.ShopAccount(account.Id), account.Merchant), Ct);

    static async Task<ChangeShopAccountRefusal> Change(Town town, ActingShop by, ShopAccountId account, ShopRole role, params StoreId[] stores) =>
        (await town.Get<ChangeShopAccount>().Run(new ChangeShopAccountRequest(by, account, role, stores), Ct)).Refusal;

    static Task<Answer<OpenedSession, ShopSignInRefusal>> SignIn(Town town, string name, string password = Password, byte[]? secret = null,
        string from = "192.0.2.1") =>
        town.Get<ShopSignIn>().Run(new ShopSignInRequest(name, password,
            secret is null ? null : Totp.CodeAt(secret, town.Clock.GetUtcNow()), "Edge, Windows", from), Ct);
}

using System.Text;
using Dapper;
using Ensen.Basics;
using Ensen.Joining;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Notices;
using Ensen.Settlement;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Identity;
using Ensen.Tests.Support;

namespace Ensen.Tests.Joining;

/// <summary>A shop applies, is looked at by two persons, signs, and is a merchant: once, whoever does what at the same moment.</summary>
public class JoiningTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_shop_joins_with_stores_account_tag_till_and_the_owners_invitation(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var (suzuki, ito) = (await desk.Operator("Suzuki"), await desk.Operator("Ito"));
        var id = await Apply(desk);
        (await Find(desk, id)).State.ShouldBe(ApplicationState.Applied);
        (await Decide(desk, id, suzuki, version: 1)).Refusal.ShouldBe(DecideApplicationRefusal.AlreadyDecided, "the mailbox was not shown");
        var sent = (await Send(desk)).Value!;
        sent.State.ShouldBe(ApplicationState.InReview);
        (await desk.Get<MerchantApplications>().In(ApplicationState.InReview, 10, Ct)).ShouldHaveSingleItem().Id.ShouldBe(id);
        (await desk.Get<ApplicationQueue>().View(id, "new shop", suzuki, Ct)).Value!.Checks.ShouldAllBe(c => c.Result == CheckResult.Passed);

        (await Decide(desk, id, suzuki)).Value!.State.ShouldBe(ApplicationState.InReview);
        (await Decide(desk, id, suzuki)).Refusal.ShouldBe(DecideApplicationRefusal.SamePerson);
        (await Decide(desk, id, await desk.Operator("Suzuki2", of: suzuki))).Refusal.ShouldBe(DecideApplicationRefusal.SamePerson);
        (await Decide(desk, id, ito)).Value!.State.ShouldBe(ApplicationState.Approved);
        (await desk.Get<SignContract>().Run(new SignContractRequest(await Token(desk), "1999-01"), Ct)).Refusal
            .ShouldBe(SignContractRefusal.InvalidRequest);
        var joined = (await desk.Get<SignContract>().Run(new SignContractRequest(await Token(desk), SignContract.Terms), Ct)).Value!;

        var store = joined.Stores.ShouldHaveSingleItem().Store;
        (store.Name, store.Merchant, store.PostalCode, store.LatinName).ShouldBe(("パン工房つるはし", joined.Merchant, "5430028", "Tsuruhashi Bread"));
        (await desk.Get<Tags>().OfStore(store.Id, Ct)).ShouldHaveSingleItem().State.ShouldBe(TagState.Active);
        (await desk.Get<Tills>().OfStore(store.Id, Ct)).ShouldHaveSingleItem();
        var account = (await desk.Get<PayOutAccounts>().Of(joined.Merchant, Ct)).InForce!;
        (account.Bank, account.Number, account.Holder).ShouldBe(("0005", "1234567", "ｶ)ﾂﾙﾊｼﾊﾟﾝ"));
        account.ProposedBy.ShouldBe(FourEyes.Kept((await desk.Get<Operators>().Find(suzuki, Ct))!.Person));
        (await desk.Get<JoinShop>().Find(await Token(desk), Ct))!.Role.ShouldBe(ShopRole.Owner);
        var kept = await Find(desk, id);
        (kept.State, kept.Terms, kept.Merchant).ShouldBe((ApplicationState.Joined, SignContract.Terms, joined.Merchant));
        kept.SignedMs.ShouldNotBeNull();
        (await desk.Get<OperatorLog>().List(20, ct: Ct)).Where(row => row.Act == OperatorAct.AcceptedApplication)
            .Select(row => (row.Subject, row.Detail)).ShouldBe([(id.ToString(), "second"), (id.ToString(), "first")]);
    }

    [Theory, BothEngines]
    public async Task Of_many_approvals_one_is_the_second_and_of_many_signatures_one_opens_the_shop(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var operators = new List<OperatorId>();
        for (var i = 0; i < 20; i++)
            operators.Add(await desk.Operator($"Op{i}"));
        var id = await Apply(desk);
        await Send(desk);

        var decided = await Task.WhenAll(operators.Select(by => Task.Run(() => Decide(desk, id, by), Ct)));
        decided.Count(d => d.Accepted).ShouldBe(2);
        decided.Where(d => !d.Accepted).ShouldAllBe(d => d.Refusal == DecideApplicationRefusal.AlreadyDecided);
        var token = await Token(desk);
        var signed = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(
            () => desk.Get<SignContract>().Run(new SignContractRequest(token, SignContract.Terms), Ct), Ct)));

        var one = signed.Where(s => s.Accepted).ShouldHaveSingleItem().Value!;
        signed.Where(s => !s.Accepted).ShouldAllBe(s => s.Refusal == SignContractRefusal.AlreadyDecided);
        (await Count(desk, "select count(*) from merchant")).ShouldBe(1);
        (await Count(desk, "select count(*) from store")).ShouldBe(1);
        (await Count(desk, "select count(*) from shop_account")).ShouldBe(1);
        (await Count(desk, "select count(*) from pay_out_account where state = 2")).ShouldBe(1);
        (await Find(desk, id)).Merchant.ShouldBe(one.Merchant);
    }

    [Theory, BothEngines]
    public async Task Who_is_asked_corrects_it_and_both_persons_look_anew(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var (suzuki, ito) = (await desk.Operator("Suzuki"), await desk.Operator("Ito"));
        var id = await Apply(desk, JoiningDecides.Bakery with { Holder = "ヤマダ ハナコ" });
        var first = await Token(desk);
        await Send(desk, JoiningDecides.Bakery with { Holder = "ヤマダ ハナコ" });

        (await Decide(desk, id, suzuki, ApplicationWord.Ask, reason: "Please name an account of the company")).Value!.State
            .ShouldBe(ApplicationState.Asked);
        (await Mailed(desk)).Reason.ShouldBe("Please name an account of the company");
        (await desk.Get<MerchantApplications>().Of(first, desk.Clock.GetUtcNow(), Ct)).ShouldBeNull("only the newest mail opens");
        var again = (await Send(desk, JoiningDecides.Bakery with { Email = "somebody@example.jp" }, photos: false)).Value!;
        (again.Version, again.Form.Email).ShouldBe((3, "hanako@example.jp"), "another mailbox was never shown");
        (await Decide(desk, id, suzuki, version: 2)).Refusal.ShouldBe(DecideApplicationRefusal.AlreadyDecided, "that is not what is there now");
        (await Decide(desk, id, suzuki, version: 3)).Accepted.ShouldBeTrue();
        (await Decide(desk, id, ito, version: 3)).Value!.State.ShouldBe(ApplicationState.Approved);
    }

    [Theory, BothEngines]
    public async Task Who_is_refused_is_told_why_and_is_forgotten_with_the_photos(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var (suzuki, ito) = (await desk.Operator("Suzuki"), await desk.Operator("Ito"));
        var id = await Apply(desk);
        await Send(desk);
        await Decide(desk, id, suzuki, ApplicationWord.Refuse);
        (await Decide(desk, id, ito, ApplicationWord.Refuse, reason: "No shop stands there")).Value!.State.ShouldBe(ApplicationState.Refused);
        (await Mailed(desk)).ShouldSatisfyAllConditions(
            n => n.What.ShouldBe(NoticeKind.ShopRefused), n => n.Reason.ShouldBe("No shop stands there"), n => n.To.ShouldBe("hanako@example.jp"));
        var unconfirmed = await Apply(desk, JoiningDecides.Bakery with { Email = "other@example.jp" });

        desk.Clock.Move(ForgetApplications.UnconfirmedKept);
        await desk.Get<ForgetApplications>().Run(Ct);
        (await desk.Get<MerchantApplications>().Find(unconfirmed, Ct)).ShouldBeNull();
        (await Count(desk, "select count(*) from merchant_application_photo")).ShouldBe(1);
        desk.Clock.Move(ForgetApplications.RefusedKept - ForgetApplications.UnconfirmedKept);
        await desk.Get<ForgetApplications>().Run(Ct);

        (await Count(desk, "select count(*) from merchant_application")).ShouldBe(0);
        (await Count(desk, "select count(*) from merchant_application_photo")).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task The_first_link_opens_for_as_long_as_its_mail_says(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        await Apply(desk);
        var token = await Token(desk);
        MailWords.Of(await Mailed(desk), new Programme { Origin = "https://ensen.example" }).Body
            .ShouldContain($"{ForgetApplications.UnconfirmedKept.TotalDays}日間");

        desk.Clock.Move(ForgetApplications.UnconfirmedKept - TimeSpan.FromMinutes(1));
        await desk.Get<ForgetApplications>().Run(Ct);
        (await desk.Get<MerchantApplications>().Of(token, desk.Clock.GetUtcNow(), Ct)).ShouldNotBeNull();
        desk.Clock.Move(TimeSpan.FromMinutes(2));
        (await desk.Get<MerchantApplications>().Of(token, desk.Clock.GetUtcNow(), Ct)).ShouldBeNull();
    }

    [Theory, BothEngines]
    public async Task Who_does_not_come_back_in_time_lapses(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var (suzuki, ito) = (await desk.Operator("Suzuki"), await desk.Operator("Ito"));
        var id = await Apply(desk);
        await Send(desk);
        await Decide(desk, id, suzuki);
        await Decide(desk, id, ito);
        var token = await Token(desk);

        desk.Clock.Move(TimeSpan.FromDays(30));
        (await desk.Get<SignContract>().Run(new SignContractRequest(token, SignContract.Terms), Ct)).Refusal.ShouldBe(SignContractRefusal.NotFound);
        await desk.Get<ForgetApplications>().Run(Ct);
        (await Find(desk, id)).State.ShouldBe(ApplicationState.Lapsed);
    }

    [Theory, BothEngines]
    public async Task A_second_application_of_the_account_and_one_of_a_merchants_account_cannot_be_accepted(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var (suzuki, ito) = (await desk.Operator("Suzuki"), await desk.Operator("Ito"));
        var first = await Apply(desk);
        await Send(desk);
        var second = await Apply(desk, JoiningDecides.Bakery with { Name = "Another" });
        await Send(desk, JoiningDecides.Bakery with { Name = "Another" });
        (await Decide(desk, second, suzuki)).Refusal.ShouldBe(DecideApplicationRefusal.NotEligible);
        (await Decide(desk, second, suzuki, ApplicationWord.Ask)).Accepted.ShouldBeTrue();
        await Decide(desk, first, suzuki);
        await Decide(desk, first, ito);
        (await desk.Get<SignContract>().Run(new SignContractRequest(await Token(desk), SignContract.Terms), Ct)).Accepted.ShouldBeTrue();

        var third = await Apply(desk, JoiningDecides.Bakery with { Name = "A third", Email = "third@example.jp" });
        await Send(desk, JoiningDecides.Bakery with { Name = "A third" });

        (await desk.Get<ApplicationQueue>().View(third, "new shop", suzuki, Ct)).Value!.Checks
            .Where(c => c.Result == CheckResult.Failed).Select(c => c.Check).ShouldBe([ApplicationCheck.NoMerchantYet]);
    }

    [Theory, BothEngines]
    public async Task The_same_form_pressed_twice_is_one_application_and_one_mail_and_later_asks_for_the_mail_again(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);

        var applied = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => Apply(desk), Ct)));
        applied.Distinct().ShouldHaveSingleItem();
        (await Count(desk, "select count(*) from merchant_application")).ShouldBe(1);
        (await Count(desk, "select count(*) from outbox")).ShouldBe(1);
        var lost = await Token(desk);
        desk.Clock.Move(TimeSpan.FromMinutes(2));
        (await Apply(desk)).ShouldBe(applied[0]);

        (await desk.Get<MerchantApplications>().Of(lost, desk.Clock.GetUtcNow(), Ct)).ShouldBeNull("only the newest mail opens");
        (await Send(desk)).Value!.Id.ShouldBe(applied[0]);
        (await Apply(desk, JoiningDecides.Bakery with { Email = "other@example.jp" })).ShouldNotBe(applied[0]);
    }

    [Theory, BothEngines]
    public async Task Of_two_applications_of_one_account_the_first_is_accepted_and_of_many_accepts_at_once_those_of_one(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var operators = new List<OperatorId>();
        for (var i = 0; i < 20; i++)
            operators.Add(await desk.Operator($"Op{i}"));
        var both = new List<MerchantApplicationId>();
        foreach (var name in new[] { "East", "West" })
        {
            both.Add(await Apply(desk, JoiningDecides.Bakery with { Name = name }));
            desk.Clock.Move(TimeSpan.FromSeconds(1));
            await Send(desk, JoiningDecides.Bakery with { Name = name });
        }
        (await Decide(desk, both[1], operators[0])).Refusal.ShouldBe(DecideApplicationRefusal.NotEligible, "another came first");
        await Decide(desk, both[0], operators[0]);
        // As if the other had been alone when its first person looked.
        await Change(desk,
            """
            update merchant_application
            set first_accepts = true, first_reason = 'x', first_by = (select f.first_by from merchant_application f where f.first_by is not null)
            """);

        var accepted = await Task.WhenAll(operators.SelectMany(by => both.Select(id => Task.Run(() => Decide(desk, id, by), Ct))));

        accepted.Count(a => a.Accepted).ShouldBe(1);
        (await Count(desk, "select count(*) from merchant_application where state = 4")).ShouldBe(1);
        (await Find(desk, both[0])).State.ShouldBe(ApplicationState.Approved);
    }

    [Theory, BothEngines]
    public async Task Of_an_account_that_a_merchant_has_by_now_no_other_comes_of_it(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var (suzuki, ito) = (await desk.Operator("Suzuki"), await desk.Operator("Ito"));
        var tokens = new List<string>();
        foreach (var name in new[] { "East", "West" })
        {
            var id = await Apply(desk, JoiningDecides.Bakery with { Name = name });
            await Send(desk, JoiningDecides.Bakery with { Name = name });
            // The other one that is accepted already is out of sight, as where two persons of each looked at the same moment.
            await Change(desk, "update merchant_application set state = 7 where state = 4");
            await Decide(desk, id, suzuki);
            (await Decide(desk, id, ito)).Value!.State.ShouldBe(ApplicationState.Approved);
            tokens.Add(await Token(desk));
        }
        await Change(desk, "update merchant_application set state = 4 where state = 7");

        var signed = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(
            () => desk.Get<SignContract>().Run(new SignContractRequest(tokens[i % 2], SignContract.Terms), Ct), Ct)));

        signed.Count(s => s.Accepted).ShouldBe(1);
        signed.Where((_, i) => i % 2 != Array.FindIndex(signed, s => s.Accepted) % 2)
            .ShouldAllBe(s => s.Refusal == SignContractRefusal.AlreadyRegistered);
        (await Count(desk, "select count(*) from merchant")).ShouldBe(1);
        (await Count(desk, "select count(*) from pay_out_account where state in (1, 2)")).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task A_photo_stays_with_its_store_when_the_one_before_is_taken_out(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var suzuki = await desk.Operator("Suzuki");
        var west = JoiningDecides.Bakery.Stores[0] with { Name = "West", Address = "大阪市天王寺区小橋町2番2号" };
        var two = JoiningDecides.Bakery with { Stores = [.. JoiningDecides.Bakery.Stores, west] };
        var id = await Apply(desk, two);
        await desk.Get<SendApplication>().Run(new SendApplicationRequest(await Token(desk), two,
            new Dictionary<int, byte[]> { [0] = Pictures.JpegOfTelephone(1), [1] = Pictures.Png }), Ct);
        await Decide(desk, id, suzuki, ApplicationWord.Ask);
        (await Send(desk, two with { Stores = [west] }, photos: false)).Accepted.ShouldBeTrue();
        await desk.Get<ApplicationQueue>().View(id, "one store less", suzuki, Ct);
        (await desk.Get<ApplicationQueue>().Photo(id, 0, suzuki, Ct))!.Image.ShouldBe(Pictures.Png);
        (await desk.Get<MerchantApplications>().Photos(id, Ct)).ShouldBe([0]);

        await Decide(desk, id, suzuki, ApplicationWord.Ask, version: 3);
        var again = new SendApplicationRequest(await Token(desk), two, new Dictionary<int, byte[]>());
        (await desk.Get<SendApplication>().Run(again, Ct)).Refusal.ShouldBe(SendApplicationRefusal.InvalidRequest);
        (await desk.Get<SendApplication>().Faults(again, Ct)).ShouldBe(["stores/0/photo"], "the other store needs one of its own");
        (await Send(desk, two)).Accepted.ShouldBeTrue();
        (await desk.Get<ApplicationQueue>().Photo(id, 1, suzuki, Ct))!.Image.ShouldBe(Pictures.Png);
    }

    [Theory, BothEngines]
    public async Task A_flood_is_stopped_by_address_and_by_mailbox(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);

        var mailbox = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => desk.Get<ApplyAsMerchant>().Run(
            new ApplyAsMerchantRequest(JoiningDecides.Bakery with { Email = $"Hanako+{i}@example.jp" }, "ja", $"192.0.2.{i}"), Ct), Ct)));
        var address = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => desk.Get<ApplyAsMerchant>().Run(
            new ApplyAsMerchantRequest(JoiningDecides.Bakery with { Email = $"shop{i}@example.jp" }, "ja", "198.51.100.7"), Ct), Ct)));

        mailbox.Count(a => a.Accepted).ShouldBe(3);
        address.Count(a => a.Accepted).ShouldBe(20);
        address.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == ApplyAsMerchantRefusal.TooManyRequests);
        (await Count(desk, "select count(*) from merchant_application")).ShouldBe(23);
    }

    [Theory, BothEngines]
    public async Task Where_no_mail_is_set_up_nobody_applies(Engine engine)
    {
        await using var town = await Town.On(engine);

        (await town.Get<ApplyAsMerchant>().Run(new ApplyAsMerchantRequest(JoiningDecides.Bakery, "ja", "192.0.2.1"), Ct)).Refusal
            .ShouldBe(ApplyAsMerchantRefusal.NotAvailable);
    }

    [Theory, BothEngines]
    public async Task Who_may_not_sees_and_decides_nothing(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var support = await desk.Operator("Support", roles: OperatorRoles.Support);
        var id = await Apply(desk);
        await Send(desk);

        (await Decide(desk, id, support)).Refusal.ShouldBe(DecideApplicationRefusal.Forbidden);
        (await desk.Get<ApplicationQueue>().View(id, "curious", support, Ct)).Refusal.ShouldBe(ViewApplicationRefusal.Forbidden);
        (await desk.Get<ApplicationQueue>().Photo(id, 0, support, Ct)).ShouldBeNull();

        var (queue, ito) = (desk.Get<ApplicationQueue>(), await desk.Operator("Ito"));
        (await queue.Photo(id, 0, ito, Ct)).ShouldBeNull("nothing in the log says that they were shown it");
        (await queue.View(id, " ", ito, Ct)).Refusal.ShouldBe(ViewApplicationRefusal.InvalidRequest);
        (await queue.Photo(id, 0, ito, Ct)).ShouldBeNull();
        (await queue.View(id, "new shop", ito, Ct)).Accepted.ShouldBeTrue();
        (await queue.Photo(id, 0, ito, Ct))!.Image.ShouldBe(Pictures.Jpeg);
        (await queue.Photo(id, 0, await desk.Operator("Sato"), Ct)).ShouldBeNull();
        desk.Clock.Move(TimeSpan.FromMinutes(20));
        (await queue.Photo(id, 0, ito, Ct)).ShouldBeNull();
    }

    [Theory, BothEngines]
    public async Task What_was_typed_and_the_photos_are_read_by_nobody_who_has_the_table_alone(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        await Apply(desk);
        await Send(desk);

        await using var connection = await desk.Db.Connect(Ct);
        var details = await connection.QuerySingleAsync<byte[]>("select details from merchant_application");
        var photo = await connection.QuerySingleAsync<byte[]>("select image from merchant_application_photo");
        details.AsSpan().IndexOf(Encoding.UTF8.GetBytes("hanako@example.jp")).ShouldBe(-1);
        details.AsSpan().IndexOf(Encoding.UTF8.GetBytes("1234567")).ShouldBe(-1);
        photo.AsSpan().IndexOf(Pictures.Jpeg).ShouldBe(-1);
    }

    internal static async Task<MerchantApplicationId> Apply(IdentityDesk desk, ApplicationForm? form = null) =>
        (await desk.Get<ApplyAsMerchant>().Run(
            new ApplyAsMerchantRequest(form ?? JoiningDecides.Bakery, "ja", "192.0.2.1"), Ct)).Value!.Id;

    internal static async Task<Answer<MerchantApplication, SendApplicationRefusal>> Send(
        IdentityDesk desk, ApplicationForm? form = null, bool photos = true) =>
        await desk.Get<SendApplication>().Run(new SendApplicationRequest(
            await Token(desk), form ?? JoiningDecides.Bakery, photos ? new Dictionary<int, byte[]> { [0] = Pictures.Jpeg } : []), Ct);

    internal static Task<Answer<MerchantApplication, DecideApplicationRefusal>> Decide(IdentityDesk desk, MerchantApplicationId id, OperatorId by,
        ApplicationWord word = ApplicationWord.Accept, string reason = "called back", int version = 2) =>
        desk.Get<DecideApplication>().Run(new DecideApplicationRequest(id, word, reason, version, by), Ct);

    internal static async Task<MerchantApplication> Find(IdentityDesk desk, MerchantApplicationId id) =>
        (await desk.Get<MerchantApplications>().Find(id, Ct))!;

    internal static async Task<string> Token(IdentityDesk desk) => (await Mailed(desk)).Token!;

    /// <summary>The newest mail, as it waits to be sent.</summary>
    static async Task<Notice> Mailed(IdentityDesk desk)
    {
        await using var connection = await desk.Db.Connect(Ct);
        return Notice.Read(await connection.QueryFirstAsync<string>(
            "select body from outbox where kind = @Kind order by id desc limit 1", new { Notice.Kind }));
    }

    static async Task Change(IdentityDesk desk, string sql)
    {
        await using var connection = await desk.Db.Connect(Ct);
        await connection.ExecuteAsync(sql);
    }

    internal static async Task<long> Count(IdentityDesk desk, string sql)
    {
        await using var connection = await desk.Db.Connect(Ct);
        return await connection.ExecuteScalarAsync<long>(sql);
    }
}

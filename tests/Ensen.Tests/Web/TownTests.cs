using System.Diagnostics;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Codes;
using Ensen.Identity;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Sandbox.Town;
using Ensen.Sandbox;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Gateways;
using Ensen.Tests.Support;
using Ensen.Wallet;
using Ensen.Web.Session;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ensen.Tests.Web;

public class TownTests(TownTests.Made made) : IClassFixture<TownTests.Made>
{
    static readonly HandClock s_clock = new();

    /// <summary>So that the town's people have papers.</summary>
    static readonly SecretProtection s_protection = new(new EphemeralDataProtectionProvider());

    /// <summary>A town on each engine, made when the first test asks for it. Whoever shares it only looks at it.</summary>
    public sealed class Made : IAsyncDisposable
    {
        readonly Dictionary<Engine, Lazy<Task<TestDatabase>>> _towns =
            Enum.GetValues<Engine>().ToDictionary(engine => engine, engine => new Lazy<Task<TestDatabase>>(() => Make(engine)));

        public Task<TestDatabase> On(Engine engine) => _towns[engine].Value;

        /// <summary>What the same seed makes on the same day, on whatever engine.</summary>
        public async Task<IReadOnlyList<string>> Movements() => await TownTests.Movements(await On(Engine.Sqlite));

        static async Task<TestDatabase> Make(Engine engine)
        {
            var test = await TestDatabase.Create(engine);
            var since = Stopwatch.GetTimestamp();
            (await (await Town(test)).Make()).ShouldBe(TownMaking.Made);
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{engine}: the town was made in {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s");
            return test;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var town in _towns.Values.Where(town => town.IsValueCreated))
                await (await town.Value).DisposeAsync();
        }
    }

    [Theory, BothEngines]
    public async Task A_new_database_gets_a_town_with_a_past(Engine engine)
    {
        var test = await made.On(engine);

        await Holds(test);
        var counts = (await Rows<(short Kind, long Count)>(test, "select kind, count(*) from entry group by kind"))
            .ToDictionary(c => test.Database.Catalogue.Numbered<EntryKind>(c.Kind), c => c.Count);
        counts[EntryKind.Payment].ShouldBeInRange(1_500, 2_300);
        counts[EntryKind.Charge].ShouldBeInRange(150, 300);
        counts[EntryKind.Transfer].ShouldBeInRange(20, 60);
        counts[EntryKind.Refund].ShouldBeInRange(6, 40);
        counts[EntryKind.Expiry].ShouldBeGreaterThan(0);
        (await Rows<short>(test, "select distinct way from payment order by way")).ShouldBe(
            [(short)PayWay.Tag, (short)PayWay.StoreQr, (short)PayWay.ShownCode]);
        (await Rows<long>(test, "select count(*) from single_use where kind = 3"))[0].ShouldBeGreaterThan(20,
            "touches of cryptographic tags");
        (await Rows<long>(test, "select count(*) from idempotency_key where answer like '%efusal%'"))[0].ShouldBe(0, "nothing is refused");
        (await Rows<long>(test, "select max(at_ms) from entry"))[0].ShouldBeLessThan(s_clock.GetUtcNow().ToUnixTimeMilliseconds());
        (await Rows<long>(test, "select count(*) from outbox where state = 1"))[0].ShouldBe(0);
        (await Movements(test)).ShouldBe(await made.Movements());
    }

    [Theory, BothEngines]
    public async Task A_second_start_adds_nothing(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine);
        await test.Database.Transact(
            tx => Setting.Write(tx, "demo-town", """{"edition":0,"endsMs":1,"people":{"members":[],"shops":[]}}"""));

        (await (await Town(test)).Make()).ShouldBe(TownMaking.ThereAlready);

        (await Rows<long>(test, "select count(*) from entry"))[0].ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task A_database_with_members_of_its_own_is_left_alone(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine);
        await new CreateVerifiedMember(test.Database, s_clock).Run(new CreateVerifiedMemberRequest("Aoi", Verified: true));
        var town = await Town(test);

        (await town.Make()).ShouldBe(TownMaking.NotNew);

        (await town.People()).ShouldBeNull();
        (await Rows<long>(test, "select count(*) from member"))[0].ShouldBe(1);
    }

    [Theory, BothEngines(500)]
    public async Task A_town_left_half_made_is_finished_by_the_next_start(Engine engine, int after)
    {
        await using var test = await TestDatabase.Create(engine);
        using var death = new CancellationTokenSource();
        var watching = DieAfter(test, after, death);
        await Should.ThrowAsync<OperationCanceledException>(async () => await (await Town(test)).Make(death.Token));
        watching.Join();
        (await Rows<long>(test, "select count(*) from entry"))[0].ShouldBeInRange(after, 1_900);
        (await (await Town(test)).People()).ShouldBeNull();

        (await (await Town(test)).Make()).ShouldBe(TownMaking.Made);

        await Holds(test);
        (await Rows<long>(test, "select count(*) from store"))[0].ShouldBe(60);
        (await Rows<long>(test, "select count(*) from member where left_ms is null"))[0].ShouldBe(40);
        (await Rows<long>(test, "select count(*) from former_member"))[0].ShouldBe(2);
        (await Rows<long>(test, "select count(*) from shop_account"))[0].ShouldBe(3);
        (await Movements(test)).Select(WithoutTime).Order(StringComparer.Ordinal)
            .ShouldBe((await made.Movements()).Select(WithoutTime).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Whoever_stood_before_an_ATM_when_the_making_was_interrupted_puts_the_notes_in()
    {
        await using var test = await TestDatabase.Create(Engine.Sqlite);
        await Execute("create trigger power_cut before update on sandbox_atm_ticket begin select raise(abort, 'power cut'); end");
        await Should.ThrowAsync<SqliteException>(async () => await (await Town(test)).Make());
        (await Rows<long>(test, "select count(*) from charge where source = 3 and state = 1"))[0].ShouldBeGreaterThan(0);
        // Somebody else was interrupted in the evening.
        await Execute("insert into outbox (id, kind, body, state, attempts, due_ms, created_ms) select randomblob(16), 'nothing', '', 1, 0, max(due_ms) + 43200000, 0 from outbox");

        await Execute("drop trigger power_cut");
        (await (await Town(test)).Make()).ShouldBe(TownMaking.Made);

        (await Movements(test)).Select(WithoutTime).Order(StringComparer.Ordinal)
            .ShouldBe((await made.Movements()).Select(WithoutTime).Order(StringComparer.Ordinal));

        async Task Execute(string sql)
        {
            await using var connection = await test.Database.Connect();
            await connection.ExecuteAsync(sql);
        }
    }

    [Theory, BothEngines]
    public async Task A_town_left_half_made_by_another_version_is_not_touched(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine);
        await test.Database.Transact(tx => Setting.Write(tx, "demo-town", """{"edition":0,"endsMs":1}"""));
        var town = await Town(test);

        (await Should.ThrowAsync<InvalidOperationException>(() => town.Make())).Message.ShouldContain("new database");
    }

    [Fact]
    public async Task The_people_of_the_town_have_something_to_show_and_are_signed_in_with_one_click()
    {
        var test = await made.On(Engine.Sqlite);
        var town = await Town(test);
        var people = (await town.People())!;
        var balances = new Balances(test.Database, new Programme(), s_clock, new PointUses(test.Database));
        async Task<WalletBalance> Wallet(TownRole role) =>
            await balances.Of(new Payer(people.Members.Single(m => m.Role == role)
                .Id, role is not (TownRole.Unverified or TownRole.Newcomer)));

        people.Members.Count.ShouldBe(40);
        people.Shops.Count.ShouldBe(60);
        people.Shops.Select(s => s.Station).Distinct().Count().ShouldBe(19);
        people.Shops.Select(s => s.MerchantCategory).Distinct().ShouldBe(MerchantCategory.All, ignoreOrder: true);
        people.Shops.Count(s => s.CryptographicTag is not null).ShouldBeGreaterThanOrEqualTo(4);
        people.Members.Count(m => m.Language == "en").ShouldBe(3);

        var suggested = await Wallet(TownRole.Suggested);
        people.Suggested.Name.ShouldStartWith("青井");
        suggested.Balance.Value.ShouldBeInRange(5_000, 100_000);
        suggested.Points.Value.ShouldBeGreaterThan(100);
        suggested.Left.ThisMonth.ShouldBeGreaterThan(500_000);
        (await Wallet(TownRole.Saver)).Lots.Count.ShouldBeGreaterThan(1);
        (await Wallet(TownRole.NearCap)).Left.ThisMonth.ShouldBeLessThan(60_000);
        (await Wallet(TownRole.Newcomer)).Balance.ShouldBe(0.Yen());
        people.Featured.First().ShouldBe(people.Suggested);
    }

    [Theory, BothEngines]
    public async Task Every_state_of_a_member_is_somebodys(Engine engine)
    {
        var test = await made.On(engine);

        (await Rows<string>(test,
            $"""
            select coalesce(replace(m.email, '{TownPeople.MailDomain}', ''), 'somebody') || ' ' || x.state
            from (
              select member, 'verification ' || state as state from verification where method <> {(int)IdentityMethod.Elsewhere}
              union all select subject, 'restricted ' || kind || ' by ' || by_kind from restriction where lifted_ms is null
              union all select owner, 'raise' from spending_limit where raised_from_ms is not null
              union all select owner, 'passkey' from passkey
              union all select owner, 'authenticator' from authenticator
              union all select member, 'mail' from mail_change where done_ms is null and undone_ms is null
              union all select member, 'telephone' from telephone_change where done_ms is not null
            ) x
            join member m on m.id = x.member
            """)).Order(StringComparer.Ordinal).ShouldBe(
        [
            "fukuda raise",
            $"hara restricted {RestrictionKind.LowCaps.Number} by {(int)InitiatorKind.Job}",
            "hara telephone",
            $"imai verification {(int)VerificationState.Accepted}",
            $"katayama restricted {RestrictionKind.Frozen.Number} by {(int)InitiatorKind.Operator}",
            "kinoshita passkey",
            "maeda mail",
            $"miura restricted {RestrictionKind.LowCaps.Number} by {(int)InitiatorKind.Job}",
            $"noguchi restricted {RestrictionKind.Frozen.Number} by {(int)InitiatorKind.Member}",
            $"sakaguchi verification {(int)VerificationState.InReview}",
            $"shimada verification {(int)VerificationState.InReview}",
            $"sofia verification {(int)VerificationState.Rejected}",
            $"somebody restricted {RestrictionKind.Left.Number} by {(int)InitiatorKind.Member}",
            $"somebody restricted {RestrictionKind.Left.Number} by {(int)InitiatorKind.Member}",
            "sugiyama authenticator",
        ]);
        (await Rows<string>(test, "select email from member where adult_on is not null")).ShouldBe([$"imai{TownPeople.MailDomain}"]);
        var people = (await (await Town(test)).People())!;
        people.Special.SelectMany(group => group).Select(m => m.Role)
            .ShouldBe(Enum.GetValues<TownRole>().Where(role => role != TownRole.Neighbour), ignoreOrder: true);
        people.Special.Select(group => group.Key).ShouldBe(Enum.GetValues<TownGroup>());
    }

    /// <summary>One sent a neighbour the last money, one lost points; both are a number and dates.</summary>
    [Theory, BothEngines]
    public async Task Two_of_the_town_have_left_and_are_named_nowhere(Engine engine)
    {
        var test = await made.On(engine);
        var people = (await (await Town(test)).People())!;

        people.Former.Count.ShouldBe(2);
        (await Rows<string>(test, "select name || coalesce(email, '') || coalesce(telephone, '') from member where left_ms is not null"))
            .ShouldBe(["", ""]);
        (await Rows<long>(test, "select count(*) from former_member where sealed_record is not null"))[0].ShouldBe(1, "of who was verified");
        (await Rows<long>(test, $"select amount from posting p join entry e on e.id = p.entry_id where e.kind = {EntryKind.Leaving.Number} and amount > 0"))
            .ShouldBe([12]);
        var neighbour = people.Members.Single(m => m.Role == TownRole.Family).Id;
        (await new History(test.Database).Of(neighbour, null, 10)).Count(item => item.Party == "").ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task A_shop_of_the_town_has_an_owner_a_manager_and_a_clerk(Engine engine)
    {
        var test = await made.On(engine);
        var people = (await (await Town(test)).People())!;
        var shop = people.SuggestedShop;

        var accounts = await new ShopAccounts(test.Database).Of(shop.Merchant);

        accounts.Select(a => (a.Role, a.State, a.Stores.Count)).ShouldBe(
        [
            (ShopRole.Owner, ShopAccountState.Active, 0), (ShopRole.Manager, ShopAccountState.Active, 1),
            (ShopRole.Clerk, ShopAccountState.Active, 1),
        ]);
        accounts.SelectMany(a => a.Stores).ShouldAllBe(store => store == shop.Store);
        people.ShopStaff.Select(a => (a.Id, a.Name, a.Role)).ShouldBe(accounts.Select(a => (a.Id, a.Name, a.Role)));
        people.Shops.Count(s => s.Merchant == shop.Merchant).ShouldBe(3, "the owner sees more than the others");
    }

    [Theory, BothEngines]
    public async Task The_centre_of_the_town_knows_the_first_member_who_has_a_card_and_another_waits(Engine engine)
    {
        var test = await made.On(engine);
        var people = (await (await Town(test)).People())!;

        people.Mall.ShouldNotBeNull().Name.ShouldBe("あべのモール");
        (await Rows<string>(test, "select m.email || ' ' || a.points from point_award a join member m on m.id = a.member_id order by a.entry_id"))
            .ShouldBe([.. new[] { 79, 30, 118, 42 }.Select(points => $"{people.Suggested.Email} {points}")]);
        (await Rows<string>(test, "select c.issuer || ' ' || m.email from point_card c join member m on m.id = c.member_id"))
            .ShouldBe([$"umeda {people.Suggested.Email}"]);
        (await Rows<string>(test, "select number from sandbox_point_card where issuer = 'namba'"))
            .ShouldContain(people.CardToTry.ShouldNotBeNull().Number);
    }

    [Fact]
    public void The_password_and_the_PINs_of_the_town_obey_the_rules()
    {
        PasswordRule.Faults(new MembershipRules(), TownPeople.Password).ShouldBeEmpty();
        PasswordRule.Faults(new MembershipRules { Password = PasswordPolicy.Nist }, TownPeople.Password).ShouldBeEmpty();
        Pins.IsStrong(PinPurpose.TillSignIn, TownPeople.TillPin).ShouldBeTrue();
        Pins.IsStrong(PinPurpose.Refund, TownPeople.RefundPin).ShouldBeTrue();
    }

    static async Task<DemoTown> Town(TestDatabase test)
    {
        var programme = new Programme();
        return new DemoTown(
            test.Database, programme, await CodeKeys.Load(test.Database), s_clock, NullLoggerFactory.Instance, s_protection);
    }

    static async Task Holds(TestDatabase test)
    {
        var verdict = await new Verify(test.Database).Run();
        verdict.Checks.SelectMany(c => c.Broken.Select(row => $"{c.Check}: {row}")).ShouldBeEmpty();
        verdict.Holds.ShouldBeTrue();
    }

    /// <summary>Every leg of a member, in the order in which the member sees them.</summary>
    static Task<IReadOnlyList<string>> Movements(TestDatabase test) => Rows<string>(test,
        """
        select e.at_ms || ' ' || m.name || ' ' || e.kind || ' ' || coalesce(s.name, '-') || ' ' || p.account_type || ' ' || p.term || ' ' || p.amount
        from posting p
        join entry e on e.id = p.entry_id
        join member m on m.id = p.owner
        left join store s on s.id = e.store_id
        order by coalesce(m.email, ''), p.entry_id, p.leg
        """);

    static string WithoutTime(string movement) => movement[(movement.IndexOf(' ', StringComparison.Ordinal) + 1)..];

    /// <summary>
    /// Watches from a thread of its own: on a busy machine the pool's threads all serve the town, and it would be ready before they look.
    /// </summary>
    static Thread DieAfter(TestDatabase test, int entries, CancellationTokenSource death)
    {
        var watching = new Thread(() =>
        {
            using var connection = test.Database.Connect().GetAwaiter().GetResult();
            while (connection.ExecuteScalar<long>("select count(*) from entry") < entries)
                Thread.Sleep(1);
            death.Cancel();
        })
        { Priority = ThreadPriority.AboveNormal };
        watching.Start();
        return watching;
    }

    static async Task<IReadOnlyList<T>> Rows<T>(TestDatabase test, string sql)
    {
        await using var connection = await test.Database.Connect();
        return [.. await connection.QueryAsync<T>(sql)];
    }
}

using Dapper;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Sandbox;
using Ensen.Sandbox.Gateways;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Web.Session;

namespace Ensen.Tests.Support;

/// <summary>
/// A town for one test: a fresh database, its ledger, a clock that stands still until it is moved, members, stores, and the features by
/// short names, each call under a fresh key unless one is given. When the test ends the books are looked through: a broken invariant
/// fails the test, whatever the test itself looked at.
/// </summary>
sealed class Town : IAsyncDisposable
{
    readonly TestDatabase _test;
    readonly ServiceProvider _services;

    Town(TestDatabase test, Programme programme, int writers)
    {
        (_test, Programme) = (test, programme);
        _services = new ServiceCollection()
            .AddEnsen(Db.Catalogue, _ => Db, programme)
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton(_ => new GeneralLedger(Db, Clock, writers))
            .AddSingleton<CreateVerifiedMember>()
            .AddSingleton<SandboxPointCards>()
            .AddSingleton<IPointCardIssuers>(p => p.GetRequiredService<SandboxPointCards>())
            .AddSingleton<CreateOperator>()
            .AddSingleton<CreateShopAccount>()
            .AddSingleton<ISecretProtection>(new SecretProtection(new EphemeralDataProtectionProvider()))
            .AddSingleton(new RecordsKey(Records.Public))
            .AddSingleton<ITelephone>(new ReportedTelephone(Numbers))
            .BuildServiceProvider();
        Ledger = Get<GeneralLedger>();
    }

    /// <summary>A feature of the product, as it is composed everywhere.</summary>
    public T Get<T>()
        where T : notnull =>
        _services.GetRequiredService<T>();

    /// <summary>What members call to show that a telephone is theirs.</summary>
    public static IReadOnlyList<string> Numbers { get; } = ["+815000000101", "+815000000102", "+815000000103"];

    /// <summary>What records of those who leave are sealed to, and opened by.</summary>
    public static (string Public, string PrivatePem) Records { get; } = RecordsKey.MakePair();

    public TownClock Clock { get; } = new();
    public Programme Programme { get; }
    public GeneralLedger Ledger { get; }
    public Database Db => _test.Database;

    /// <summary>Opens the same database again, as another node does.</summary>
    public string Address => _test.Address;

    public JapanDay Today => JapanDay.Of(Clock.GetUtcNow());

    public static async Task<Town> On(Engine engine, Programme? programme = null, int writers = 2) =>
        await Ready(new(await TestDatabase.Create(engine), programme ?? new Programme(), writers));

    /// <summary>A town whose program declares more than the product does; the tables of that are made, too.</summary>
    public static async Task<Town> On(Engine engine, Catalogue catalogue)
    {
        var test = await TestDatabase.Create(engine, catalogue);
        await test.Database.Migrate();
        return await Ready(new Town(test, new Programme(), writers: 2));
    }

    // As a node does before it is asked (Composition.Prepare): read by the first of many who ask at once, a key holds the threads of all.
    static async Task<Town> Ready(Town town)
    {
        await InstallationKey.Load(town._services);
        return town;
    }

    // --- who is there --------------------------------------------------------------------------------------------------------------

    public Newcomer Member(string name) => new(this, name);

    public async Task<Shop> Store(string name)
    {
        var opened = await Get<OpenStore>().Run(new OpenStoreRequest(name, name));
        opened.Accepted.ShouldBeTrue($"{name}: {opened.Refusal}");
        return new Shop(opened.Value.Store.Id, name);
    }

    /// <summary>
    /// An operator who signs in and may do everything; the same name is the same account, and each is another person unless
    /// <paramref name="of"/> says whose further account this is.
    /// </summary>
    public async Task<OperatorId> Operator(string name, OperatorId? of = null, OperatorRoles roles = RoleNames.All)
    {
        var signIn = name.Replace(' ', '-').ToLowerInvariant();
        if (await Get<Operators>().FindByName(signIn) is { } known)
            return known.Id;
        var person = of is { } account ? (await Get<Operators>().Find(account))!.Person : (PersonId?)null;
        var made = await Get<CreateOperator>().Run(new CreateOperatorRequest(name, signIn, roles, person));
        made.Accepted.ShouldBeTrue($"{name}: {made.Refusal}");
        return made.Value.Account;
    }

    /// <summary>An operator's person, as what two people did keeps them.</summary>
    public async Task<string> Person(string name) =>
        FourEyes.Kept((await Get<Operators>().Find(await Operator(name)))!.Person);

    /// <summary>Members by the dozen, who exist only in the books.</summary>
    public async Task<Resident[]> Crowd(int heads, Yen money)
    {
        var crowd = Enumerable.Range(1, heads).Select(i => new Resident(Id.New<MemberId>(Clock), $"Member {i}", true)).ToArray();
        if (money > Yen.Zero)
            await Task.WhenAll(crowd.Select(m => Give(m.Id, [(AccountType.Money, 0, money.Value)])));
        return crowd;
    }

    internal async Task<Resident> CreateVerifiedMember(string name, bool verified, IReadOnlyList<(AccountType, int, long)> brings)
    {
        var member = await Get<CreateVerifiedMember>().Run(new CreateVerifiedMemberRequest(name, verified));
        member.Accepted.ShouldBeTrue($"{name}: {member.Refusal}");
        if (brings.Count > 0)
            await Give(member.Value.Id, brings);
        return new Resident(member.Value.Id, name, verified);
    }

    /// <summary>Money for a member who came without.</summary>
    public Task Give(Resident who, Yen money) => Give(who.Id, [(AccountType.Money, 0, money.Value)]);

    /// <summary>What a member brings along comes from where it would come from: bank, card company, points given.</summary>
    async Task Give(Guid member, IReadOnlyList<(AccountType AccountType, int Term, long Amount)> brings)
    {
        var legs = brings.SelectMany(b => new[]
        {
            new Leg(member, b.AccountType, b.Term, b.Amount),
            new Leg(Chart.Operator, From(b.AccountType), 0, -b.Amount),
        });
        (await Post([.. legs])).Accepted.ShouldBeTrue();
    }

    static AccountType From(AccountType brought) =>
        brought == AccountType.Money ? AccountType.BankClearing
            : brought == AccountType.Prepaid ? AccountType.CardClearing
            : AccountType.PointLiability;

    // --- what they do --------------------------------------------------------------------------------------------------------------

    public static IdempotencyKey Key(Guid caller, string? key, params ReadOnlySpan<object?> parts) =>
        IdempotencyKey.Of(caller, key ?? Guid.NewGuid().ToString("N"), parts);

    public Task<Answer<Moved, MoveRefusal>> Post(params Leg[] legs) => Ledger.Post(new Move(Id.New(Clock), Clock.GetUtcNow(), legs));

    public static PayRequest Payment(Resident who, Shop shop, Yen amount, PointAmount points = default, string? key = null) => new(
        who.Payer, shop.Payee, amount, points, PayWay.Direct, Initiator.Member(who.Id), [
            Key(who.Id, key, "pay", shop.Id, amount.Value, points.Value)], []);

    public Task<Answer<Paid, PayRefusal>> Pay(Resident who, Shop shop, Yen amount, PointAmount points = default, string? key = null) =>
        Pay(Payment(who, shop, amount, points, key));

    public Task<Answer<Paid, PayRefusal>> Pay(PayRequest request, GeneralLedger? node = null) =>
        new Pay(Db, node ?? Ledger, Programme, Clock, new PointUses(Db), Get<RunningCampaigns>()).Run(request);

    /// <summary>Pays, and is sure that it passes.</summary>
    public async Task<Paid> Paid(Resident who, Shop shop, Yen amount, PointAmount points = default)
    {
        var answer = await Pay(who, shop, amount, points);
        return answer.Value ?? throw new InvalidOperationException($"{who.Name} could not pay {amount}: {answer.Refusal}");
    }

    public Task<Answer<Refunded, RefundRefusal>> Refund(PaymentId payment, Shop shop, Yen amount, string? key = null, string? reason = null,
        GeneralLedger? node = null) =>
        new Refund(Db, node ?? Ledger, Programme, Clock, new PointUses(Db)).Run(
            new RefundRequest(payment, [shop.Id], amount, reason, Initiator.Till(shop.Id),
                [Key(shop.Id, key, "refund", payment, amount.Value)]));

    /// <summary>Refunds, and is sure that it passes.</summary>
    public async Task<Refunded> Refunded(PaymentId payment, Shop shop, Yen amount)
    {
        var answer = await Refund(payment, shop, amount);
        return answer.Value ?? throw new InvalidOperationException($"{shop.Name} could not refund {amount}: {answer.Refusal}");
    }

    public Task<Answer<Transferred, TransferRefusal>> Send(Resident from, Resident to, Yen amount, string? key = null, string? note = null,
        GeneralLedger? node = null) =>
        new Transfer(Db, node ?? Ledger, Programme, Clock).Run(
            new TransferRequest(from.Payer, to.Payer, amount, note, Initiator.Member(from.Id),
                [Key(from.Id, key, "transfer", to.Id, amount.Value, note)]));

    /// <summary>The night's job for the day that begins.</summary>
    public Task<Expired> Expire(JapanDay day) => Get<Expire>().Run(day);

    public async Task ChangeSpendingLimit(Resident who, LimitKind kind, Func<SpendingLimit, SpendingLimit> change) =>
        await Db.Transact(async tx => (await SpendingLimits.Keep(tx, change(await SpendingLimits.Find(tx.Connection!, who.Id, kind, tx))))
            .ShouldBeTrue());

    /// <summary>An operator freezes a member.</summary>
    public async Task<Restriction> Freeze(Resident who, string reason = "theft", DateTimeOffset? until = null)
    {
        var answer = await Get<Restrict>().Run(
            RestrictRequest.ByOperator(await Operator("Suzuki"), who.Id, RestrictionKind.Frozen, reason, until));
        return answer.Value ?? throw new InvalidOperationException($"{who.Name} could not be frozen: {answer.Refusal}");
    }

    // --- what is so then -----------------------------------------------------------------------------------------------------------

    public Task<WalletBalance> Wallet(Resident who) => Get<Balances>().Of(who.Payer);

    /// <summary>"money 700, prepaid 0, points 12": a wallet in one line.</summary>
    public async Task<string> Holds(Resident who)
    {
        var wallet = await Wallet(who);
        return FormattableString.Invariant($"money {wallet.Money}, prepaid {wallet.Prepaid}, points {wallet.Points}");
    }

    public Task<IReadOnlyList<HistoryItem>> History(Resident who, EntryId? before = null, int limit = 50) =>
        Get<History>().Of(who.Id, before, limit);

    /// <summary>An account's balance; accounts without a floor are summed over their stripes.</summary>
    public Task<long> Balance(Guid owner, AccountType accountType, int term = 0) => Count(
        "select cast(coalesce(sum(balance), 0) as bigint) from account where owner = @owner and account_type = @accountType and term = @term",
        new { owner, accountType = accountType.Number, term });

    public async Task<long> Count(string sql, object? with = null)
    {
        await using var connection = await Db.Connect();
        return await connection.ExecuteScalarAsync<long>(sql, with);
    }

    public Task<long> Entries(EntryKind kind) => Count("select count(*) from entry where kind = @kind", new { kind = kind.Number });

    /// <summary>Everything that always holds, looked at now.</summary>
    public Task<IReadOnlyList<string>> Complaints() => Auditor.Complaints(Db, Clock);

    public async ValueTask DisposeAsync()
    {
        await Ledger.DisposeAsync();
        var complaints = await Complaints();
        await _test.DisposeAsync();
        complaints.ShouldBeEmpty();
    }
}

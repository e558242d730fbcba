using Ensen.Access;
using Ensen.Banking;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Points;
using Ensen.Sandbox;
using Ensen.Sandbox.Gateways;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;
using Ensen.Withdrawals;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Tests.Withdrawals;

/// <summary>Members with bank accounts, and the sandbox's bank, which pays to them. At the end bank and books agree.</summary>
sealed class BankCounter : Desk
{
    readonly Programme _programme;

    BankCounter(TestDatabase test, Programme? programme)
        : base(test, programme)
    {
        _programme = programme ?? new Programme();
        Get<Withdraw>().Patience = TimeSpan.FromSeconds(60);
    }

    public static async Task<BankCounter> Open(Engine engine, Programme? programme = null)
    {
        var counter = new BankCounter(await TestDatabase.Create(engine), programme);
        await counter.LoadKeys();
        return counter;
    }

    /// <summary>A verified member with a linked account and this much.</summary>
    public async Task<MemberId> With(long money, long prepaid = 0, string name = "aoi")
    {
        var member = (await Get<CreateVerifiedMember>().Run(new CreateVerifiedMemberRequest(name, Verified: true), Ct)).Value!.Id;
        await Give(member, money, prepaid);
        return member;
    }

    public async Task Give(MemberId member, long money, long prepaid = 0)
    {
        var legs = new List<Leg>();
        if (money > 0)
            legs.Add(Leg.Of(member, AccountType.Money, money.Yen()));
        if (prepaid > 0)
            legs.Add(Leg.Of(member, AccountType.Prepaid, prepaid.Yen()));
        if (legs.Count > 0)
            await Get<GeneralLedger>().Post(new Move(Id.New(Clock), Clock.GetUtcNow(),
                [.. legs, Leg.Of(Chart.Operator, AccountType.AtmClearing, -(money + prepaid).Yen())]), Ct);
    }

    /// <param name="proof">The session that asks.</param>
    public Task<Answer<WithdrawalBegun, WithdrawRefusal>> Withdraw(
        MemberId member, long yen, string? key = null, bool verified = true, StepUpProof? proof = null, bool mustProve = false,
        BankAccountId? account = null) =>
        Get<Withdraw>().Run(new WithdrawRequest(
            new Payer(member, verified), yen.Yen(), account, proof ?? Nobody(member), mustProve,
            [Town.Key(member, key, "withdrawal", yen)]), Ct);

    /// <summary>A session that has proven nothing.</summary>
    public static StepUpProof Nobody(MemberId member) =>
        new(new Caller(new SessionId(Guid.CreateVersion7()), Subject.Member(member), member));

    public async Task<Withdrawal> Find(WithdrawalId id)
    {
        await using var connection = await Db.Connect(Ct);
        return (await OwnWithdrawals.Find(connection, id))!;
    }

    public Task FaultMode(FaultMode mode, int times = 1) => World.Moods.Set(Gateway.BankCredits, mode, times, ct: Ct);

    /// <summary>Time goes by, and all outside work that falls due is done.</summary>
    public async Task Pass(TimeSpan time, int steps = 10)
    {
        for (var i = 0; i < steps; i++)
        {
            Clock.Move(time / steps);
            await Get<Outbox>().RunDue(Ct);
        }
    }

    public Task<long> Money(MemberId member) => Sum(member, AccountType.Money);

    public Task<long> Prepaid(MemberId member) => Sum(member, AccountType.Prepaid);

    public Task<long> Suspense() => Sum(Chart.Operator, AccountType.Suspense);

    public Task<Answer<Paid, PayRefusal>> Pay(MemberId member, Payee store, long yen) => Get<Pay>().Run(new PayRequest(
        new Payer(member, true), store, yen.Yen(), PointAmount.Zero, PayWay.Tag, Initiator.Member(member),
        [Town.Key(member, null, "payment", yen)], []), Ct);

    public async Task<OperatorId> Operator(string name) => (await Get<CreateOperator>().Run(
        new CreateOperatorRequest(name, name.ToLowerInvariant(), RoleNames.All), Ct)).Value!.Account;

    /// <summary>A proof that this member's session has just given for this.</summary>
    public async Task<StepUpProof> Proof(MemberId member, StepUpPurpose purpose)
    {
        var (session, challenge, now) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Clock.GetUtcNow().ToUnixTimeMilliseconds());
        await Db.Transact(tx => Dapper.SqlMapper.ExecuteAsync(tx.Connection!,
            """
            insert into challenge (id, session, purpose, method, created_ms, expires_ms, passed_ms, on_page)
            values (@challenge, @session, @Name, 1, @now, @until, @now, @onPage)
            """, new { challenge, session, purpose.Name, now, until = now + 300_000, onPage = false }, tx), Ct);
        return new StepUpProof(new Caller(new SessionId(session), Subject.Member(member), member), new ChallengeId(challenge));
    }

    public async Task<Payee> Store() => Payee.Of((await Get<OpenStore>().Run(new OpenStoreRequest("パン工房", "パン工房"), Ct)).Value!.Store);

    /// <summary>Another node of the same installation; its ledger is closed by whoever asked for it.</summary>
    public async Task<ServiceProvider> Node()
    {
        var services = new ServiceCollection()
            .AddEnsen(Db.Catalogue, _ => Db, _programme)
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<SandboxGateways>()
            .AddSingleton(p => p.GetRequiredService<SandboxGateways>().Outside)
            .BuildServiceProvider();
        services.StartOutbox();
        await InstallationKey.Load(services, Ct);
        return services;
    }

    /// <summary>From now on mail reaches the member.</summary>
    public async Task Reaches(MemberId member)
    {
        await using var connection = await Db.Connect(Ct);
        await Dapper.SqlMapper.ExecuteAsync(connection,
            "update member set email = 'aoi@example.jp', mail_confirmed = @yes where id = @member", new { member, yes = true });
    }

    /// <summary>What members were told, the oldest first.</summary>
    public async Task<IReadOnlyList<Notice>> Told()
    {
        await using var connection = await Db.Connect(Ct);
        return [.. (await Dapper.SqlMapper.QueryAsync<string>(connection,
            "select body from outbox where kind = @Kind order by id", new { Notice.Kind })).Select(Notice.Read)];
    }

    /// <summary>What the bank has paid out is what the books say it has.</summary>
    public async Task AgreesWithBank() => (await Sum(Chart.Operator, AccountType.BankClearing)).ShouldBe(
        (await World.Bank.Credited(Ct)).Value - (await World.Bank.Debited(Ct)).Value);
}

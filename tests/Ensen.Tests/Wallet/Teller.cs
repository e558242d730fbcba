using Dapper;
using Ensen.Banking;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Sandbox.Gateways;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Gateways;
using Ensen.Tests.Support;
using Ensen.Wallet;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Tests.Wallet;

/// <summary>
/// Everything a charge needs, on a fresh database. When the test ends the books are checked: nothing may have been lost or made,
/// and the books must agree with what the outside says it gave.
/// </summary>
sealed class Teller : IAsyncDisposable
{
    readonly TestDatabase _test;
    readonly bool _owns;
    readonly ServiceProvider _services;

    Teller(TestDatabase test, HandClock clock, bool owns, Func<ExternalGateways, ExternalGateways>? disturb)
    {
        (_test, _owns, Clock) = (test, owns, clock);
        _services = new ServiceCollection()
            .AddEnsen(Db.Catalogue, _ => Db, Programme)
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton<SandboxGateways>()
            .AddSingleton<SandboxDeposit>()
            .AddSingleton(p => p.GetRequiredService<SandboxGateways>().Outside is var outside && disturb is not null ? disturb(outside)
                : outside)
            .BuildServiceProvider();
        _services.StartOutbox();
        // Where every gateway answers at once, a charge that is not done yet has met a busy machine.
        if (disturb is null)
            Charge.Patience = TimeSpan.FromSeconds(60);
    }

    public Database Db => _test.Database;
    public HandClock Clock { get; }
    public Programme Programme { get; } = new();
    public Outbox Outbox => _services.GetRequiredService<Outbox>();
    public SandboxGateways Sandbox => _services.GetRequiredService<SandboxGateways>();
    public GeneralLedger Ledger => _services.GetRequiredService<GeneralLedger>();
    public Charge Charge => _services.GetRequiredService<Charge>();
    public SandboxDeposit Deposit => _services.GetRequiredService<SandboxDeposit>();
    public MemberId Member { get; init; } = new(Guid.CreateVersion7());

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<Teller> Open(Engine engine, Func<ExternalGateways, ExternalGateways>? disturb = null)
    {
        var teller = new Teller(await TestDatabase.Create(engine), new HandClock(), owns: true, disturb);
        await InstallationKey.Load(teller._services, Ct);
        await teller.Link(teller.Member);
        return teller;
    }

    /// <summary>A bank account of the member's is linked.</summary>
    public Task Link(MemberId member) => Db.Transact(tx => BankAccounts.Insert(tx, new BankAccount(
        Id.New<BankAccountId>(Clock.Now()), member, $"acct_{member}", "Loop Line Bank", "1234", Clock.Now().ToUnixTimeMilliseconds())), Ct);

    /// <summary>The program again, after it died: nothing but the database is left.</summary>
    public Teller Restart() => new(_test, Clock, owns: false, null) { Member = Member };

    public async Task<Answer<Charged, ChargeRefusal>> Run(ChargeSource source, long yen, bool verified = true, string? key = null,
        MemberId? member = null)
    {
        if (member is { } other)
            await Link(other);
        return await Charge.Run(Request(source, yen, verified, key, member), Ct);
    }

    public ChargeRequest Request(ChargeSource source, long yen, bool verified = true, string? key = null, MemberId? member = null)
    {
        var who = member ?? Member;
        return new ChargeRequest(new Payer(who, verified), source, yen.Yen(),
            IdempotencyKey.Of(who, key ?? Guid.NewGuid().ToString(), "charge", source, yen));
    }

    public Task FaultMode(Gateway gateway, FaultMode mood, int times = 1) => Sandbox.Moods.Set(gateway, mood, times, ct: Ct);

    public async Task Pass(TimeSpan time, int steps = 10)
    {
        for (var i = 0; i < steps; i++)
        {
            Clock.Move(time / steps);
            await Outbox.RunDue(Ct);
        }
    }

    public async Task<long> Balance(AccountType accountType, Guid? owner = null)
    {
        await using var connection = await Db.Connect(Ct);
        return await connection.ExecuteScalarAsync<long>(
            "select cast(coalesce(sum(balance), 0) as bigint) from account where owner = @owner and account_type = @accountType",
            new { owner = owner ?? Member, accountType = accountType.Number });
    }

    public async Task<long> LeftToday(LimitKind kind, long perDay)
    {
        await using var connection = await Db.Connect(Ct);
        var used = await connection.ExecuteScalarAsync<long>(
            "select cast(coalesce(sum(day_used), 0) as bigint) from spending_limit where owner = @Member and kind = @kind and day = @day",
            new { Member, kind = kind.Number, day = JapanDay.Of(Clock.GetUtcNow()).Number });
        return perDay - used;
    }

    public async Task<ChargeRow> Row(ChargeId id)
    {
        await using var connection = await Db.Connect(Ct);
        return (await Charges.Find(connection, Member, id))!;
    }

    public async Task<int> Execute(string sql, object values)
    {
        await using var connection = await Db.Connect(Ct);
        return await connection.ExecuteAsync(sql, values);
    }

    /// <summary>What always holds; and, when nothing is under way, that each yen the outside gave is in the books.</summary>
    public async Task Check()
    {
        (await Auditor.Complaints(Db, Clock)).ShouldBeEmpty();
        await using var connection = await Db.Connect(CancellationToken.None);
        if (await connection.ExecuteScalarAsync<long>("select count(*) from charge where state = 1") > 0)
            return;
        (-await Balance(AccountType.BankClearing, Chart.Operator)).ShouldBe(
            (await Sandbox.Bank.Debited(CancellationToken.None)).Value, "bank");
        (-await Balance(AccountType.CardClearing, Chart.Operator)).ShouldBe(
            (await Sandbox.Card.Charged(CancellationToken.None)).Value, "card");
        (-await Balance(AccountType.AtmClearing, Chart.Operator)).ShouldBe(
            (await Sandbox.Atm.Deposited(CancellationToken.None)).Value, "ATM");
    }

    public async ValueTask DisposeAsync()
    {
        await Ledger.DisposeAsync();
        if (!_owns)
            return;
        try
        {
            await Check();
        }
        finally
        {
            await _test.DisposeAsync();
        }
    }
}

using Dapper;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Rewards;
using Ensen.Sandbox;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Gateways;
using Ensen.Tests.Support;
using Ensen.Wallet;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Tests.Rewards;

/// <summary>
/// Rewards with a partner who misbehaves when told to, on a fresh database that stands at 10 April 2026. When the test ends the books are
/// looked through.
/// </summary>
sealed class RewardDesk : IAsyncDisposable
{
    readonly TestDatabase _test;
    readonly ServiceProvider _services;

    RewardDesk(TestDatabase test)
    {
        _test = test;
        _services = new ServiceCollection()
            .AddEnsen(Db.Catalogue, _ => Db, new Programme())
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<SandboxGateways>()
            .AddSingleton(p => p.GetRequiredService<SandboxGateways>().Outside)
            .AddSingleton<CreateVerifiedMember>()
            .BuildServiceProvider();
        _services.StartOutbox();
        Get<OrderReward>().Patience = Get<CancelReward>().Patience = TimeSpan.FromSeconds(60);
    }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public HandClock Clock { get; } = new();
    public Database Db => _test.Database;
    public JapanDay Today => JapanDay.Of(Clock.GetUtcNow());
    public SandboxRewards Partner => Get<SandboxGateways>().Rewards;

    public static async Task<RewardDesk> Open(Engine engine)
    {
        var desk = new RewardDesk(await TestDatabase.Create(engine));
        await InstallationKey.Load(desk._services, Ct);
        return desk;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public Task Mood(FaultMode mode, int times = 1) => Get<SandboxGateways>().Moods.Set(Gateway.Rewards, mode, times, TimeSpan.FromMinutes(5), Ct);

    public async Task<MemberId> Member(params (Lot Lot, long Points)[] lots)
    {
        var member = (await Get<CreateVerifiedMember>().Run(new CreateVerifiedMemberRequest("Aoi", true, $"aoi-{Guid.NewGuid():N}@example.jp"))).Value!.Id;
        foreach (var (lot, points) in lots)
            await Give(lot.LegOf(member, points.Points()), Leg.Of(Chart.Operator, AccountType.PointLiability, (-points).Points()));
        return member;
    }

    public async Task Give(params Leg[] legs) =>
        (await Get<GeneralLedger>().Post(new Move(Id.New(Clock), Clock.GetUtcNow(), legs), Ct)).Accepted.ShouldBeTrue();

    public async Task<Reward> Reward(long points, long yen = 0, long stock = 10, JapanDay? useOn = null) =>
        (await Get<KeepRewards>().Make(new NewReward("環状線一日券", "Loop line day pass", points, yen, 900, stock, useOn), Ct)).Value!;

    public Task<Answer<RewardOrdered, OrderRewardRefusal>> Order(MemberId member, Reward reward, int quantity = 1, string? key = null) =>
        Get<OrderReward>().Run(new OrderRewardRequest(new Payer(member, true), reward.Id, quantity,
            IdempotencyKey.Of(member, key ?? Guid.NewGuid().ToString(), "reward", reward.Id, quantity)), Ct);

    public async Task<RewardOrderState> State(MemberId member, RewardOrderId order) =>
        (await Get<RewardOrders>().Find(member, order, Ct))!.State;

    public async Task<string> Lots(MemberId member) =>
        string.Join(", ", (await Get<PointsHeld>().Of(member, Ct)).Lots.Select(l => $"{l.Lot}: {l.Points.Value}"));

    public async Task Pass(TimeSpan time, int steps = 10)
    {
        for (var i = 0; i < steps; i++)
        {
            Clock.Move(time / steps);
            await Get<Outbox>().RunDue(Ct);
        }
    }

    public async Task<long> Count(string sql, object? with = null)
    {
        await using var connection = await Db.Connect(Ct);
        return await connection.ExecuteScalarAsync<long>(sql, with);
    }

    public async ValueTask DisposeAsync()
    {
        await Get<GeneralLedger>().DisposeAsync();
        var complaints = await Auditor.Complaints(Db, Clock);
        await _test.DisposeAsync();
        complaints.ShouldBeEmpty();
    }
}

using System.Data.Common;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Sandbox;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Members;
using Ensen.Tests.Support;
using Ensen.Web.Session;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Tests.Operations;

/// <summary>
/// A node dies at each transaction of a recovery, before its commit and after it, and whoever was at it does the same again on another
/// node: the member comes in, once, and is told each thing once.
/// </summary>
public class RecoveryCrashTests
{
    [Theory, BothEngines]
    public async Task A_node_that_dies_anywhere_leaves_a_recovery_that_goes_on(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (suzuki, ito) = (await town.Operator("Suzuki"), await town.Operator("Ito"));
        var mails = new List<Notice>();
        Catch(town.Get<Outbox>(), mails);
        var died = 0;
        for (var (n, hasDied) = (1, true); hasDied; n++)
        {
            hasDied = false;
            foreach (var isCommitted in new[] { false, true })
            {
                await using var node = new DyingNode(town, mails) { DiesAt = n, AfterCommit = isCommitted };
                await Story(town, node, $"{n}{(isCommitted ? "c" : "r")}", suzuki, ito, mails);
                hasDied |= node.HasDied;
                died += node.HasDied ? 1 : 0;
            }
        }
        died.ShouldBeGreaterThan(10, "proposed, approved, told, mailed, begun, called, used");
    }

    static async Task Story(Town town, DyingNode node, string name, OperatorId suzuki, OperatorId ito, List<Notice> mails)
    {
        var telephone = $"+8190{Random.Shared.Next(10_000_000, 99_999_999)}";
        var member = (await town.Get<CreateVerifiedMember>().Run(new CreateVerifiedMemberRequest(
            "Aoi", true, $"aoi-{name}@example.jp", telephone, PasswordHash.Make(Visitor.Password)), Ct)).Value!;
        await town.Db.Transact(tx => RecoveryCodes.Make(tx, member.Id, town.Clock.GetUtcNow()), Ct);

        await node.Step(s => s.GetRequiredService<ProposeRecovery>().Run(
            new ProposeRecoveryRequest(member.Id, RecoveryScene.Papers, suzuki), Ct));
        var id = (await Latest(town, member.Id)).Id;
        await node.Step(s => s.GetRequiredService<ApproveRecovery>().Run(new ApproveRecoveryRequest(id, ito), Ct));
        await Deliver(town);
        town.Clock.Move(TimeSpan.FromHours(24));
        await node.Step(async s =>
        {
            await s.GetRequiredService<CarryOnRecoveries>().Run(Ct);
            return true;
        });
        await Deliver(town);
        var link = mails.Single(m => m.Member == member.Id && m.What == NoticeKind.RecoveryLink).Token;
        var begun = (await node.Step(s => s.GetRequiredService<ResetPassword>().Begin(link, "Edge", Ct))).ShouldNotBeNull(name);
        var show = new SecondStepRequest(begun.Token, ProofMethod.Call, null, "192.0.2.1");
        await node.Step(s => s.GetRequiredService<SecondStep>().Run(show, Ct));
        var dial = (await town.Get<SecondStep>().Find(begun.Token, Ct))!.Call.ShouldNotBeNull(name).Asks;
        // One call, reported again where the node died: the report has its own id.
        var call = new IncomingCall(Guid.NewGuid().ToString("N"), telephone, dial);
        await node.Step(s => s.GetRequiredService<HearCall>().Run(call, Ct));
        await node.Step(s => s.GetRequiredService<SecondStep>().Run(show, Ct));
        await node.Step(s => s.GetRequiredService<ResetPassword>().Run(
            new ResetPasswordRequest(begun.Token, RecoveryScene.NewPassword, "Edge", "192.0.2.1"), Ct));

        await Deliver(town);
        (await Latest(town, member.Id)).How.ShouldBe(RecoveryEnd.Used, name);
        (await town.Get<ChangeFactors>().Read(Subject.Member(member.Id), Ct)).RecoveryCodesLeft.ShouldBe(0, name);
        (await town.Get<LowCaps>().Find(member.Id, Ct))!.Cause.ShouldBe(LowCapsCause.Recovered, name);
        (await town.Get<SignIn>().Run(new SignInRequest($"aoi-{name}@example.jp", RecoveryScene.NewPassword, "Edge", "192.0.2.1"), Ct))
            .Next.ShouldNotBeNull(name);
        mails.Where(m => m.Member == member.Id).Select(m => m.What)
            .ShouldBe([NoticeKind.RecoveryBegun, NoticeKind.RecoveryLink, NoticeKind.Recovered], name);
        (await town.Get<OperatorLog>().List(4, ct: Ct)).Count(r => r.Subject == member.Id.ToString()).ShouldBe(2, name);
    }

    static async Task Deliver(Town town)
    {
        while (await town.Get<Outbox>().RunDue(Ct) > 0) { }
    }

    static async Task<Recovery> Latest(Town town, MemberId member)
    {
        await using var connection = await town.Db.Connect(Ct);
        return (await Recoveries.LatestOf(connection, member))!;
    }

    static void Catch(Outbox outbox, List<Notice> mails) => outbox.On(Notice.Kind, (item, _) =>
    {
        mails.Add(Notice.Read(item.Body));
        return Task.FromResult(OutboxResult.Done);
    });

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A node beside the town's, on the same database. It dies once; who was at it goes on with the town's.</summary>
    sealed class DyingNode : IAsyncDisposable
    {
        readonly Town _town;
        readonly DyingDatabase _db;
        readonly ServiceProvider _services;

        public DyingNode(Town town, List<Notice> mails)
        {
            (_town, _db) = (town, new DyingDatabase(town.Db));
            _services = new ServiceCollection()
                .AddEnsen(town.Db.Catalogue, _ => _db, town.Programme)
                .AddSingleton<TimeProvider>(town.Clock)
                .AddSingleton(town.Get<ISecretProtection>())
                .AddSingleton(town.Get<RecordsKey>())
                .AddSingleton(town.Get<ITelephone>())
                .AddSingleton(town.Ledger)
                .BuildServiceProvider();
            Catch(_services.GetRequiredService<Outbox>(), mails);
        }

        public int DiesAt { init => _db.DiesAt = value; }
        public bool AfterCommit { init => _db.AfterCommit = value; }
        public bool HasDied => _db.HasDied;

        public async Task<T> Step<T>(Func<IServiceProvider, Task<T>> step)
        {
            if (!HasDied)
                try
                {
                    return await step(_services);
                }
                catch (NodeDiedException)
                {
                    // The same again, on another node.
                }
            return await step(_town.Get<IServiceProvider>());
        }

        public ValueTask DisposeAsync() => _services.DisposeAsync();
    }

    sealed class DyingDatabase(Database real) : Database(real.Catalogue)
    {
        int _transactions;

        public int DiesAt { get; set; }
        public bool AfterCommit { get; set; }
        public bool HasDied { get; private set; }

        public override Engine Engine => real.Engine;
        public override Notifications Notifications => real.Notifications;

        public override Task<DbConnection> Connect(CancellationToken ct = default) => real.Connect(ct);

        public override async Task<T> TransactOnce<T>(Func<DbTransaction, Task<T>> work, CancellationToken ct = default)
        {
            if (Interlocked.Increment(ref _transactions) != DiesAt)
                return await real.TransactOnce(work, ct);
            HasDied = true;
            await real.TransactOnce<T>(async tx =>
            {
                var done = await work(tx);
                return AfterCommit ? done : throw new NodeDiedException();
            }, ct);
            throw new NodeDiedException();
        }

        internal override Task<DateTimeOffset?> TimeOf(DbConnection connection, CancellationToken ct) => real.TimeOf(connection, ct);
        public override IAsyncDisposable RelaxDurability() => real.RelaxDurability();
        public override bool IsConflict(DbException e) => real.IsConflict(e);
        public override bool IsDuplicate(DbException e) => real.IsDuplicate(e);
        internal override Task Migrating(Func<DbConnection, Task> work, CancellationToken ct) => real.Migrating(work, ct);
        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    sealed class NodeDiedException : Exception;
}

using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Bugs;

/// <summary>
/// On PostgreSQL a writer read accounts first and its owners' turns after them, each by a look of its own. Whoever moved in between was
/// missed: the older account stood beside the newer turn, and a decision by what had been committed. Turns are read first.
/// </summary>
public class ABalanceWasReadBeforeItsTurn
{
    [Fact]
    public async Task What_is_committed_while_a_writer_reads_is_seen_by_its_decision()
    {
        await using var town = await Town.On(Engine.Postgres, writers: 1);
        var aoi = await town.Member("Aoi").With(1_000.Yen()).With(50.Points());
        long seen = 0;
        Task<Answer<Moved, MoveRefusal>>? moving = null;

        await town.Db.Transact(async tx =>
        {
            await tx.Connection!.ExecuteAsync("lock table spending_limit in access exclusive mode", transaction: tx);
            moving = town.Ledger.Post(new Move(
                Id.New(town.Clock), town.Clock.GetUtcNow(), Leg.Of(aoi.Id, AccountType.Money, (-100).Yen()), Leg.Of(
                    Chart.Operator, AccountType.Suspense, 100.Yen()))
            {
                Meanwhile = state => seen = state.Of(aoi.Id).Total(Unit.Point),
            });
            while (await town.Count("select count(*) from pg_locks where not granted and relation = 'spending_limit'::regclass") == 0)
                await Task.Delay(5, TestContext.Current.CancellationToken);
            await SpendingLimits.TakeTurn(tx, aoi.Id);
            await SetPoints(tx.Connection!, tx, 40);
        });

        (await moving!).Accepted.ShouldBeTrue();
        seen.ShouldBe(40);
        await town.Db.Transact(tx => SetPoints(tx.Connection!, tx, 50)); // As its postings say.

        Task SetPoints(DbConnection connection, DbTransaction tx, long points) => connection.ExecuteAsync(
            "update account set balance = @points where owner = @Id and account_type = 3", new { points, aoi.Id }, tx);
    }
}

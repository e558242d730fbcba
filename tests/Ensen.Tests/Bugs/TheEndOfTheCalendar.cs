using System.Globalization;
using Ensen.Codes;
using Ensen.Ledger;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Gateways;
using Ensen.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ensen.Tests.Bugs;

/// <summary>
/// The sandbox's clock could be moved beyond the last day that there is: 500, and the node did not start again on that database.
/// </summary>
public class TheEndOfTheCalendar
{
    [Theory, BothEngines]
    public async Task The_clock_is_refused_to_move_beyond_it_and_the_node_goes_on(Engine engine)
    {
        await using var town = await Town.On(engine);
        await Put(town, MovableClock.Latest.AddDays(-5));
        var clock = new MovableClock(town.Clock);
        await clock.Load(town.Db);
        var move = Clock(town, clock);

        (await move.Run(TimeSpan.FromDays(3))).Accepted.ShouldBeTrue();
        (await move.Run(TimeSpan.FromDays(3))).Refusal.ShouldBe(MoveClockRefusal.InvalidRequest);
        (await move.Run(TimeSpan.FromDays(3_660))).Refusal.ShouldBe(MoveClockRefusal.InvalidRequest);
        (await move.Run(TimeSpan.FromDays(1))).Accepted.ShouldBeTrue();

        var again = new MovableClock(town.Clock);
        await again.Load(town.Db);
        again.GetUtcNow().ShouldBe(clock.GetUtcNow());
        (await Clock(town, again).Run(TimeSpan.FromMinutes(1))).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task A_database_that_was_moved_too_far_stands_at_the_end_and_can_be_used(Engine engine)
    {
        await using var town = await Town.On(engine);
        await Put(town, MovableClock.Latest.AddYears(900));
        await town.Db.Transact(tx => Setting.Write(tx, "clock-offset-ms", "999999999999999"));
        var clock = new MovableClock(town.Clock);

        await clock.Load(town.Db);

        clock.GetUtcNow().ShouldBe(MovableClock.Latest);
        Ensen.Basics.JapanDay.Of(clock.GetUtcNow()).Next.Number.ShouldBe(90000102);
    }

    static MoveClock Clock(Town town, MovableClock clock) => new(
        town.Db, clock, new Outbox(town.Db, clock, NullLogger<Outbox>.Instance),
        new CloseDays(town.Db, new ReleasePoints(town.Db, town.Ledger, clock), new Expire(town.Db, town.Ledger, clock),
            new CloseSeals(town.Db, new RootFolder(null), clock),
            new Months(town.Db, town.Programme, clock), clock, NullLogger<CloseDays>.Instance));

    static Task Put(Town town, DateTimeOffset at) => town.Db.Transact(async tx =>
    {
        var offset = (long)(at - town.Clock.GetUtcNow()).TotalMilliseconds;
        await Setting.Write(tx, "clock-offset-ms", offset.ToString(CultureInfo.InvariantCulture));
    });
}
